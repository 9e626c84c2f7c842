"""A file of another site opens for a day, with a reason, and says so to those it concerns."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from citeslab.audit import queries as journal
from citeslab.audit.models import Entry
from citeslab.network.models import Mandate
from citeslab.notifications.models import Message
from citeslab.people import services
from citeslab.people.enums import OpeningPurpose
from citeslab.people.models import Opening, Person
from tests import factories

pytestmark = pytest.mark.django_db
ELSEWHERE = reverse("desk:elsewhere")
BORN = date(1990, 2, 3)
IDENTITY = {"first_name": "Élodie", "preferred_name": "N'Diaye", "born_on": BORN}
WHY = {"purpose": OpeningPurpose.SHE_CAME, "reason": "Elle est venue à la permanence"}


@pytest.fixture
def far(db):
    """Somebody whom another site accompanies."""
    person = factories.AnyPerson(**IDENTITY)
    factories.AnyMandate(site=person.site, user__email="chez-elle@exemple.fr")
    return person


def opened(advisor, at=None, **more):
    return services.open_elsewhere(**{**IDENTITY, **WHY, **more}, by=advisor, at=at or timezone.now())


def test_without_an_opening_nothing_shows(client, advisor, far):
    client.force_login(advisor)
    assert client.get(reverse("desk:person", args=[far.pk])).status_code == 404
    assert "Diaye" not in client.get(reverse("desk:people"), {"view": "all"}).content.decode()


def test_the_whole_identity_and_a_reason_open_the_file_for_a_day(client, advisor, far):
    client.force_login(advisor)
    answer = client.post(ELSEWHERE, {"first_name": "elodie", "preferred_name": "N’DIAYE", "born_on": BORN, **WHY})
    page = client.get(reverse("desk:person", args=[far.pk]))

    assert answer["Location"] == reverse("desk:person", args=[far.pk])
    assert page.status_code == 200
    assert "permanence" in page.content.decode()
    opening = Opening.objects.get()
    assert opening.ends_at - opening.opened_at == timedelta(hours=24)
    assert Message.objects.get().recipient == "chez-elle@exemple.fr"
    assert "Diaye" not in Message.objects.get().body + Message.objects.get().subject
    assert [entry.action for entry in journal.about(far)] == ["people.person.read", "people.person.opened_elsewhere"]


def test_her_own_site_reads_who_opened_it_and_why(client, advisor, far):
    opened(advisor)
    client.force_login(Mandate.objects.get(site=far.site).user)
    page = client.get(reverse("desk:person", args=[far.pk])).content.decode()

    assert advisor.name in page
    assert "Elle est venue" in page


def test_after_a_day_it_is_shut(client, advisor, far):
    opened(advisor, at=timezone.now() - timedelta(hours=24, seconds=1))
    client.force_login(advisor)
    assert client.get(reverse("desk:person", args=[far.pk])).status_code == 404


def test_who_loses_her_mandate_loses_what_she_opened(advisor, far):
    opened(advisor)
    on = timezone.localdate()
    assert far in Person.objects.visible_to(advisor, on=on)
    Mandate.objects.filter(user=advisor).update(ends_on=on)

    assert not Person.objects.visible_to(advisor, on=on).exists()


def test_the_opening_is_hers_alone(advisor, site, far):
    opened(advisor)
    colleague = factories.AnyMandate(site=site).user
    assert far not in Person.objects.visible_to(colleague, on=timezone.localdate())


@pytest.mark.parametrize("guess", [{"born_on": date(1990, 2, 4)}, {"first_name": "Elo"}, {"preferred_name": "Diaye"}])
def test_a_part_of_an_identity_opens_nothing(advisor, far, guess):
    assert opened(advisor, **guess) is None
    assert Entry.objects.get().action == "people.opening.refused"


def test_nothing_tells_whether_a_person_exists(client, advisor, far):
    client.force_login(advisor)
    twin = factories.AnyPerson(**IDENTITY)  # two of one identity: neither opens
    both = client.post(ELSEWHERE, {**IDENTITY, **WHY})
    nobody = client.post(ELSEWHERE, {**IDENTITY, **WHY, "first_name": "Personne"})

    assert both.status_code == nobody.status_code == 422
    assert both.context["form"].non_field_errors() == nobody.context["form"].non_field_errors()
    assert not Opening.objects.exists()
    assert twin.site != far.site


def test_names_cannot_be_tried_all_day(client, advisor, far):
    client.force_login(advisor)
    for number in range(10):
        client.post(ELSEWHERE, {**IDENTITY, **WHY, "first_name": f"Essai{number}"})
    answer = client.post(ELSEWHERE, {**IDENTITY, **WHY})

    assert answer.status_code == 422
    assert not Opening.objects.exists()
    with pytest.raises(services.TooManyTries):
        opened(advisor)


def test_who_sees_no_name_opens_nothing(client, pilot, far):
    client.force_login(pilot)
    assert client.post(ELSEWHERE, {**IDENTITY, **WHY}).status_code == 404
    assert opened(pilot) is None


@pytest.mark.parametrize("openings", [0, 3])
def test_what_one_may_see_is_asked_once(advisor, site, django_assert_num_queries, openings):
    factories.AnyOpening.create_batch(openings, user=advisor, ends_at=timezone.now() + timedelta(hours=1))
    factories.AnyPerson(site=site)
    with django_assert_num_queries(3):  # her mandates, the files opened, the people
        assert len(Person.objects.visible_to(advisor, on=timezone.localdate())) == 1 + openings
