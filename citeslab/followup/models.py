from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import Fact, FactQuerySet, both_or_neither
from citeslab.followup.enums import (
    Education,
    Evidence,
    ExitReason,
    FSEResult,
    Kind,
    Labour,
    Moment,
    Nature,
    Outcome,
    Situation,
    Stage,
)
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

    PERSONAL = ("siret",)  # of someone who works alone, it leads to her name

    person = models.ForeignKey(Person, models.CASCADE, related_name="transitions")
    project = models.ForeignKey(Project, models.PROTECT, related_name="transitions", null=True, blank=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    occurred_on = models.DateField(_("occurred on"))
    stage = models.CharField(_("stage"), max_length=4, choices=Stage)
    exit_reason = models.CharField(_("exit reason"), max_length=10, choices=ExitReason, blank=True)
    evidence = models.CharField(_("evidence"), max_length=10, choices=Evidence, default=Evidence.DECLARED)
    siret = models.CharField(_("SIRET"), max_length=14, blank=True, default="", db_default="")

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
            models.CheckConstraint(
                name="followup_transition_siret_of_a_registration",
                # What was brought in from before may say "registered" without its number; never the reverse.
                condition=Q(siret="") | Q(siret__regex=r"^\d{14}$", evidence=Evidence.REGISTERED),
                violation_error_message=_("A SIRET has 14 digits, and goes with a registration."),
            ),
        ]
        indexes = [
            models.Index(name="followup_transition_pathway", fields=["person", "project", "-occurred_on", "-id"]),
        ]

    def __str__(self):
        return f"transition #{self.pk}"


LONGEST_NOTE = 400  # two sentences; a longer text is not read again, and gathers what should not be kept


class Note(Fact):
    """What was retained of a meeting, which the person can read. A corrected note withdraws the one before."""

    PERSONAL = ("text",)

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="notes")
    text = models.CharField(_("what you retained"), max_length=LONGEST_NOTE)

    class Meta(Fact.Meta):
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(name="followup_note_says_something", condition=~Q(text="")),
            models.UniqueConstraint(
                name="followup_note_one_to_a_meeting", fields=["meeting"], condition=Q(withdrawn_at=None)
            ),
        ]

    def __str__(self):
        return f"note #{self.pk}"


class UndertakingQuerySet(FactQuerySet):
    def open(self):
        return self.standing().filter(settled_at=None)

    def due(self, on: date):
        """Open, and its day has come."""
        return self.open().filter(due_on__lte=on)


class Undertaking(Fact):
    """Something to do by a day: open, until someone settles it, done or dropped."""

    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome, blank=True)

    objects = UndertakingQuerySet.as_manager()

    class Meta(Fact.Meta):
        abstract = True
        constraints = [
            *Fact.Meta.constraints,
            both_or_neither("settled_at", "settled_by"),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_settled_with_its_outcome",
                condition=Q(settled_at=None, outcome="") | (Q(settled_at__isnull=False) & ~Q(outcome="")),
            ),
        ]


class NextStep(Undertaking):
    """What comes next with a person: one at a time. The next meeting, or a word, settles it."""

    PERSONAL = ("about",)

    person = models.ForeignKey(Person, models.CASCADE, related_name="next_steps")
    project = models.ForeignKey(Project, models.PROTECT, related_name="next_steps", null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    due_on = models.DateField(_("on"))
    due_time = models.TimeField(_("at"), null=True, blank=True)
    about = models.CharField(_("about"), max_length=120, blank=True)
    settled_in = models.ForeignKey(Meeting, models.PROTECT, related_name="settled_steps", null=True, blank=True)

    class Meta(Undertaking.Meta):
        abstract = False
        verbose_name = _("next step")
        verbose_name_plural = _("next steps")
        constraints = [
            *Undertaking.Meta.constraints,
            models.UniqueConstraint(
                name="followup_nextstep_one_at_a_time",
                fields=["person"],
                condition=Q(withdrawn_at=None, settled_at=None),
                violation_error_message=_("Something is already planned with this person."),
            ),
        ]
        indexes = [
            # what is due today, on the home page
            models.Index(
                name="followup_nextstep_due", fields=["due_on"], condition=Q(withdrawn_at=None, settled_at=None)
            ),
        ]

    def __str__(self):
        return f"next step #{self.pk}"


class PlanStep(Undertaking):
    """A step of the plan that the person and her advisor made together."""

    PERSONAL = ("what",)

    person = models.ForeignKey(Person, models.CASCADE, related_name="plan_steps")
    project = models.ForeignKey(Project, models.PROTECT, related_name="plan_steps", null=True, blank=True)
    what = models.CharField(_("what"), max_length=120)
    due_on = models.DateField(_("by"), null=True, blank=True)

    class Meta(Undertaking.Meta):
        abstract = False
        verbose_name = _("step of a plan")
        verbose_name_plural = _("steps of a plan")

    def __str__(self):
        return f"plan step #{self.pk}"


class NoNewsProposal(Undertaking):
    """A closing proposed because nobody has heard of a person for long. Nothing closes by itself."""

    PERSONAL = ()

    person = models.ForeignKey(Person, models.CASCADE, related_name="no_news_proposals")
    last_contact_on = models.DateField(_("last contact on"))
    closing = models.ForeignKey(Transition, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta(Undertaking.Meta):
        abstract = False
        verbose_name = _("no-news proposal")
        verbose_name_plural = _("no-news proposals")
        constraints = [
            *Undertaking.Meta.constraints,
            models.UniqueConstraint(
                name="followup_nonewsproposal_one_open",
                fields=["person"],
                condition=Q(withdrawn_at=None, settled_at=None),
            ),
            models.CheckConstraint(
                name="followup_nonewsproposal_closing_when_closed",
                condition=Q(outcome=Outcome.CLOSED, closing__isnull=False)
                | (~Q(outcome=Outcome.CLOSED) & Q(closing=None)),
            ),
        ]

    def __str__(self):
        return f"no-news proposal #{self.pk}"


class LaterNews(Undertaking):
    """News to ask, some months after a person left or began to create; who did not answer is counted too."""

    PERSONAL = ("situation", "business_alive", "jobs")
    MONTHS = (6, 12, 24, 36)

    person = models.ForeignKey(Person, models.CASCADE, related_name="later_news")
    since = models.ForeignKey(Transition, models.PROTECT, related_name="later_news")
    months = models.PositiveSmallIntegerField(_("months after"))
    due_on = models.DateField(_("due on"))
    situation = models.CharField(_("situation"), max_length=9, choices=Situation, blank=True)
    business_alive = models.BooleanField(_("the business is alive"), null=True, blank=True)
    jobs = models.PositiveSmallIntegerField(_("jobs, hers included"), null=True, blank=True)

    class Meta(Undertaking.Meta):
        abstract = False
        verbose_name = _("later news")
        verbose_name_plural = _("later news")
        constraints = [
            *Undertaking.Meta.constraints,
            models.CheckConstraint(name="followup_laternews_known_mark", condition=Q(months__in=(6, 12, 24, 36))),
            models.CheckConstraint(
                name="followup_laternews_answer_with_situation",
                condition=Q(outcome=Outcome.ANSWERED) & ~Q(situation="")
                | ~Q(outcome=Outcome.ANSWERED) & Q(situation="", business_alive=None, jobs=None),
            ),
            models.UniqueConstraint(
                name="followup_laternews_asked_once", fields=["since", "months"], condition=Q(withdrawn_at=None)
            ),
        ]
        indexes = [
            # who to ask this month
            models.Index(
                name="followup_laternews_due", fields=["due_on"], condition=Q(withdrawn_at=None, settled_at=None)
            ),
        ]

    def __str__(self):
        return f"later news #{self.pk}"


class FSEAnswer(Fact):
    """What an FSE+ agreement asks at entry, at exit, and six months after. None of the sensitive items is kept.

    The situation on the labor market is asked twice, so that what changed can be read.
    """

    PERSONAL = ("labour", "education", "result")

    person = models.ForeignKey(Person, models.CASCADE, related_name="fse_answers")
    moment = models.CharField(_("moment"), max_length=10, choices=Moment)
    answered_on = models.DateField(_("answered on"))
    labour = models.CharField(_("situation on the labor market"), max_length=10, choices=Labour, blank=True)
    education = models.CharField(_("level of education"), max_length=9, choices=Education, blank=True)
    result = models.CharField(_("result at exit"), max_length=13, choices=FSEResult, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("FSE+ answer")
        verbose_name_plural = _("FSE+ answers")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="followup_fseanswer_one_a_moment", fields=["person", "moment"], condition=Q(withdrawn_at=None)
            ),
            models.CheckConstraint(
                name="followup_fseanswer_items_of_its_moment",
                condition=Q(moment=Moment.ENTRY, result="") & ~Q(labour="", education="") & ~Q(labour=Labour.EDUCATION)
                | Q(moment=Moment.EXIT, labour="", education="") & ~Q(result="")
                | Q(moment=Moment.SIX_MONTHS, education="", result="") & ~Q(labour=""),
            ),
        ]

    def __str__(self):
        return f"FSE+ answer #{self.pk}"


class Gesture(models.Model):
    """One save of the note's page: what it wrote, under the key that the phone gave it. Sent twice, it is one.

    The phone's clock is kept beside ours, and decides nothing: it may lie, and the note may arrive days later.
    """

    PERSONAL = ()

    key = models.UUIDField(_("key"), unique=True)
    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="gesture")
    transition = models.ForeignKey(Transition, models.SET_NULL, related_name="+", null=True, blank=True)
    next_step = models.ForeignKey(NextStep, models.SET_NULL, related_name="+", null=True, blank=True)
    written_at_device = models.DateTimeField(_("written at, by the phone"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"))
    received_from = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("gesture")
        verbose_name_plural = _("gestures")

    def __str__(self):
        return f"gesture #{self.pk}"
