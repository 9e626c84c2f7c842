"""Doors of the advisor: refer someone, follow what was sent, take it back."""

import json

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.audit import services as audit
from citeslab.core.values import digest_of, new_secret
from citeslab.network.models import Site
from citeslab.partners import queries as directory
from citeslab.partners.enums import Purpose
from citeslab.people.models import Person
from citeslab.referrals import forms, queries, services
from citeslab.referrals.enums import SheetField
from citeslab.referrals.models import PROGRESS, UNDERWAY, Answer, Referral
from citeslab.referrals.templatetags.referrals import in_words

ON_A_PAGE = 25


def visible(request):
    return queries.with_names(Referral.objects.visible_to(request.user, on=timezone.localdate())).with_state()


@require_safe
def referrals(request):
    """The referrals of her sites: who waits, who answered, what is late."""
    at = timezone.now()
    on = timezone.localdate(at)
    sites = Site.objects.with_names_for(request.user, on=on).order_by("sort_key")
    if not sites:
        raise Http404
    form = forms.ReferralsFilter(request.GET, sites=sites)
    form.is_valid()
    asked = form.cleaned_data
    found = queries.search(
        visible(request),
        words=asked.get("words", ""),
        purpose=asked.get("purpose", ""),
        site=asked["site"].code if asked.get("site") else "",
    )
    view = asked.get("view", "") if asked.get("view") in queries.VIEWS else ""
    counts = queries.view_counts(found, at=at)
    shown = queries.of_view(found, view, at=at).with_days()
    paginator = Paginator(shown.order_by("-sent_at", "-pk"), ON_A_PAGE)
    paginator.count = counts[view]
    return TemplateResponse(
        request,
        "referrals/referrals.html",
        {
            "on": on,
            "form": form,
            "page": paginator.get_page(request.GET.get("page")),
            "views": chips(request, counts, view),
            "is_narrowed": bool(view or asked.get("words") or asked.get("purpose")),
        },
    )


def chips(request, counts, current):
    labels = {
        "": _("All"),
        "waiting": _("Waiting for an answer"),
        "late": _("Late"),
        "underway": _("Accepted, underway"),
        "answered": _("Answered"),
        "closed": _("Closed"),
    }
    kept = request.GET.copy()
    kept.pop("page", None)
    made = []
    for view, label in labels.items():
        kept["view"] = view
        made.append({"label": label, "url": f"?{kept.urlencode()}", "current": view == current, "count": counts[view]})
    return made


@require_http_methods(["GET", "HEAD", "POST"])
def sending(request, person_pk):
    """Refer someone: for what, to whom, with which fields; then exactly what leaves, and her agreement."""
    at = timezone.now()
    on = timezone.localdate(at)
    person = get_object_or_404(Person.objects.visible_to(request.user, on=on).select_related("site"), pk=person_pk)
    purpose = request.POST.get("purpose") or request.GET.get("pour", "")
    purpose = purpose if purpose in Purpose else ""
    projects = person.projects.order_by("-started_on", "-pk")
    whole = services.sheet_now(person=person, project=projects.first(), fields=list(SheetField), on=on)
    form = forms.Sending(
        request.POST or None,
        contacts=directory.contacts_near(person.site, purpose=purpose),
        projects=projects,
        sheet=[(code, in_words(SheetField(code), value)) for code, value in whole.items()],
        initial={"form_key": new_secret(), "project": projects.first(), "fields_agreed": [SheetField.NAME]},
    )
    context = {
        "person": person,
        "purpose": purpose,
        "purposes": purposes(purpose),
        "form": form,
        "where": person.site.name,
    }
    if request.method == "POST" and purpose and form.is_valid() and request.POST.get("act") != "change":
        return previewed(request, person, purpose, form, at, context)
    audit.record("people.person.read", person, by=request.user, at=at)  # the page shows what her file says
    status = 422 if form.errors else 200
    return TemplateResponse(request, "referrals/sending.html", context, status=status)


def purposes(current):
    return [
        {"label": str(label).capitalize(), "url": f"?pour={code}", "current": code == current}
        for code, label in Purpose.choices
    ]


def previewed(request, person, purpose, form, at, context):
    """The sheet as the partner will see it; with her agreement, it leaves."""
    chosen = form.cleaned_data
    project = chosen.get("project")
    sheet = services.sheet_now(
        person=person, project=project, fields=chosen["fields_agreed"], on=timezone.localdate(at)
    )
    is_sent = request.POST.get("act") == "send"
    agreement = forms.Agreement(
        request.POST if is_sent else None, today=timezone.localdate(at), initial={"agreed_on": timezone.localdate(at)}
    )
    refusal = ""
    if is_sent and request.POST.get("seen") != seal(sheet):
        refusal = str(services.SheetChanged())
    elif is_sent and agreement.is_valid():
        try:
            sent = services.send(
                person=person,
                project=project,
                contact=chosen["contact"],
                purpose=Purpose(purpose),
                message=chosen["message"],
                fields=[SheetField(field) for field in chosen["fields_agreed"]],
                manner=agreement.cleaned_data["manner"],
                agreed_on=agreement.cleaned_data["agreed_on"],
                previewed=sheet,
                form_key=chosen["form_key"],
                by=request.user,
                at=at,
            )
        except (services.AlreadySent, services.ContactRetired, services.SheetChanged) as why:
            refusal = str(why)
        else:
            messages.success(request, _("The referral has left. You will be told as soon as it is answered."))
            return redirect("referrals:referral", sent.pk)
    context |= {
        "agreement": agreement,
        "sheet": sheet,
        "seen": seal(sheet),
        "contact": chosen["contact"],
        "message": chosen["message"],
        "purpose_name": Purpose(purpose).label,
        "refusal": refusal,
    }
    status = 422 if refusal or agreement.errors else 200
    return TemplateResponse(request, "referrals/preview.html", context, status=status)


def seal(sheet):
    """What the preview showed, in a form that says nothing."""
    return digest_of(json.dumps(sheet, sort_keys=True))


@require_safe
def referral(request, pk):
    """One referral: its way, what left, what both sides wrote. The read is journaled on the person's file."""
    found = get_object_or_404(visible(request).with_days().select_related("consent", "sent_by"), pk=pk)
    audit.record("referrals.referral.read", found.person, by=request.user, at=timezone.now(), referral_id=found.pk)
    return shown(request, found)


def shown(request, found, *, refusal="", failed=None, status=200):
    history = queries.history(found)
    last = next((one for one in reversed(history) if one.withdrawn_at is None), None)
    return TemplateResponse(
        request,
        "referrals/referral.html",
        {
            "on": timezone.localdate(),
            "referral": found,
            "history": history,
            "replies": forms.replies_to(found.state, today=timezone.localdate(), failed=failed),
            "failed": failed,
            "may_take_back": last is not None and last.kind in PROGRESS and last.contact_id is None,
            "links": found.links.order_by("pk"),
            "is_underway": found.state in UNDERWAY,
            "is_open": found.open_until > timezone.now(),
            "refusal": refusal,
            "where": found.person.site.name,
        },
        status=status,
    )


def acted(request, pk, act, said):
    """Do one act on a referral, and say it; or say why not."""
    found = get_object_or_404(visible(request).with_days().select_related("consent", "sent_by"), pk=pk)
    try:
        act(referral=found, by=request.user, at=timezone.now())
    except (services.NotPossible, services.ContactRetired) as refusal:
        return shown(request, found, refusal=str(refusal), status=422)
    messages.success(request, said)
    return redirect("referrals:referral", pk)


@require_POST
def resending(request, pk):
    return acted(request, pk, services.resend, _("A new link has left; the former ones open nothing now."))


@require_POST
def withdrawal(request, pk):
    return acted(request, pk, services.withdraw, _("The referral is withdrawn, and the partner is told."))


@require_POST
def revocation(request, pk):
    return acted(request, pk, services.revoke_consent, _("Her agreement is taken back: the sheet is closed."))


@require_POST
def noting(request, pk):
    """Write what the partner told her, by phone or in passing."""
    found = get_object_or_404(visible(request).with_days().select_related("consent", "sent_by"), pk=pk)
    kind = request.POST.get("kind", "")
    if kind not in forms.REPLIES:
        return shown(request, found, refusal=str(services.NotPossible()), status=422)
    form = forms.REPLIES[kind](request.POST, prefix=kind.lower())
    if not form.is_valid():
        return shown(request, found, failed=form, status=422)
    try:
        services.note_by_phone(referral=found, by=request.user, at=timezone.now(), **form.said())
    except services.REFUSALS as refusal:
        form.show(refusal)
        return shown(request, found, failed=form, status=422)
    messages.success(request, _("The partner's answer is noted."))
    return redirect("referrals:referral", pk)


@require_POST
def taking_back(request, pk):
    return acted(request, pk, services.take_back_noted, _("What you noted is taken back."))


@require_safe
def delays(request):
    """How long partners take to answer, by network."""
    if not Site.objects.keys_with_names_for(request.user, on=timezone.localdate()):
        raise Http404
    since = timezone.now() - queries.DELAYS_OVER
    sent = Referral.objects.visible_to(request.user, on=timezone.localdate()).filter(sent_at__gte=since)
    return TemplateResponse(request, "referrals/delays.html", {"delays": queries.delays(sent)})


@require_POST
def undoing(request, pk, answer_pk):
    """Withdraw the step that an answer made on her pathway."""
    found = get_object_or_404(visible(request), pk=pk)
    services.undo_move(
        answer=get_object_or_404(Answer.objects.filter(referral=found), pk=answer_pk),
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("The step is withdrawn; the partner's answer stays."))
    return redirect("referrals:referral", pk)
