"""The way in."""

import pytest
from django.urls import reverse

from citeslab.accounts import services

pytestmark = pytest.mark.django_db
SIGN_IN = reverse("accounts:sign_in")
PASSWORD = "une phrase assez longue"


@pytest.fixture
def user(at):
    return services.create_user(email="Amel@exemple.fr", name="Amel Roux", password=PASSWORD, at=at)


@pytest.mark.parametrize("address", ["Amel@exemple.fr", "amel@EXEMPLE.fr"])
def test_an_address_signs_in_whatever_its_case(client, user, address):
    response = client.post(SIGN_IN, {"username": address, "password": PASSWORD})

    assert response.status_code == 302
    assert response["Location"] == "/"


def test_a_refusal_does_not_say_which_was_wrong(client, user):
    wrong_password = client.post(SIGN_IN, {"username": user.email, "password": "x" * 20})
    wrong_address = client.post(SIGN_IN, {"username": "inconnue@exemple.fr", "password": PASSWORD})

    assert wrong_password.context["form"].errors == wrong_address.context["form"].errors
    assert wrong_password.context["form"].errors


def test_the_command_line_user_cannot_sign_in(client, at):
    robot = services.command_line_user(at=at)

    assert services.command_line_user(at=at) == robot
    assert not robot.has_usable_password()
    client.post(SIGN_IN, {"username": robot.email, "password": ""})
    assert "_auth_user_id" not in client.session


def test_after_signing_in_one_goes_where_one_wanted_but_not_elsewhere(client, user):
    wanted = client.post(f"{SIGN_IN}?next=/personnes/", {"username": user.email, "password": PASSWORD})
    client.logout()
    foreign = client.post(f"{SIGN_IN}?next=https://example.org/", {"username": user.email, "password": PASSWORD})

    assert (wanted["Location"], foreign["Location"]) == ("/personnes/", "/")


def test_production_offers_no_one_click_account(client, settings):
    assert settings.DEMO is False
    page = client.get(SIGN_IN)
    assert not page.context["demo_mode"]
    assert client.post(reverse("demo:sign_in"), {"account": "advisor"}).status_code == 404
