"""What the database refuses, whoever asks."""

import pytest
from django.db import IntegrityError, transaction

from tests import factories

pytestmark = pytest.mark.django_db


def two_projects_of_one_reference():
    project = factories.AnyProject(reference="J1")
    factories.AnyProject(site=project.site, reference="J1")


def one_holder_twice():
    held = factories.AnyProjectHolder()
    factories.AnyProjectHolder(project=held.project, person=held.person)


REFUSED = [
    ("projects_project_one_by_reference", two_projects_of_one_reference),
    ("projects_project_known_sector", lambda: factories.AnyProject(sector="Z")),
    ("projects_projectholder_said_once", one_holder_twice),
]


@pytest.mark.parametrize(("constraint", "make"), REFUSED)
def test_the_database_refuses(constraint, make):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()
