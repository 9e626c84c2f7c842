"""Doors of the meetings of the network: called, told in minutes, their actions followed."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.animation import exports, forms, queries, rules, services
from citeslab.animation.models import Commitment, Decision, NetworkMeeting
from citeslab.animation.views.doors import calendar_file, member

ON_A_PAGE = 25


def visible(request, *, on):
    return NetworkMeeting.objects.visible_to(request.user, on=on)


def to_write(request, pk, *, on):
    found = NetworkMeeting.objects.written_by(request.user, on=on)
    return get_object_or_404(found, pk=pk)


@require_safe
def meetings(request):
    """What comes, what was held, what is still to be done."""
    on = member(request)
    at = timezone.now()
    found = visible(request, on=on)
    return TemplateResponse(
        request,
        "animation/meetings.html",
        {
            "on": on,
            "to_come": queries.meetings_to_come(found, at),
            "past": Paginator(queries.past_meetings(found, at), ON_A_PAGE).get_page(request.GET.get("page")),
            "commitments": queries.commitments(found),
            "may_call": rules.may_call_meetings(request.user, on=on),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_meeting(request):
    """Put a meeting on the calendar."""
    on = member(request)
    if not rules.may_call_meetings(request.user, on=on):
        raise Http404
    form = forms.MeetingForm(request.POST or None, instance=NetworkMeeting())
    if request.method == "POST" and form.is_valid():
        made = services.call_meeting(meeting=form.instance, by=request.user, at=timezone.now())
        messages.success(request, _("The meeting is on the calendar."))
        return redirect("animation:meeting", made.pk)
    return TemplateResponse(request, "animation/meeting_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_change(request, pk):
    """Another day, another place, another agenda."""
    found = to_write(request, pk, on=member(request))
    form = forms.MeetingForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_meeting(meeting=form.instance, by=request.user, at=timezone.now())
        except services.MeetingOff as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("The meeting is changed."))
        return redirect("animation:meeting", pk)
    return TemplateResponse(
        request, "animation/meeting_form.html", {"form": form, "meeting": found}, status=422 if form.errors else 200
    )


@require_safe
def meeting(request, pk):
    """A meeting and its minutes."""
    on = member(request)
    return minutes(request, get_object_or_404(visible(request, on=on), pk=pk), on=on)


def minutes(request, found, *, on, present=None, decision=None, commitment=None, status=200):
    writes = NetworkMeeting.objects.written_by(request.user, on=on).filter(pk=found.pk).exists()
    held = list(found.present.order_by("sort_key", "pk"))
    if writes:
        shown = {"present": [user.pk for user in held], "others": found.others}
        present = present or forms.PresentForm(members=queries.to_note_present(found, on=on), initial=shown)
        decision = decision or forms.DecisionForm()
        commitment = commitment or forms.CommitmentForm(members=queries.members(on))
    return TemplateResponse(
        request,
        "animation/meeting.html",
        {
            "on": on,
            "meeting": found,
            "is_over": found.ends_at <= timezone.now(),
            "held": held,
            "decisions": found.decisions.standing().order_by("pk"),
            "commitments": found.commitments.standing().select_related("owner").order_by("due_on", "pk"),
            "writes": writes,
            "present_form": present,
            "decision_form": decision,
            "commitment_form": commitment,
        },
        status=status,
    )


@require_POST
def meeting_end(request, pk):
    """It does not take place."""
    found = to_write(request, pk, on=member(request))
    services.call_off_meeting(meeting=found, by=request.user, at=timezone.now())
    messages.success(request, _("The meeting is called off."))
    return redirect("animation:meeting", pk)


@require_POST
def present(request, pk):
    """Who was there."""
    on = member(request)
    found = to_write(request, pk, on=on)
    form = forms.PresentForm(request.POST, members=queries.to_note_present(found, on=on))
    if not form.is_valid():
        return minutes(request, found, on=on, present=form, status=422)
    services.note_present(meeting=found, **form.cleaned_data, by=request.user, at=timezone.now())
    messages.success(request, _("Who was there is noted."))
    return redirect("animation:meeting", pk)


@require_POST
def decision(request, pk):
    """What was decided."""
    on = member(request)
    found = to_write(request, pk, on=on)
    form = forms.DecisionForm(request.POST)
    if not form.is_valid():
        return minutes(request, found, on=on, decision=form, status=422)
    services.decide(meeting=found, words=form.cleaned_data["words"], by=request.user, at=timezone.now())
    return redirect(f"{reverse('animation:meeting', args=[pk])}#decisions")


@require_POST
def decision_withdrawal(request, pk):
    """It was written by mistake."""
    on = member(request)
    written = NetworkMeeting.objects.written_by(request.user, on=on)
    found = get_object_or_404(Decision.objects.filter(meeting__in=written), pk=pk)
    services.take_back_decision(decision=found, by=request.user, at=timezone.now())
    return redirect(f"{reverse('animation:meeting', args=[found.meeting_id])}#decisions")


@require_POST
def commitment(request, pk):
    """An action that somebody took on."""
    on = member(request)
    found = to_write(request, pk, on=on)
    form = forms.CommitmentForm(request.POST, members=queries.members(on))
    if form.is_valid():
        said = form.cleaned_data
        try:
            services.commit(
                meeting=found,
                words=said["what"],
                owner=said["owner"],
                due_on=said["due_on"],
                by=request.user,
                at=timezone.now(),
            )
        except services.TooEarly as refusal:
            form.add_error("due_on", str(refusal))
        else:
            return redirect(f"{reverse('animation:meeting', args=[pk])}#commitments")
    return minutes(request, found, on=on, commitment=form, status=422)


@require_POST
def commitment_end(request, pk):
    """Done, by its owner or who writes the minutes; or given up, by who writes them."""
    on = member(request)
    found = get_object_or_404(Commitment.objects.standing().filter(meeting__in=visible(request, on=on)), pk=pk)
    writes = NetworkMeeting.objects.written_by(request.user, on=on).filter(pk=found.meeting_id).exists()
    if not writes and found.owner_id != request.user.pk:
        raise Http404
    if request.POST.get("act") == "give-up" and writes:
        services.give_up(commitment=found, by=request.user, at=timezone.now())
        messages.success(request, _("The action is given up."))
    else:
        services.finish(commitment=found, by=request.user, at=timezone.now())
        messages.success(request, _("The action is done."))
    if request.POST.get("back") == "list":
        return redirect("animation:meetings")
    return redirect(f"{reverse('animation:meeting', args=[found.meeting_id])}#commitments")


@require_safe
def meeting_calendar(request, pk):
    """A meeting, for her own calendar."""
    found = get_object_or_404(visible(request, on=member(request)), pk=pk)
    url = request.build_absolute_uri(reverse("animation:meeting", args=[pk]))
    return calendar_file(exports.meeting_entry(found, url=url), f"reunion-{pk}")
