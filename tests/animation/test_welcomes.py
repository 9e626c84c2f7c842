"""The first weeks of a new advisor: the pilot's list, and the one that each is given."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from citeslab.animation import queries, services
from citeslab.animation.models import FirstStep, Welcome, WelcomeStep
from tests import factories

pytestmark = pytest.mark.django_db


def newcomer(days=3, **more):
    return factories.AnyMandate(begins_on=timezone.localdate() - timedelta(days=days), **more)


def test_the_pilot_keeps_the_list(client, pilot):
    client.force_login(pilot)
    address = reverse("animation:first_weeks")
    refused = client.post(address, {"words": "Lire", "days": "400"})
    client.post(address, {"words": "Lire le guide", "days": "7"})
    step = FirstStep.objects.get()
    client.post(reverse("animation:first_step_end", args=[step.pk]))
    step.refresh_from_db()

    assert refused.status_code == 422
    assert (step.begins_on, step.ends_on) == (timezone.localdate(), timezone.localdate() + timedelta(days=1))


def test_who_begins_is_given_her_list_once():
    step = factories.AnyFirstStep(days=7)
    factories.AnyFirstStep(ends_on=timezone.localdate())
    mandate = newcomer()
    for _twice in range(2):
        services.welcome_newcomers(at=timezone.now())

    line = WelcomeStep.objects.get()
    assert (line.welcome.mandate, line.step, line.due_on) == (mandate, step, mandate.begins_on + timedelta(days=7))


def test_an_interim_an_old_hand_or_a_coordinator_is_given_none():
    factories.AnyFirstStep()
    old_hand = factories.AnyMandate(begins_on=timezone.localdate() - timedelta(days=400)).user
    newcomer(user=old_hand)
    newcomer(days=31)
    newcomer(role="COORDINATOR", site=None, organization=factories.AnyHostOrganization())
    services.welcome_newcomers(at=timezone.now())

    assert not Welcome.objects.exists()


def test_two_sites_at_once_are_one_list():
    factories.AnyFirstStep()
    first = newcomer()
    newcomer(user=first.user)
    services.welcome_newcomers(at=timezone.now())

    assert Welcome.objects.get().mandate == first


def test_nothing_is_made_while_the_list_is_empty():
    newcomer()

    assert services.welcome_newcomers(at=timezone.now()) == 0
    assert not Welcome.objects.exists()


def test_she_checks_her_list_and_it_leaves_her_day(signed_in, advisor):
    line = factories.AnyWelcomeStep(welcome__mandate=advisor.mandates.get())
    address = reverse("animation:checking", args=[line.pk])
    on_home = signed_in.get(reverse("desk:home")).context["network_life"]
    signed_in.post(address, {"done": "yes", "back": "today"})
    line.refresh_from_db()
    done = (line.done_by, list(queries.next_steps(advisor)))
    signed_in.post(address, {"done": "no"})

    assert on_home.first_steps == [line]
    assert done == (advisor, [])
    assert list(queries.next_steps(advisor)) == [line]


def test_her_coordinator_checks_it_too_and_others_do_not(client, coordinator, advisor, pilot, site):
    line = factories.AnyWelcomeStep(welcome__mandate=factories.AnyMandate(site=site))
    address = reverse("animation:checking", args=[line.pk])
    codes = []
    for user in (advisor, pilot, coordinator):
        client.force_login(user)
        codes.append(client.post(address).status_code)
    line.refresh_from_db()

    assert codes == [404, 404, 302]
    assert line.done_by == coordinator


def test_buttons_are_shown_to_who_may_press_them(client, coordinator, pilot, site):
    """A pilot who advises too checks her own list, and reads the others."""
    theirs = factories.AnyWelcomeStep(welcome__mandate=factories.AnyMandate(site=site))
    hers = factories.AnyWelcomeStep(welcome__mandate=factories.AnyMandate(site=site, user=pilot))

    def buttons(user):
        client.force_login(user)
        page = client.get(reverse("animation:first_weeks")).content.decode()
        return [line for line in (theirs, hers) if reverse("animation:checking", args=[line.pk]) in page]

    assert buttons(coordinator) == [theirs, hers]
    assert buttons(pilot) == [hers]
    assert client.post(reverse("animation:checking", args=[hers.pk])).status_code == 302


def test_the_database_refuses_a_step_after_a_year():
    with pytest.raises(IntegrityError, match="within_a_year"), transaction.atomic():
        factories.AnyFirstStep(days=366)


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_costs_the_same_for_one_newcomer_or_three(client, coordinator, site, many, django_assert_num_queries):
    for _ in range(many):
        welcome = factories.AnyWelcome(mandate=factories.AnyMandate(site=site))
        for step in factories.AnyFirstStep.create_batch(2):
            factories.AnyWelcomeStep(welcome=welcome, step=step)
    client.force_login(coordinator)

    with django_assert_num_queries(9):
        assert len(client.get(reverse("animation:first_weeks")).context["welcomes"]) == many
