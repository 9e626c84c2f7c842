"""Projects saved in bulk, and who holds them."""

from datetime import date

import pytest

from citeslab.projects import services
from citeslab.projects.models import Project, ProjectHolder
from tests import factories

pytestmark = pytest.mark.django_db


def test_new_projects_get_a_key_and_known_ones_their_new_idea(site, at):
    by = factories.AnyUser()
    known = factories.AnyProject(site=site, title="Traiteur", reference="J1")
    first_recorded = known.recorded_at
    known.title, known.sector = "Restaurant", "I"
    new = Project(site=site, reference="J2", title="Couture", started_on=date(2024, 1, 1))

    services.save_projects(projects=[known, new], by=by, at=at)

    known.refresh_from_db()
    assert (known.title, known.sector, known.recorded_at) == ("Restaurant", "I", first_recorded)
    assert (Project.objects.get(reference="J2").pk, new.recorded_by) == (new.pk, by)


def test_holders_become_exactly_those_named():
    stays, leaves, comes = factories.AnyPerson.create_batch(3)
    project, untouched = factories.AnyProject.create_batch(2)
    kept = factories.AnyProjectHolder(project=project, person=stays)
    factories.AnyProjectHolder(project=project, person=leaves)
    factories.AnyProjectHolder(project=untouched, person=leaves)

    services.set_holders(holders={project.pk: [stays.pk, comes.pk, comes.pk]})

    assert set(project.holders.all()) == {stays, comes}
    assert list(untouched.holders.all()) == [leaves]
    assert ProjectHolder.objects.filter(pk=kept.pk).exists()
