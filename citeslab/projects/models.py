from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citeslab.network.models import Site
from citeslab.people.models import Person


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, user, *, on: date):
        return self.filter(site__in=Site.objects.keys_with_names_for(user, on=on))


class Project(models.Model):
    """A business idea; it may have several holders, and a person several ideas."""

    PERSONAL = ("reference", "title")

    site = models.ForeignKey(Site, models.PROTECT, related_name="projects")
    reference = models.CharField(_("reference"), max_length=64, blank=True)
    title = models.CharField(_("title"), max_length=300)
    sector = models.CharField(_("sector (NAF section)"), max_length=1, blank=True)
    started_on = models.DateField(_("started on"))
    holders = models.ManyToManyField(Person, through="ProjectHolder", related_name="projects")
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        constraints = [
            models.UniqueConstraint(
                name="projects_project_one_by_reference",
                fields=["site", "reference"],
                condition=~Q(reference=""),
                violation_error_message=_("This reference is already used at this site."),
            ),
            models.CheckConstraint(name="projects_project_known_sector", condition=Q(sector__regex=r"^[A-V]?$")),
        ]

    def __str__(self):
        return f"project #{self.pk}"


class ProjectHolder(models.Model):
    """A person who carries a project (FR: porteur de projet)."""

    PERSONAL = ()

    project = models.ForeignKey(Project, models.CASCADE, related_name="project_holders")
    person = models.ForeignKey(Person, models.CASCADE, related_name="project_holders")

    class Meta:
        verbose_name = _("project holder")
        verbose_name_plural = _("project holders")
        constraints = [
            models.UniqueConstraint(name="projects_projectholder_said_once", fields=["project", "person"]),
        ]

    def __str__(self):
        return f"project holder #{self.pk}"
