"""Caseloads handed over by a coordinator, and given back."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.core.values import whole_number
from citeslab.desk import forms
from citeslab.desk.queries import handovers as queries
from citeslab.desk.services import handovers as services
from citeslab.network.enums import HandoverReason
from citeslab.network.services import BeganThatDay
from citeslab.people.services import NotAnAdvisorThere

REFUSALS = (
    services.NobodyTakesIt,
    services.CaseloadMoved,
    services.GoneAlready,
    BeganThatDay,
    NotAnAdvisorThere,
)


def coordinated_or_404(request):
    sites = queries.sites_coordinated_by(request.user, on=timezone.localdate())
    if not sites:
        raise Http404
    return sites


@require_safe
def handovers(request):
    """The caseloads of her sites, and who is away."""
    sites, on = coordinated_or_404(request), timezone.localdate()
    return TemplateResponse(
        request,
        "desk/handovers/list.html",
        {"caseloads": queries.caseloads(sites, on=on), "absences": queries.absences(sites), "on": on},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def handover(request, pk):
    """Who goes, to whom: first what it would do, then the act."""
    sites, on = coordinated_or_404(request), timezone.localdate()
    mandate = get_object_or_404(queries.caseloads(sites, on=on), pk=pk)
    takers = queries.takers(sites, mandate, on=on)
    said = request.POST or request.GET
    usual = {"since": on, "reason": HandoverReason.LEAVES, "to": [str(takers[0].pk)] if len(takers) == 1 else []}
    form = forms.Handover(said or None, takers=takers, initial=usual)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = perform(request, mandate, form)
        except REFUSALS as refused:
            refusal = str(refused)
        else:
            return done(request, made, mandate)
    plan = None
    if said and form.is_valid():
        answers = form.cleaned_data
        plan = queries.sharing(mandate, to=answers["takers"], rule=answers["rule"], since=answers["since"])
    return TemplateResponse(
        request,
        "desk/handovers/handover.html",
        {"mandate": mandate, "form": form, "plan": plan, "takers": takers, "refusal": refusal, "kept": kept(form)},
        status=422 if refusal or form.errors else 200,
    )


def perform(request, mandate, form):
    answers, seen = form.cleaned_data, whole_number(request.POST.get("seen", ""))
    return services.hand_over(
        mandate=mandate,
        since=answers["since"],
        reason=HandoverReason(answers["reason"]),
        returns_on=answers["returns_on"],
        to=answers["takers"],
        rule=answers["rule"],
        seen=-1 if seen is None else seen,
        by=request.user,
        at=timezone.now(),
    )


def done(request, made, mandate):
    said = ngettext(
        "%(count)s person of %(name)s has a new advisor.", "%(count)s people of %(name)s have a new advisor.",
        made.people_count,
    )  # fmt: skip
    messages.success(request, said % {"count": made.people_count, "name": mandate.user.name})
    return redirect("desk:handovers")


def kept(form) -> list[tuple[str, str]]:
    """The answers again, for the button that confirms them."""
    if not form.is_bound:
        return []
    return [(name, value) for name in form.fields for value in form.data.getlist(name)]


@require_POST
def handover_return(request, pk):
    """She is back from today."""
    sites = coordinated_or_404(request)
    found = get_object_or_404(queries.absences(sites), pk=pk)
    try:
        count = services.give_back(handover=found, on=timezone.localdate(), by=request.user, at=timezone.now())
    except (services.NotAway, services.NotGoneYet) as refusal:
        messages.error(request, str(refusal))
    else:
        said = ngettext(
            "%(name)s is back, and follows %(count)s person again.",
            "%(name)s is back, and follows %(count)s people again.",
            count,
        )
        messages.success(request, said % {"count": count, "name": found.mandate.user.name})
    return redirect("desk:handovers")
