from datetime import date
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from citeslab.agenda.enums import ContactOutcome, Wish
from citeslab.core.models import Fact
from citeslab.network.models import Site
from citeslab.people.models import Person


class FirstContactQuerySet(models.QuerySet):
    def visible_to(self, user, *, on: date):
        return self.filter(forgotten_at=None, site__in=Site.objects.keys_with_names_for(user, on=on))

    def waiting(self):
        """Those that an advisor has still to settle, the longest wait first: no file, and no answer but a try."""
        settled = ContactAnswer.objects.standing().filter(contact=OuterRef("pk")).exclude(outcome=ContactOutcome.TRIED)
        return self.filter(~Exists(settled), person=None, forgotten_at=None).order_by("received_at", "pk")

    def with_tries(self):
        """With how often an advisor tried in vain (`tries`)."""
        tried = Q(answers__outcome=ContactOutcome.TRIED, answers__withdrawn_at=None)
        return self.annotate(tries=Count("answers", filter=tried))


class FirstContact(models.Model):
    """Someone who came by the public pages and has no file yet: she asks to be called, or has booked a time.

    An advisor joins her to a file or opens one; nothing is joined without a human. What leads nowhere is forgotten.
    """

    PERSONAL = ("name", "phone", "email", "words", "commune_name")

    site = models.ForeignKey(Site, models.PROTECT, related_name="first_contacts", verbose_name=_("site"))
    name = models.CharField(_("name"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    email = models.CharField(_("e-mail address"), max_length=254, blank=True)
    words = models.CharField(_("what brings her"), max_length=500, blank=True)
    commune_name = models.CharField(_("commune"), max_length=120, blank=True)
    wish = models.CharField(_("wish"), max_length=4, choices=Wish)
    key = models.UUIDField(unique=True, default=uuid4)  # of the form that made it: sent twice, it makes one
    times = models.PositiveIntegerField(_("times asked"), default=1)
    received_at = models.DateTimeField(_("received at"))
    last_at = models.DateTimeField(_("last asked at"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="first_contacts", null=True, blank=True)
    forgotten_at = models.DateTimeField(_("forgotten at"), null=True, blank=True)

    objects = FirstContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("first contact")
        verbose_name_plural = _("first contacts")
        constraints = [
            models.CheckConstraint(
                name="agenda_firstcontact_says_who",
                condition=Q(forgotten_at=None) & (~Q(name="") | Q(person__isnull=False))
                | Q(forgotten_at__isnull=False, name="", phone="", email="", words="", commune_name=""),
            ),
            models.CheckConstraint(
                name="agenda_firstcontact_can_be_called",
                condition=~Q(wish=Wish.CALL)
                | ~Q(phone="", email="")
                | Q(person__isnull=False)
                | Q(forgotten_at__isnull=False),
                violation_error_message=_("Give a phone number or an e-mail address: someone answers you there."),
            ),
        ]
        indexes = [
            models.Index(
                name="agenda_firstcontact_waiting",
                fields=["site", "received_at"],
                condition=Q(person=None, forgotten_at=None),
            ),
        ]

    def __str__(self):
        return f"first contact #{self.pk}"


class ContactAnswer(Fact):
    """What an advisor did about a first contact: who, when, and what came of it."""

    PERSONAL = ()

    contact = models.ForeignKey(FirstContact, models.CASCADE, related_name="answers")
    outcome = models.CharField(_("what came of it"), max_length=10, choices=ContactOutcome)

    class Meta(Fact.Meta):
        verbose_name = _("answer to a first contact")
        verbose_name_plural = _("answers to first contacts")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="agenda_contactanswer_settled_once",
                fields=["contact"],
                condition=Q(withdrawn_at=None) & ~Q(outcome=ContactOutcome.TRIED),
                violation_error_message=_("This first contact is settled already."),
            ),
        ]

    def __str__(self):
        return f"answer to a first contact #{self.pk}"


class PublicName(Fact):
    """An advisor lets the public pages say who she is, until she takes it back: her first name, what she speaks."""

    PERSONAL = ("first_name", "speaks")

    advisor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="public_names")
    first_name = models.CharField(_("first name"), max_length=80)
    speaks = models.CharField(_("languages"), max_length=120, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("public name")
        verbose_name_plural = _("public names")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="agenda_publicname_one_at_a_time", fields=["advisor"], condition=Q(withdrawn_at=None)
            ),
            models.CheckConstraint(name="agenda_publicname_says_it", condition=~Q(first_name="")),
        ]

    def __str__(self):
        return f"public name #{self.pk}"
