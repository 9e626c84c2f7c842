from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from citeslab.funding.enums import FunderKind
from citeslab.network.enums import Role
from citeslab.network.models import PERIOD, Dated, held_by


class FunderQuerySet(models.QuerySet):
    def accounts_visible_to(self, user, *, on: date):
        """Every account for the pilot; her own for who reads for a funder; none for the others."""
        roles = {mandate.role for mandate in held_by(user, on=on)}
        if Role.PILOT in roles:
            return self
        if Role.FUNDER not in roles:
            return self.none()
        return self.filter(delegates__in=Delegate.objects.on(on).filter(user=user))


class Funder(models.Model):
    """A body that pays (FR: financeur): a State service, a local authority, a European fund, the pilot itself."""

    PERSONAL = ()

    name = models.CharField(
        _("name"), max_length=160, unique=True, error_messages={"unique": _("This funder is already known.")}
    )
    sort_key = models.CharField(max_length=160)
    kind = models.CharField(_("kind"), max_length=12, choices=FunderKind)

    objects = FunderQuerySet.as_manager()

    class Meta:
        verbose_name = _("funder")
        verbose_name_plural = _("funders")

    def __str__(self):
        return self.name

    @property
    def is_own(self) -> bool:
        """Whether its money is the pilot's own."""
        return self.kind == FunderKind.PILOT


class Delegate(Dated):
    """Who reads a funder's account, from when to when: her mandate says that she reads, this says for whom."""

    PERSONAL = ()

    funder = models.ForeignKey(Funder, models.PROTECT, related_name="delegates", verbose_name=_("funder"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(Dated.Meta):
        verbose_name = _("reader of an account")
        verbose_name_plural = _("readers of an account")
        constraints = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="funding_delegate_once_at_a_time",
                expressions=[
                    ("funder", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    (PERIOD, RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("She already reads this account on these days."),
            ),
        ]

    def __str__(self):
        return f"delegate #{self.pk}"
