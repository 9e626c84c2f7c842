"""Home, and a person's page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from citeslab.agenda import queries as agenda
from citeslab.animation import queries as animation
from citeslab.audit import services as audit
from citeslab.desk import charts, forms, queries
from citeslab.desk.values import Question
from citeslab.desk.views import network
from citeslab.duplicates import queries as duplicates
from citeslab.duplicates.models import JoinRequest
from citeslab.figures import queries as figures
from citeslab.followup import queries as followup
from citeslab.followup.models import Transition
from citeslab.network import rules
from citeslab.network.models import Site
from citeslab.people import queries as people_queries
from citeslab.people import services as people_services
from citeslab.people.models import Person
from citeslab.referrals import queries as referrals
from citeslab.rights import queries as rights
from citeslab.ui.values import number
from citeslab.workshops import queries as workshops
from citeslab.workshops.models import Workshop

LINES_ON_HOME = 5
NAMES_AT_LEISURE = 3
PEOPLE_TO_CHOOSE = 8


@login_required(login_url="website:home", redirect_field_name=None)
@require_safe
def home(request):
    """The day of who sees names; the network of who sees none. Who is not signed in is led to the public home."""
    on = timezone.localdate()
    sites = list(Site.objects.with_names_for(request.user, on=on).order_by("sort_key"))
    if sites:
        return today(request, sites, on)
    if rules.may_see_network(request.user, on=on):
        return network.home(request, on)
    return TemplateResponse(request, "desk/no_mandate.html")


def today(request, sites, on):
    """What waits, and the year's figures of her site."""
    visible = Person.objects.visible_to(request.user, on=on)
    # Those met lately come first: most files are history, and cost ten times as much to look through.
    met = visible.filter(pk__in=queries.met_lately(on, sites).values("person"))
    people = queries.with_story_heads(met, on=on)
    silent = people.filter(queries.silent(on)).order_by("-last_contact_on", "pk").values_list("pk", flat=True)
    latest = list(last_met(people)) or list(last_met(queries.with_story_heads(visible, on=on)))
    # Some dozens of rows at most: fetched whole, they are counted for nothing.
    silent, to_check = list(silent), list(queries.to_check(visible, on=on, sites=sites))
    shown = queries.rows([*silent[:NAMES_AT_LEISURE], *latest], on=on)
    follow_up = followup.waiting(sites, on, lines=LINES_ON_HOME)
    partners = referrals.home(sites, on=on)
    asked = list(rights.requests_waiting(visible))
    contacts, contacts_count = agenda.contacts_waiting(request.user, on=on, lines=LINES_ON_HOME)
    return TemplateResponse(
        request,
        "desk/today.html",
        {
            "on": on,
            "agenda": agenda.today(request.user, on=on, at=timezone.now()),
            "sites": sites,
            "silent": shown[: len(shown) - len(latest)],
            "silent_count": len(silent),
            "to_check": to_check[:NAMES_AT_LEISURE],
            "to_check_count": len(to_check),
            "waiting_count": contacts_count + len(partners.answered) + follow_up["next_steps_count"] + len(asked),
            "contacts": contacts,
            "contacts_count": contacts_count,
            "later": at_leisure(request.user, visible, follow_up, partners, on=on),
            **follow_up,
            "qpv_names": queries.qpv_names({answer.qpv_code for answer in to_check[:NAMES_AT_LEISURE]}),
            "latest": shown[len(shown) - len(latest) :],
            "rights_requests": asked[:LINES_ON_HOME],
            "figures": figures.cached_figures_of_year(year=on.year, site=sites[0]),
            "referrals": partners,
            "network_life": animation.today(request.user, on=on),
        },
    )


def last_met(people):
    met = people.exclude(last_contact_on=None).order_by("-last_contact_on", "-pk")
    return met.values_list("pk", flat=True)[:LINES_ON_HOME]


def at_leisure(user, visible, follow_up, partners, *, on) -> list[dict]:
    """What may wait for a quiet hour, a line each: how many, and where they are settled."""
    questions = JoinRequest.objects.open().visible_to(user, on=on).count()
    closings = rights.closings_count(visible, on=on)
    actions = Workshop.objects.visible_to(user, on=on)
    to_close = workshops.to_close(actions, on=on).count()
    to_call = workshops.calls_to_make(actions, on=on).count()
    lines = [
        (
            to_call,
            "phone",
            ngettext("%(count)s person to call about an action", "%(count)s people to call about an action", to_call),
            _("Call them"),
            reverse("workshops:workshops"),
        ),
        (
            to_close,
            "board",
            ngettext("%(count)s action to close", "%(count)s actions to close", to_close),
            _("Say whether they were held"),
            reverse("workshops:workshops"),
        ),
        (
            partners.waiting_count,
            "refer",
            ngettext(
                "%(count)s partner has not answered yet",
                "%(count)s partners have not answered yet",
                partners.waiting_count,
            ),
            _("See where they are"),
            f"{reverse('referrals:referrals')}?view=waiting",
        ),
        (
            follow_up["later_news_count"],
            "talk",
            ngettext(
                "%(count)s person to ask for news", "%(count)s people to ask for news", follow_up["later_news_count"]
            ),
            _("Ask them"),
            reverse("followup:later"),
        ),
        (
            follow_up["proposals_count"],
            "leave",
            ngettext(
                "%(count)s person without a contact for six months",
                "%(count)s people without a contact for six months",
                follow_up["proposals_count"],
            ),
            _("Close, or still with us?"),
            reverse("followup:silences"),
        ),
        (
            closings,
            "shield",
            ngettext("%(count)s file about to be anonymised", "%(count)s files about to be anonymised", closings),
            _("See who"),
            reverse("rights:waiting"),
        ),
        (
            questions,
            "merge",
            ngettext("%(count)s question between two sites", "%(count)s questions between two sites", questions),
            _("Answer"),
            reverse("duplicates:likenesses"),
        ),
    ]
    return [
        {"icon": icon, "said": said % {"count": number(count)}, "verb": verb, "url": url}
        for count, icon, said, verb, url in lines
        if count
    ]


@require_safe
def write(request):
    """The round +: whose note? Those met lately, or a name looked for."""
    on = timezone.localdate()
    sites = list(Site.objects.with_names_for(request.user, on=on))
    if not sites:
        raise Http404
    question = Question(words=request.GET.get("words", "")[:100])
    visible = Person.objects.visible_to(request.user, on=on)
    found = queries.listed(visible, question, on=on, user=request.user, sites=sites)
    page = {"on": on, "words": question.words, "people": found[:PEOPLE_TO_CHOOSE]}
    return TemplateResponse(request, "desk/write.html#list" if request.htmx else "desk/write.html", page)


@require_safe
def person(request, pk):
    """A person: where she is on her path, and her story in order. The read is journaled."""
    on = timezone.localdate()
    if heir := duplicates.heir(pk, request.user, on=on):
        return redirect("desk:person", heir)
    seen = get_object_or_404(
        queries.with_story_heads(Person.objects.visible_to(request.user, on=on), on=on).select_related("site"),
        pk=pk,
    )
    timezone.activate(seen.site.zone)
    audit.record("people.person.read", seen, by=request.user, at=timezone.now())
    steps = list(Transition.objects.standing().filter(person=seen).select_related("project").in_order())
    pathway = queries.furthest_pathway(steps)
    sent = referrals.of_person(seen)
    return TemplateResponse(
        request,
        "desk/person.html",
        {
            "on": on,
            "person": seen,
            "agenda": agenda.coming(seen, at=timezone.now()),
            "twin": duplicates.likely_twin(seen, request.user, on=on),
            "home": people_queries.home_of(seen, visible=Person.objects.visible_to(request.user, on=on), on=on),
            "projects": seen.projects.order_by("-started_on", "pk"),
            "sprout": charts.sprout(pathway),
            "exit": pathway[-1] if pathway and pathway[-1].stage == "SORT" else None,
            "story": queries.story(seen, steps),
            "referrals": sent,
            "confirmed_by": referrals.confirmations(seen) if sent else {},
            **followup.file_of(seen),
            "rights": rights.card(seen, on=on),
            "where": seen.site.name,
        },
    )


@require_http_methods(["GET", "POST"])
def elsewhere(request):
    """Open for a day the file of somebody whom another site accompanies, with a reason that is read there."""
    if not Site.objects.with_names_for(request.user, on=timezone.localdate()).exists():
        raise Http404
    form = forms.OpenElsewhere(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            opening = people_services.open_elsewhere(**form.cleaned_data, by=request.user, at=timezone.now())
        except people_services.TooManyTries as refusal:
            form.add_error(None, str(refusal))
        else:
            if opening:
                messages.success(request, _("The file is open for 24 hours. Its site has been told."))
                return redirect("desk:person", opening.person_id)
            form.add_error(
                None,
                _("Nothing could be opened with this identity. Check the names and the date, or record a new person."),
            )
    return TemplateResponse(request, "desk/elsewhere.html", {"form": form}, status=422 if form.errors else 200)
