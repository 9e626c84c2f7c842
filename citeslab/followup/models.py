from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import Fact, FactQuerySet
from citeslab.followup.enums import Evidence, ExitReason, Nature, Stage
from citeslab.network.models import Site
from citeslab.people.models import Person
from citeslab.projects.models import Project


class MeetingQuerySet(FactQuerySet):
    def in_year(self, year: int):
        return self.filter(held_on__year=year)


class Meeting(Fact):
    """An individual meeting of any nature, telephone included (FR: entretien)."""

    PERSONAL = ()

    person = models.ForeignKey(Person, models.CASCADE, related_name="meetings")
    project = models.ForeignKey(Project, models.PROTECT, related_name="meetings", null=True, blank=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    held_on = models.DateField(_("held on"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    nature = models.CharField(_("nature"), max_length=10, choices=Nature, default=Nature.FOLLOW_UP)

    objects = MeetingQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        indexes = [
            models.Index(name="followup_meeting_story", fields=["person", "-held_on"]),
            models.Index(name="followup_meeting_of_year", fields=["held_on"]),  # figures of a year
            models.Index(name="followup_meeting_of_site", fields=["site", "-held_on"]),
        ]

    def __str__(self):
        return f"meeting #{self.pk}"


class TransitionQuerySet(FactQuerySet):
    def in_order(self):
        """By day; the later entered wins a tie."""
        return self.order_by("occurred_on", "pk")


class Transition(Fact):
    """A person's step on a pathway (one person, one project or none): append-only, dated.

    The state on a day is the last transition dated on or before it; the later entered wins a tie.
    """

    PERSONAL = ()

    person = models.ForeignKey(Person, models.CASCADE, related_name="transitions")
    project = models.ForeignKey(Project, models.PROTECT, related_name="transitions", null=True, blank=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    occurred_on = models.DateField(_("occurred on"))
    stage = models.CharField(_("stage"), max_length=4, choices=Stage)
    exit_reason = models.CharField(_("exit reason"), max_length=10, choices=ExitReason, blank=True)
    evidence = models.CharField(_("evidence"), max_length=10, choices=Evidence, default=Evidence.DECLARED)

    objects = TransitionQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("transition")
        verbose_name_plural = _("transitions")
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="followup_transition_reason_with_exit",
                condition=(Q(stage=Stage.SORT) & ~Q(exit_reason="")) | (~Q(stage=Stage.SORT) & Q(exit_reason="")),
                violation_error_message=_("Leaving needs a reason, and only leaving has one."),
            ),
        ]
        indexes = [
            models.Index(name="followup_transition_pathway", fields=["person", "project", "-occurred_on", "-id"]),
        ]

    def __str__(self):
        return f"transition #{self.pk}"
