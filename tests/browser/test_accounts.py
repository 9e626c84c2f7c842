"""From an invitation to a protected account, in a real browser."""

import re
from urllib.parse import urljoin

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from citeslab.accounts import services as accounts
from citeslab.network import services
from citeslab.network.enums import Role
from tests import factories
from tests.browser.conftest import code_of, faults, picture, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "une phrase assez longue"
SCREENS = [(320, "light", "fr"), (1280, "dark", "fr")]


def look_at(page, name):
    picture(page, name)
    assert faults(page) == []
    assert sideways(page) <= 0
    assert page.errors == []


@pytest.fixture
def advisor(transactional_db):
    user = accounts.create_user(email="ines@exemple.fr", name="Inès Carvalho", password=PASSWORD, at=timezone.now())
    factories.AnyMandate(user=user, site__name="Grand Mirail")
    return user


def sign_in(page, user):
    page.fill("[name=username]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.locator("form.form button").click()


def test_an_invitation_becomes_an_account_with_a_phone_application(open_page, transactional_db):
    """Invitation, name, application, recovery codes; then in again with a code, and with a recovery code."""
    site = factories.AnySite(name="Grand Mirail")
    _invitation, secret = services.invite(
        email="nadia@exemple.fr",
        role=Role.ADVISOR,
        site=site,
        begins_on=timezone.localdate(),
        by=factories.AnyUser(),
        at=timezone.now(),
    )
    page = open_page(reverse("network:invitation", args=[secret]), width=320)
    look_at(page, "invitation-320")
    page.fill("[name=name]", "Nadia Belkacem")
    page.fill("[name=password]", PASSWORD)
    page.locator("form.form button").click()

    page.wait_for_url("**/compte/second-facteur/")
    look_at(page, "second-factor-320")
    page.locator(f'a[href="{reverse("accounts:application")}"]').click()
    page.locator("summary").last.click()
    look_at(page, "application-320")
    key = page.locator(".secret").inner_text().replace(" ", "")
    page.fill("[name=code]", code_of(key))
    page.locator("form.form button").click()

    page.wait_for_url("**/codes/")
    look_at(page, "recovery-codes-320")
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    page.locator("a.button-main").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Nadia$"))

    for proof in (lambda: code_of(key), lambda: codes[0]):
        page.context.clear_cookies(name="sessionid")
        page.goto(urljoin(page.url, reverse("accounts:sign_in")))
        page.fill("[name=username]", "nadia@exemple.fr")
        page.fill("[name=password]", PASSWORD)
        page.locator("form.form button").click()
        page.wait_for_url("**/connexion/code/")
        look_at(page, "second-step-320")
        page.fill("[name=code]", proof())
        page.locator("form.form button").click()
        page.wait_for_url(re.compile(r"/$"))
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Nadia$"))


def test_a_passkey_is_made_and_opens_the_account(open_page, advisor):
    page = open_page(reverse("desk:people"))
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    sign_in(page, advisor)
    page.wait_for_url("**/compte/second-facteur/")
    page.locator("a.button-main").click()
    look_at(page, "passkey-1280")
    page.fill("[name=name]", "Mon ordinateur")
    page.locator("[data-passkey-go]").click()
    page.wait_for_url("**/codes/")
    assert Authenticator.objects.get(type="webauthn").wrap().name == "Mon ordinateur"

    page.context.clear_cookies(name="sessionid")
    page.goto(page.url.replace(reverse("accounts:recovery_codes"), reverse("desk:people")))
    sign_in(page, advisor)
    page.wait_for_url("**/connexion/code/")
    look_at(page, "second-step-passkey-1280")
    page.locator("[data-passkey-go]").click()
    page.wait_for_url("**/personnes/")
    page.goto(page.url.replace(reverse("desk:people"), reverse("accounts:security")))
    expect(page.locator("main")).to_contain_text("Mon ordinateur")


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_pages_of_accounts(open_page, advisor, screen):
    width, scheme, language = screen
    site = advisor.mandates.get().site
    coordinator = factories.AnyMandate(
        role=Role.COORDINATOR, site=None, organization=site.organization, user__name="Samuel Okafor"
    ).user
    factories.AnyMandate(site=site, user__name="Jean-Baptiste Martin-Lefèvre", ends_on=timezone.localdate())
    factories.AnyInvitation(site=site, email="une.adresse.vraiment.longue@association-exemple.fr")
    pages = {
        "accounts": reverse("network:accounts"),
        "invite": reverse("network:invitations"),
        "end-of-mandate": reverse("network:end_of_mandate", args=[advisor.mandates.get().pk]),
        "security": reverse("accounts:security"),
        "password": reverse("accounts:password"),
        "elsewhere": reverse("desk:elsewhere"),
    }
    for name, path in pages.items():
        page = open_page(path, user=coordinator, width=width, scheme=scheme, language=language)
        look_at(page, f"{name}-{width}-{scheme}")
    for name in ("forgotten_password",):
        page = open_page(reverse(f"accounts:{name}"), width=width, scheme=scheme, language=language)
        look_at(page, f"{name}-{width}-{scheme}")
