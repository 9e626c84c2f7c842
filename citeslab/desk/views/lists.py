"""The list of people."""

from dataclasses import dataclass, replace
from datetime import date

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from citeslab.accounts.models import User
from citeslab.desk import forms, queries
from citeslab.desk.models import SavedFilter
from citeslab.desk.values import Question
from citeslab.network import queries as network
from citeslab.network.models import Site
from citeslab.people.models import Person

PEOPLE_ON_A_PAGE = 25


@dataclass(frozen=True)
class Asked:
    """A question, by whom, and what she may see of its answer."""

    on: date
    question: Question
    sites: list[Site]
    advisors: list[User]
    visible: QuerySet[Person]
    user: User

    def listed(self) -> QuerySet[Person]:
        return queries.listed(self.visible, self.question, on=self.on, user=self.user, sites=self.sites)


def asked_by(request, said=None) -> Asked:
    """The question of the address (or of `said`); 404 for who sees no name."""
    on = timezone.localdate()
    sites = list(Site.objects.with_names_for(request.user, on=on).order_by("sort_key", "pk"))
    if not sites:
        raise Http404
    return Asked(
        on=on,
        question=Question.of(request.GET if said is None else said),
        sites=sites,
        advisors=list(network.advisors_of(sites, on=on)),
        visible=Person.objects.visible_to(request.user, on=on),
        user=request.user,
    )


@require_safe
def people(request):
    """The people of her sites: searched, filtered, sorted, by pages; chosen for an act, when she asks to."""
    asked = asked_by(request)
    on, question = asked.on, asked.question
    found = queries.people(asked.visible, question, on=on, user=request.user, current_at=asked.sites)
    counts = queries.view_counts(found, on=on)
    # A search looks among everyone already.
    everyone = found if question.words else queries.people(asked.visible, question, on=on, user=request.user)
    counts["all"] = counts[""] if question.words else everyone.order_by().count()
    shown = (everyone if question.view == "all" else found).filter(queries.VIEWS[question.view](on))
    paginator = Paginator(queries.ordered(shown, question).values_list("pk", "rank"), PEOPLE_ON_A_PAGE)
    paginator.count = counts[question.view]  # counted once, for the chip and for the pages
    page = paginator.get_page(request.GET.get("page"))
    ranks = dict(page.object_list)
    page.object_list = queries.rows(ranks, on=on, with_advisors=len(asked.advisors) > 1)
    for person in page:
        person.rank = ranks[person.pk]
    saved = list(SavedFilter.objects.standing().visible_to(request.user, on=on).order_by("name", "pk"))
    listed = "desk/people.html#list" if request.htmx and not request.htmx.boosted else "desk/people.html"
    return TemplateResponse(
        request,
        listed,
        {
            "on": on,
            "form": forms.PeopleFilter(initial=vars(question), sites=asked.sites, advisors=asked.advisors),
            "question": question,
            "page": page,
            "views": ready_made_views(question, counts),
            "saved": saved_views(question, saved),
            "is_saved": any(one.query == question.query for one in saved),
            "kept": question.said(),
            "usual": "" if question.words else "-contact",
            "qpv_names": queries.qpv_names({person.qpv_code for person in page}),
            "is_shared_out": len(asked.advisors) > 1,
            "is_choosing": "choose" in request.GET,
        },
    )


def ready_made_views(question: Question, counts: dict) -> list[dict]:
    """The chips above the list, each with its count under the other filters."""
    labels = {
        "": _("Current"),
        "silent": _("Silent"),
        "to-check": _("Address to check"),
        "left": _("Have left"),
        "all": _("Everyone since the start"),
    }
    return [
        {
            "label": label,
            "url": f"?{replace(question, view=view).query}",
            "current": question.view == view,
            "count": counts[view],
        }
        for view, label in labels.items()
    ]


def saved_views(question: Question, saved) -> list[dict]:
    return [{"label": one.name, "url": f"?{one.query}", "current": one.query == question.query} for one in saved]
