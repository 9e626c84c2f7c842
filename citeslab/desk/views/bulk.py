"""One act for many people: who would change, the act, and its undoing."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.core.values import whole_number
from citeslab.desk import forms
from citeslab.desk.enums import Kind
from citeslab.desk.models import BulkAct
from citeslab.desk.queries import bulk as queries
from citeslab.desk.services import bulk as services
from citeslab.desk.views.lists import Asked, asked_by
from citeslab.people.models import Person
from citeslab.people.services import NotAnAdvisorThere

MOST_TICKED = 500
NAMES_SHOWN = 60
FORMS = {Kind.ASSIGN: forms.AssignmentOf, Kind.CLOSE: forms.Closing}


def chosen(asked: Asked, said):
    """The people ticked, or all of the list; only those she may see."""
    if said.get("everyone"):
        keys = list(asked.listed().values_list("pk", flat=True))
    else:
        ticked = map(whole_number, said.getlist("person")[:MOST_TICKED])
        keys = [key for key in ticked if key is not None]
    return asked.visible.filter(pk__in=keys)


@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request):
    """Who an act would change, exactly, and the act."""
    said = request.POST if request.method == "POST" else request.GET
    asked = asked_by(request, said)
    if said.get("act") not in FORMS:
        raise Http404
    kind = Kind(said["act"])
    people = chosen(asked, said)
    usual = {"on": asked.on.isoformat(), "to": str(request.user.pk), "act": kind}
    given = said.copy()
    for name, value in usual.items():
        given.setdefault(name, value)
    form = FORMS[kind](given, advisors=asked.advisors, today=asked.on)
    if "to" not in said and kind == Kind.ASSIGN and given["to"] not in form.by_key:
        given["to"] = next(iter(form.by_key), "")
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            act = perform(request, kind, people, asked, form)
        except (services.NobodyChanges, services.NotAsSeen, NotAnAdvisorThere) as refused:
            refusal = str(refused)
        else:
            return redirect("desk:bulk_act", act.pk)
    return preview(request, kind, people, asked, form, refusal)


def perform(request, kind: Kind, people, asked: Asked, form) -> BulkAct:
    seen = whole_number(request.POST.get("seen", ""))
    common = {
        "chosen": people,
        "seen": -1 if seen is None else seen,
        "question": asked.question,
        "on": form.cleaned_data["on"],
        "by": request.user,
        "at": timezone.now(),
    }
    if kind == Kind.CLOSE:
        return services.close(**common)
    return services.assign(advisor=form.by_key[form.cleaned_data["to"]], **common)


def preview(request, kind: Kind, people, asked: Asked, form, refusal: str):
    plan = advisor = None
    if form.is_valid():
        on = form.cleaned_data["on"]
        if kind == Kind.ASSIGN:
            advisor = form.by_key[form.cleaned_data["to"]]
            plan = queries.assignment(people, advisor=advisor, on=on)
        else:
            plan = queries.closing(people, on=on)
    return TemplateResponse(
        request,
        "desk/people/bulk.html",
        {
            "kind": kind,
            "form": form,
            "advisor": advisor,
            "plan": plan,
            "names": named(plan.changed[:NAMES_SHOWN]) if plan else [],
            "more": max(0, len(plan.changed) - NAMES_SHOWN) if plan else 0,
            "left_out": left_out(kind, plan, advisor) if plan else [],
            "everyone": bool(request.GET.get("everyone") or request.POST.get("everyone")),
            "ticked": [] if "everyone" in (request.POST or request.GET) else [person.pk for person in people],
            "question": asked.question,
            "kept": asked.question.said(),
            "refusal": refusal,
        },
        status=422 if refusal or form.errors else 200,
    )


def named(keys: list[int]) -> list[Person]:
    found = Person.objects.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def left_out(kind: Kind, plan: queries.Plan, advisor) -> list[dict]:
    """A sentence for each reason, with some of the names."""
    reasons = {
        (Kind.ASSIGN, "already"): _("followed by her already"),
        (Kind.ASSIGN, "elsewhere"): _("of a site that this advisor has no access to"),
        (Kind.CLOSE, "already"): _("left already"),
        (Kind.CLOSE, "later"): _("with a step dated after that day"),
    }
    return [
        {"why": reasons[kind, code], "count": len(keys), "names": named(keys[:5]), "more": len(keys) - 5}
        for code, keys in plan.left_out.items()
        if keys
    ]


def hers_or_404(request, pk) -> BulkAct:
    asked_by(request)
    return get_object_or_404(BulkAct.objects.select_related("advisor"), pk=pk, user=request.user)


@require_safe
def bulk_act(request, pk):
    """What was done, and until when it can be undone."""
    act = hers_or_404(request, pk)
    left = named([row[0] for row in act.done][:NAMES_SHOWN]) if act.undone_at else []
    visible = Person.objects.visible_to(request.user, on=timezone.localdate())
    seen = set(visible.filter(pk__in=[person.pk for person in left]).values_list("pk", flat=True))
    return TemplateResponse(
        request,
        "desk/people/bulk_act.html",
        {
            "act": act,
            "may_undo": not act.undone_at and timezone.now() <= act.until and bool(act.done),
            "left": [person for person in left if person.pk in seen],
        },
    )


@require_POST
def bulk_undoing(request, pk):
    act = hers_or_404(request, pk)
    try:
        undone = services.undo(act=act, on=timezone.localdate(), by=request.user, at=timezone.now())
    except services.TooLateToUndo as refusal:
        messages.error(request, str(refusal))
    else:
        back = len(undone.back)
        said = ngettext("%(count)s person is as before.", "%(count)s people are as before.", back)
        messages.success(request, said % {"count": back})
    return redirect("desk:bulk_act", pk)
