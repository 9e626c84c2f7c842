from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from citeslab.animation.enums import MeetingKind
from citeslab.core.models import Fact, FactQuerySet, both_or_neither
from citeslab.network.enums import Role
from citeslab.network.models import held_by


class NetworkMeetingQuerySet(models.QuerySet):
    def visible_to(self, user, *, on: date):
        """All for the pilot and the coordinators; for an advisor, all but the committees where she was not."""
        held = {mandate.role for mandate in held_by(user, on=on)}
        if held & {Role.PILOT, Role.COORDINATOR}:
            return self
        if Role.ADVISOR not in held:
            return self.none()
        was_there = NetworkMeeting.present.through.objects.filter(user=user).values("networkmeeting")
        has_to_do = Commitment.objects.standing().filter(owner=user).values("meeting")
        return self.filter(~Q(kind=MeetingKind.COMMITTEE) | Q(pk__in=was_there) | Q(pk__in=has_to_do))

    def written_by(self, user, *, on: date):
        """Those whose minutes she writes: all for the pilot, a coordinator's own."""
        held = {mandate.role for mandate in held_by(user, on=on)}
        if Role.PILOT in held:
            return self
        return self.filter(recorded_by=user) if Role.COORDINATOR in held else self.none()


class NetworkMeeting(models.Model):
    """A meeting of the network itself, with its agenda and its minutes (FR: réunion de réseau, comité de pilotage)."""

    PERSONAL = ("others",)

    kind = models.CharField(_("kind"), max_length=9, choices=MeetingKind)
    title = models.CharField(_("title"), max_length=160)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    place = models.CharField(_("place"), max_length=160, blank=True)
    link = models.URLField(_("link of the meeting"), max_length=300, blank=True)
    agenda = models.TextField(_("agenda"), blank=True)
    present = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    others = models.CharField(_("others who were there"), max_length=300, blank=True)
    sequence = models.PositiveIntegerField(_("changes"), default=0)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(_("changed at"))
    cancelled_at = models.DateTimeField(_("called off at"), null=True, blank=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = NetworkMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting of the network")
        verbose_name_plural = _("meetings of the network")
        constraints = [
            both_or_neither("cancelled_at", "cancelled_by"),
            models.CheckConstraint(
                name="animation_networkmeeting_ends_after_it_begins",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The end comes after the beginning."),
            ),
        ]
        indexes = [models.Index(name="animation_meeting_by_day", fields=["-starts_at"])]

    def __str__(self):
        return f"meeting of the network #{self.pk}"


class Decision(Fact):
    """What a meeting decided."""

    PERSONAL = ()

    meeting = models.ForeignKey(NetworkMeeting, models.PROTECT, related_name="decisions")
    words = models.CharField(_("what was decided"), max_length=500)

    class Meta(Fact.Meta):
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [*Fact.Meta.constraints]

    def __str__(self):
        return f"decision #{self.pk}"


class CommitmentQuerySet(FactQuerySet):
    def open(self):
        return self.standing().filter(done_at=None)


class Commitment(Fact):
    """An action that somebody took on at a meeting, by a day (FR: action à suivre)."""

    PERSONAL = ()

    meeting = models.ForeignKey(NetworkMeeting, models.PROTECT, related_name="commitments")
    words = models.CharField(_("what is to be done"), max_length=300)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="commitments")
    taken_on = models.DateField(_("taken on the day"))
    due_on = models.DateField(_("due on"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("action to follow")
        verbose_name_plural = _("actions to follow")
        constraints = [
            *Fact.Meta.constraints,
            both_or_neither("done_at", "done_by"),
            models.CheckConstraint(
                name="animation_commitment_due_after_its_meeting",
                condition=Q(due_on__gte=F("taken_on")),
                violation_error_message=_("An action is due on the day of its meeting or later."),
            ),
        ]
        indexes = [
            models.Index(
                name="animation_commitment_open",
                fields=["owner", "due_on"],
                condition=Q(withdrawn_at=None, done_at=None),
            )
        ]

    def __str__(self):
        return f"action to follow #{self.pk}"
