"""Stories told on the public site, with consent."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import both_or_neither
from citeslab.network.enums import Role
from citeslab.network.models import Site, held_by
from citeslab.people.models import Person
from citeslab.rights.enums import Purpose, Said, Way
from citeslab.rights.models import Consent
from citeslab.website.enums import Standing
from citeslab.website.values import paragraphs_of

AGREED = Q(agreed_at__isnull=False)


def is_allowed_by_her(purpose: Purpose, story: str = "") -> Q:
    """She agreed in the story's own act, and has taken nothing back since; without a file, the act alone tells.

    Taken back, an agreement given anew is for other words: this story stays away. A file that is forgotten holds no
    agreement any more. `story` is the path from the row to its story.
    """
    hers = Consent.objects.standing().filter(person=OuterRef(f"{story}person"), purpose=purpose)
    given = Exists(hers.filter(said=Said.YES))
    taken_back = Exists(hers.filter(said=Said.NO, recorded_at__gte=OuterRef(f"{story}agreed_at")))
    return Q(**{f"{story}agreed_at__isnull": False}) & (Q(**{f"{story}person": None}) | (Q(given) & ~Q(taken_back)))


class StoryQuerySet(models.QuerySet):
    def agreed(self):
        """Stories that their person allows to be told, at this very instant."""
        return self.filter(is_allowed_by_her(Purpose.TESTIMONY))

    def published(self):
        """What everyone may read now: the agreement is asked of the books each time, never remembered."""
        return self.agreed().filter(published_at__isnull=False, withdrawn_at=None)

    def visible_to(self, user, *, on: date):
        """Those of her sites; for the pilot, who sees no name, those that their person agreed to have told."""
        hers = Q(site__in=Site.objects.keys_with_names_for(user, on=on))
        if any(mandate.role == Role.PILOT for mandate in held_by(user, on=on)):
            hers |= is_allowed_by_her(Purpose.TESTIMONY)
        return self.filter(hers)

    def with_standing(self):
        """With their `standing`."""
        return self.annotate(
            standing=Case(
                When(withdrawn_at__isnull=False, then=Value(Standing.WITHDRAWN)),
                When(agreed_at=None, then=Value(Standing.DRAFT)),
                When(~is_allowed_by_her(Purpose.TESTIMONY), then=Value(Standing.TAKEN_BACK)),
                When(published_at=None, then=Value(Standing.AGREED)),
                default=Value(Standing.PUBLISHED),
            )
        )


class Story(models.Model):
    """What somebody lived with CitésLab, in words that she read and agreed to (FR: récit).

    Published words are never changed: a story is withdrawn, and another one written.
    """

    PERSONAL = ("title", "words", "first_name")

    site = models.ForeignKey(Site, models.PROTECT, related_name="stories", verbose_name=_("site"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="stories", null=True, blank=True)
    first_name = models.CharField(_("first name shown"), max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=120)
    words = models.TextField(_("story"), max_length=6000)
    written_at = models.DateTimeField(_("written at"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(_("agreed at"), null=True, blank=True)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    agreed_way = models.CharField(_("how"), max_length=6, choices=Way, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        constraints = [
            both_or_neither("agreed_at", "agreed_by"),
            both_or_neither("published_at", "published_by"),
            both_or_neither("withdrawn_at", "withdrawn_by"),
            models.CheckConstraint(
                name="website_story_agreed_in_some_way",
                condition=(Q(agreed_at=None) & Q(agreed_way="")) | (AGREED & ~Q(agreed_way="")),
                violation_error_message=_("Say how she agreed."),
            ),
            models.CheckConstraint(
                name="website_story_published_with_agreement",
                condition=Q(published_at=None) | AGREED,
                violation_error_message=_("A story is published once its person has agreed to its words."),
            ),
        ]
        indexes = [
            models.Index(name="website_story_published_last", fields=["-published_at"], condition=Q(withdrawn_at=None)),
        ]

    def __str__(self):
        return f"story #{self.pk}"

    @property
    def paragraphs(self) -> list[str]:
        return paragraphs_of(self.words)

    @property
    def beginning(self) -> str:
        return self.paragraphs[0] if self.paragraphs else ""


class PictureQuerySet(models.QuerySet):
    def agreed(self):
        """Pictures that their person allows to be shown, at this very instant: the agreement is to each by itself."""
        return self.filter(is_allowed_by_her(Purpose.PHOTO, "story__"), is_agreed=True)

    def published(self):
        """What everyone may see now: of a published story, and agreed to."""
        return self.agreed().filter(story__in=Story.objects.published())

    def of(self, story: Story, *, for_who_writes: bool):
        """Beside a story before everyone sees it: who writes it shows it to her; others see what she agreed to.

        With `is_shown`: whether she agrees to it now.
        """
        seen = self if for_who_writes else self.agreed()
        return seen.filter(story=story).annotate(is_shown=Exists(self.model.objects.agreed().filter(pk=OuterRef("pk"))))


class Picture(models.Model):
    """The picture of a story, made again from what was sent: nothing that a phone wrote in it is left."""

    PERSONAL = ("content", "description")

    story = models.OneToOneField(Story, models.CASCADE, related_name="picture")
    content = models.BinaryField()
    description = models.CharField(_("what it shows"), max_length=200)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    is_agreed = models.BooleanField(_("she agrees that it is shown"), default=False)
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self):
        return f"picture #{self.pk}"
