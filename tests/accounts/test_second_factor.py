"""Who may see names has proven twice who she is."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from citeslab.accounts import services
from citeslab.audit.models import Entry
from citeslab.network.enums import Role
from citeslab.notifications.models import Message
from tests import factories

pytestmark = pytest.mark.django_db
SIGN_IN = reverse("accounts:sign_in")
STEP = reverse("accounts:second_step")
SETUP = reverse("accounts:second_factor")
APPLICATION = reverse("accounts:application")
PEOPLE = reverse("desk:people")
PASSWORD = "une phrase assez longue"


def code_of(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


@pytest.fixture
def amel(site, at):
    user = services.create_user(email="Amel@exemple.fr", name="Amel Roux", password=PASSWORD, at=at)
    factories.AnyMandate(user=user, site=site)
    return user


@pytest.fixture
def secret(amel):
    """Amel's application is set up."""
    secret = generate_totp_secret()
    TOTP.activate(amel, secret)
    return secret


def sign_in(client, user, **more):
    return client.post(SIGN_IN, {"username": user.email, "password": PASSWORD, **more})


def test_a_password_alone_opens_no_page_that_shows_names(client, amel, site):
    person = factories.AnyPerson(site=site)
    sign_in(client, amel)

    for path in ["/", PEOPLE, reverse("desk:person", args=[person.pk]), reverse("intake:workbooks")]:
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, SETUP)
        assert client.post(path)["Location"] == SETUP
    assert client.get(SETUP).status_code == 200


def test_a_fragment_is_sent_to_the_set_up_page_whole(client, amel):
    sign_in(client, amel)
    answer = client.get(PEOPLE, headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (204, SETUP)


def test_setting_up_an_application_opens_the_desk_and_gives_recovery_codes(
    client, amel, django_capture_on_commit_callbacks
):
    sign_in(client, amel)
    page = client.get(APPLICATION)
    secret = page.context["form"].secret
    wrong = client.post(APPLICATION, {"code": "000000"})
    done = client.post(APPLICATION, {"code": code_of(secret)})

    assert wrong.status_code == 422
    assert done["Location"] == reverse("accounts:recovery_codes")
    assert len(client.get(done["Location"]).context["codes"]) == 10
    assert client.get(PEOPLE).status_code == 200
    assert Message.objects.get(key__startswith="accounts.second_factor.added").recipient == amel.email
    assert Entry.objects.filter(action="accounts.second_factor.added", details={"factor": "totp"}).count() == 1


def test_the_secret_is_not_readable_in_the_database(secret):
    assert secret not in str(Authenticator.objects.get().data)


def test_a_partial_sign_in_is_nobody(client, amel, secret):
    answer = sign_in(client, amel)

    assert answer["Location"] == STEP
    assert client.get(PEOPLE)["Location"].startswith(SIGN_IN)
    assert client.get(reverse("accounts:security"))["Location"].startswith(SIGN_IN)
    assert "_auth_user_id" not in client.session


def test_the_code_opens_the_session_and_the_page_that_was_wanted(client, amel, secret):
    sign_in(client, amel, next=PEOPLE)
    wrong = client.post(STEP, {"code": "123"})
    right = client.post(STEP, {"code": code_of(secret)})

    assert wrong.status_code == 422
    assert right["Location"] == PEOPLE
    assert client.get(PEOPLE).status_code == 200


def test_a_code_is_of_use_once(client, amel, secret):
    code = code_of(secret)
    sign_in(client, amel)
    client.post(STEP, {"code": code})
    client.post(reverse("accounts:sign_out"))
    sign_in(client, amel)

    assert client.post(STEP, {"code": code}).status_code == 422


def test_a_recovery_code_is_of_use_once(client, amel, secret):
    code = RecoveryCodes.activate(amel).get_unused_codes()[0]
    sign_in(client, amel)
    assert client.post(STEP, {"code": code}).status_code == 302
    client.post(reverse("accounts:sign_out"))
    sign_in(client, amel)

    assert client.post(STEP, {"code": code}).status_code == 422


def test_codes_cannot_be_guessed_at_leisure(client, amel, secret):
    sign_in(client, amel)
    for _attempt in range(5):
        client.post(STEP, {"code": "000000"})

    assert client.post(STEP, {"code": code_of(secret)}).status_code == 422


def test_the_second_step_is_not_reached_without_the_first(client, amel, secret):
    assert client.get(STEP)["Location"] == SIGN_IN
    assert client.post(STEP, {"code": code_of(secret)})["Location"] == SIGN_IN


def test_taking_a_factor_away_asks_again_and_only_ones_own(client, amel, secret):
    other = factories.AnyUser()
    theirs = TOTP.activate(other, generate_totp_secret()).instance
    sign_in(client, amel)
    client.post(STEP, {"code": code_of(secret)})
    ours = Authenticator.objects.get(user=amel)

    assert client.post(reverse("accounts:removal", args=[theirs.pk])).status_code == 404
    session = client.session
    session["account_authentication_methods"] = [
        proof | {"at": time.time() - 3600} for proof in session["account_authentication_methods"]
    ]
    session.save()
    asked = client.post(reverse("accounts:removal", args=[ours.pk]))
    assert asked["Location"].startswith(reverse("accounts:confirmation"))
    assert client.post(reverse("accounts:confirmation"), {"password": "x"}).status_code == 422
    assert client.post(reverse("accounts:confirmation"), {"password": PASSWORD}).status_code == 302
    client.post(reverse("accounts:removal", args=[ours.pk]))

    assert not Authenticator.objects.filter(user=amel).exists()
    assert mail.outbox == []  # messages leave by their own task


def test_who_sees_no_name_may_do_without(client, at):
    pilot = services.create_user(email="agnes@exemple.fr", name="Agnes", password=PASSWORD, at=at)
    factories.AnyMandate(user=pilot, role=Role.PILOT, site=None)
    sign_in(client, pilot)

    assert client.get("/").status_code == 200


def test_a_mandate_given_today_asks_for_the_factor_today(client, at, site):
    user = services.create_user(email="n@exemple.fr", name="N", password=PASSWORD, at=at)
    sign_in(client, user)
    assert client.get("/").status_code == 200
    factories.AnyMandate(user=user, site=site, begins_on=timezone.localdate())

    assert client.get("/")["Location"] == SETUP


def test_the_one_click_accounts_of_a_demonstration_are_believed_there_alone(client, amel, settings):
    from citeslab.demo.models import Demonstration

    Demonstration.objects.create(made_at=timezone.now(), seed=1, until=timezone.localdate())
    amel.email = "advisor@exemple.fr"
    amel.save()
    settings.DEMO = True
    client.post(reverse("demo:sign_in"), {"account": "advisor"})
    assert client.get(PEOPLE).status_code == 200
    settings.DEMO = False

    assert client.get(PEOPLE)["Location"] == SETUP
