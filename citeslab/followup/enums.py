"""Words of the pathway. Codes are those of the field; their labels are in the catalogues."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Nature(models.TextChoices):
    """How a meeting was held; the telephone counts."""

    RECEPTION = "RECEPTION", _("reception")
    DIAGNOSIS = "DIAGNOSIS", _("diagnosis")
    FOLLOW_UP = "FOLLOW_UP", _("follow-up")
    PHONE = "PHONE", _("telephone")


class Stage(models.TextChoices):
    SENS = "SENS", _("Awareness")
    ACCU = "ACCU", _("Reception")
    AMOR = "AMOR", _("First steps")
    EMER = "EMER", _("Emergence")
    FORM = "FORM", _("Formalization")
    PARC = "PARC", _("Creation path")
    SORT = "SORT", _("Left")


SUPPORTING = (Stage.AMOR, Stage.EMER, Stage.FORM, Stage.PARC)  # whom a step to one of these makes supported


class ExitReason(models.TextChoices):
    CREATION = "CREATION", _("business registered")
    TAKEOVER = "TAKEOVER", _("business taken over")
    INCUBATOR = "INCUBATOR", _("trial in an incubator")
    PARTNER = "PARTNER", _("confirmed by a partner")
    EMPLOYMENT = "EMPLOYMENT", _("back to employment")
    TRAINING = "TRAINING", _("training")
    ABANDONED = "ABANDONED", _("good decision not to go")
    POSTPONED = "POSTPONED", _("postponed")
    MOVED = "MOVED", _("moved away")
    NO_NEWS = "NO_NEWS", _("no news")
    DECEASED = "DECEASED", _("deceased")
    DUPLICATE = "DUPLICATE", _("duplicate")


class Evidence(models.TextChoices):
    """What a stage rests on."""

    DECLARED = "DECLARED", _("declared")
    PARTNER = "PARTNER", _("confirmed by a partner")
    REGISTERED = "REGISTERED", _("registered, SIRET checked")


class Kind(models.TextChoices):
    """What comes next."""

    MEET = "MEET", _("see again")
    CALL = "CALL", _("call back")
    REFER = "REFER", _("refer")
    OTHER = "OTHER", _("another date")


class Outcome(models.TextChoices):
    """How something to do was settled."""

    DONE = "DONE", _("done")
    DROPPED = "DROPPED", _("dropped")
    CLOSED = "CLOSED", _("closed")
    STILL_HERE = "STILL", _("still with us")
    ANSWERED = "ANSWERED", _("answered")
    NO_ANSWER = "NO_ANSWER", _("no answer")


class Situation(models.TextChoices):
    """Where a person is, some months later."""

    BUSINESS = "BUSINESS", _("runs her business")
    EMPLOYED = "EMPLOYED", _("has a job")
    BOTH = "BOTH", _("a business and a job")
    TRAINING = "TRAINING", _("in training")
    LOOKING = "LOOKING", _("looks for a job")
    PROJECT = "PROJECT", _("still prepares her project")
    OTHER = "OTHER", _("something else")


class Moment(models.TextChoices):
    """When the fund asks: the note asks the first two, the news of six months the last."""

    ENTRY = "ENTRY", _("entry")
    EXIT = "EXIT", _("exit")
    SIX_MONTHS = "SIX_MONTHS", _("six months after leaving")


class Labour(models.TextChoices):
    """Common output indicators of the European regulation 2021/1057, annex I; at entry, who studies is inactive."""

    SHORT = "SHORT", _("unemployed for less than 12 months")
    LONG = "LONG", _("unemployed for 12 months or more")
    INACTIVE = "INACTIVE", _("neither employed nor looking for a job")
    EMPLOYED = "EMPLOYED", _("employed")
    SELF = "SELF", _("self-employed")
    EDUCATION = "EDUCATION", _("in education or training")  # six months after leaving alone


class Education(models.TextChoices):
    """The three levels of the same annex (ISCED)."""

    LOWER = "LOWER", _("lower secondary or less (up to the brevet)")
    UPPER = "UPPER", _("upper or post-secondary (CAP, BEP, bac)")
    TERTIARY = "TERTIARY", _("tertiary (bac +2 and above)")


class FSEResult(models.TextChoices):
    """Immediate results of the same annex."""

    SEARCHING = "SEARCHING", _("began to look for a job")
    EDUCATION = "EDUCATION", _("in education or training")
    QUALIFICATION = "QUALIFICATION", _("gained a qualification")
    EMPLOYED = "EMPLOYED", _("in a job, or self-employed")
    NONE = "NONE", _("none of these")
