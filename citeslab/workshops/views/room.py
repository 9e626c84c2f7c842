"""Doors of the room, for who leads the action: its code, the list that works without network, acts told by phones."""

import uuid
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from citeslab.audit import services as audit
from citeslab.core.values import whole_number
from citeslab.people.models import Person
from citeslab.workshops import exports, forms, queries, rules, services
from citeslab.workshops.enums import THERE, Channel, End, How, Kind, State
from citeslab.workshops.models import Registration, Workshop
from citeslab.workshops.readers import acts as readers

CODES = 20  # ten minutes of them
KEPT = "Citeslab-Keep"  # tells the worker that it may keep this page: for whom, until which day, what our clock says


def visible(request):
    return Workshop.objects.visible_to(request.user, on=timezone.localdate())


def in_room(request, pk, session_pk):
    """A half-day whose people sign by name."""
    found = get_object_or_404(visible(request).exclude(kind=Kind.SCHOOL).select_related("site"), pk=pk)
    timezone.activate(found.site.zone)
    return found, get_object_or_404(found.sessions.select_related("workshop"), pk=session_pk)


@require_safe
def room(request, pk, session_pk):
    """The code of the room, large, for a projector or a phone held up."""
    found, session = in_room(request, pk, session_pk)
    if found.cancelled_at:
        messages.warning(request, _("This action is called off: it has no code."))
        return redirect("workshops:workshop", found.pk)
    at = timezone.now()
    (code,) = exports.codes(session, at=at, many=1)
    return TemplateResponse(
        request,
        "workshops/room.html",
        {
            "workshop": found,
            "session": session,
            "code": code,
            "changes": rules.CODE_CHANGES,
            "present": queries.present(session),
        },
    )


@require_safe
def codes(request, pk, session_pk):
    """The codes of the next minutes (`?codes=0`: none), and how many are there."""
    found, session = in_room(request, pk, session_pk)
    at = timezone.now()
    many = 0 if request.GET.get("codes") == "0" or found.cancelled_at else CODES
    return JsonResponse({"codes": exports.codes(session, at=at, many=many), "present": queries.present(session)})


@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request, pk):
    """The list for one thumb. A phone keeps this page, and tells its acts to `acts`; without script, forms do."""
    found = get_object_or_404(queries.with_counts(visible(request)).select_related("site"), pk=pk)
    timezone.activate(found.site.zone)
    at = timezone.now()
    guest = forms.AdvisorsGuest(initial={"key": uuid.uuid4()})
    if request.method == "POST":
        if request.POST.get("act") == "walk_in":
            guest = forms.AdvisorsGuest(request.POST)
            if guest.is_valid() and walked_in(request, found, guest, at):
                return redirect(request.get_full_path())
        else:
            return marked(request, found, at)
    audit.record("workshops.workshop.read", found, by=request.user, at=at)
    sessions = list(found.sessions.all())
    chosen = {str(session.pk): session for session in sessions}.get(request.GET.get("demi-journee", ""))
    counted = {(row.sex, row.age_band): row.heads for row in found.head_counts.standing()}
    names = Person.objects.visible_to(request.user, on=timezone.localdate(at))
    data = queries.in_hand(found, names, at=at)
    session = chosen or queries.session_now(sessions, at=at)
    marks = {(of, who): state for of, who, state, _told in data["marks"]}
    signed = {who for of, who in data["signed"] if session and of == session.pk}
    response = TemplateResponse(
        request,
        "workshops/list.html",
        {
            "workshop": found,
            "sessions": sessions,
            "session": session,
            "data": data,
            "rows": [
                one | {"state": marks.get((session.pk, one["pk"])), "signed": one["pk"] in signed}
                for one in data["people"]
            ]
            if session
            else [],
            "present": sum(state in THERE for (of, _who), state in marks.items() if session and of == session.pk),
            "states": State,
            "how": How.PAPER if "papier" in request.GET else How.LIST,
            "has_names": found.kind != Kind.SCHOOL,
            "new_key": uuid.uuid4,
            "heads": forms.Heads(counted=counted),
            "guest": guest,
            "until": queries.is_kept_until(found, sessions),
        },
        status=422 if guest.errors else 200,
    )
    if not guest.errors:
        until = queries.is_kept_until(found, sessions)
        response[KEPT] = f"{request.user.pk} {until.isoformat()} {at.isoformat()}"
    return response


def walked_in(request, found, guest, at) -> bool:
    try:
        made = services.register(
            workshop=found,
            who=guest.who(),
            channel=Channel.WALK_IN,
            key=guest.cleaned_data["key"],
            by=request.user,
            at=at,
        )
    except (services.CalledOff, services.NoNames) as refusal:
        guest.add_error(None, str(refusal))
        return False
    messages.success(
        request,
        _("%(name)s is registered, with the number %(number)s.") % {"name": made.name, "number": made.number},
    )
    return True


def marked(request, found, at):
    form = forms.ListMark(request.POST)
    if not form.is_valid():
        messages.warning(request, _("This mark could not be read. Tap again."))
        return redirect(request.get_full_path())
    asked = form.cleaned_data
    hers = Registration.objects.standing().filter(workshop=found).select_related("person")
    try:
        services.mark(
            session=get_object_or_404(found.sessions, pk=asked["session"]),
            registration=get_object_or_404(hers, pk=asked["registration"]),
            state=State(asked["state"]),
            key=asked["key"],
            told_at=asked["told_at"] or at,
            how=How(asked["how"]),
            by=request.user,
            at=at,
        )
    except (services.OffProgramme, services.Forgotten) as refusal:
        messages.warning(request, str(refusal))
    return redirect(request.get_full_path())


@transaction.non_atomic_requests
@require_http_methods(["GET", "HEAD", "POST"])
def acts(request, pk):
    """What a phone tells, and what the list says now. `?apres=`: names of who came on it since that registration."""
    found = get_object_or_404(visible(request), pk=pk)
    at = timezone.now()
    results = []
    if request.method == "POST":
        try:
            batch = readers.batch(body_of(request))
        except readers.NotActs as problem:
            return JsonResponse({"said": str(problem)}, status=422)
        if batch.workshop not in {None, found.pk}:
            return JsonResponse({"said": _("These acts were told of another action.")}, status=422)
        results = services.receive(
            workshop=found, acts=batch.acts, sent_at=batch.sent_at, device=batch.device, by=request.user, at=at
        )
    data = queries.in_hand(
        found,
        Person.objects.visible_to(request.user, on=timezone.localdate(at)),
        after=whole_number(request.GET.get("apres", "")) or 0,
        at=at,
    )
    if data["people"]:
        audit.record("workshops.workshop.read", found, by=request.user, at=at)
    return JsonResponse({"results": [vars(one) for one in results], "list": data})


def body_of(request) -> bytes:
    said = request.META.get("CONTENT_LENGTH") or "0"
    if said.isdecimal() and int(said) > readers.MOST_BYTES:
        raise readers.NotActs(_("This is too much at once: one megabyte at most."))
    return request.body


@transaction.non_atomic_requests
@require_http_methods(["GET", "HEAD", "POST"])
def acts_file(request, pk):
    """Acts that another phone saved to a file: looked at first, then taken in. As often as one likes."""
    found = get_object_or_404(visible(request).select_related("site"), pk=pk)
    at = timezone.now()
    shown = {"workshop": found, "form": forms.ActsFile()}
    if request.method != "POST":
        return TemplateResponse(request, "workshops/file.html", shown)
    is_looked_at = "content" in request.POST
    try:
        text = request.POST["content"].encode(errors="replace") if is_looked_at else read_file(request)
        batch = readers.batch(text)
        if batch.workshop not in {None, found.pk}:
            raise readers.NotActs(_("These acts were told of another action."))
    except readers.NotActs as problem:
        shown["form"] = form = forms.ActsFile(request.POST, request.FILES)
        form.is_valid()
        if not form.errors:
            form.add_error("acts", str(problem))
        return TemplateResponse(request, "workshops/file.html", shown, status=422)
    if is_looked_at:
        receipts = services.receive(
            workshop=found,
            acts=batch.acts,
            # The file may have travelled for days: what counts is how far that phone's clock was.
            sent_at=at - (batch.shift or timedelta()),
            device=batch.device,
            by=request.user,
            at=at,
        )
        shown |= {
            "taken": sum(one.end == End.ACCEPTED for one in receipts),
            "already": sum(one.end == End.ALREADY for one in receipts),
            "others": [one for one in receipts if one.end in {End.LATER, End.REFUSED}],
            "is_taken": True,
        }
    else:
        keys = [act.key for act in readable(batch.acts)]
        shown |= {
            "content": text.decode("utf-8-sig"),
            "many": len(batch.acts),
            "known": len(queries.acts_known(found, keys)),
        }
    return TemplateResponse(request, "workshops/file.html", shown)


def read_file(request) -> bytes:
    sent = request.FILES.get("acts")
    if sent is None:
        raise readers.NotActs(_("Choose the file first."))
    return sent.read(readers.MOST_BYTES + 1)


def readable(acts):
    for said in acts:
        try:
            yield readers.act(said)
        except readers.Unreadable:
            continue


@require_safe
def worker(request):
    """The worker that keeps the list of an action on a phone. Here, because an address bounds what it may touch."""
    return HttpResponse(
        worker_script(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


@cache
def worker_script() -> bytes:
    path = finders.find("ui/dist/worker.js")
    if path is None:
        raise Http404
    return Path(path).read_bytes()
