"""Sign-in by an identity provider, against a real one on this machine, which signs its answers as ProConnect does."""

import re
from urllib.parse import parse_qs, urlparse

import pytest
import requests
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citeslab.accounts.models import Identity, User
from citeslab.network import services
from citeslab.network.enums import Role
from tests import factories

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of the provider's own libraries
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]
BACK = reverse("accounts:identity_return")
PEOPLE = reverse("desk:people")
NADIA = {"email": "nadia@exemple.fr", "email_verified": True, "given_name": "Nadia", "usual_name": "Belkacem"}


@pytest.fixture(scope="module")
def provider():
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import flask
        from authlib import jose
        from oidc_provider_mock import _app, _server

        app = _app.app(require_nonce=True)
        plain = app.view_functions["oidc-provider-mock.userinfo"]

        def signed(*args, **kwargs):
            told = plain(*args, **kwargs)
            claims = told.get_json() | {"iss": flask.request.host_url.rstrip("/"), "aud": "citeslab"}
            if app.config.get("LIES_ABOUT"):
                claims |= app.config["LIES_ABOUT"]
            key = jose.RSAKey.generate_key(is_private=True) if app.config.get("FORGES") else _app.storage.jwk
            header = {"alg": "RS256", "kid": _app.storage.jwk.thumbprint()}
            token = jose.jwt.encode(header, claims, key)
            return flask.Response(token, content_type="application/jwt")

        app.view_functions["oidc-provider-mock.userinfo"] = signed
        with _server._threaded_server(app=app) as server:
            server.ours = app
            server.url = f"http://localhost:{server.server_port}"
            yield server


@pytest.fixture(autouse=True)
def identity(provider, settings):
    settings.IDENTITY = {
        "name": "ProConnect",
        "issuer": provider.url,
        "client_id": "citeslab",
        "client_secret": "between-us",
        "scopes": "openid profile email",
        "two_factors": ["eidas2"],
    }
    yield
    provider.ours.config.pop("LIES_ABOUT", None)
    provider.ours.config.pop("FORGES", None)


def known_as(provider, subject, **claims):
    requests.put(f"{provider.url}/users/{subject}", json=claims).raise_for_status()


def answer_of(provider, client, subject, **asked) -> str:
    """The address by which the provider sends the browser back."""
    sent = client.post(reverse("accounts:identity"), asked)
    said = requests.post(sent["Location"], data={"sub": subject}, allow_redirects=False)
    assert said.status_code == 302, said.text
    return said.headers["Location"].removeprefix("http://127.0.0.1:8000")


def sign_in(provider, client, subject, **asked):
    return client.get(answer_of(provider, client, subject, **asked))


@pytest.fixture
def nadia(site, provider):
    user = factories.AnyMandate(site=site, user__email="nadia@exemple.fr").user
    Identity.objects.create(user=user, issuer=provider.url, subject="sub-nadia", linked_at=timezone.now())
    return user


def test_a_known_identity_signs_in_and_goes_where_she_wanted(client, provider, nadia):
    known_as(provider, "sub-nadia", **NADIA, amr=["pwd", "mfa"])
    answer = sign_in(provider, client, "sub-nadia", next=PEOPLE)

    assert answer["Location"] == PEOPLE
    assert client.get(PEOPLE).status_code == 200


@pytest.mark.parametrize(("claims", "is_enough"), [({"acr": "eidas2"}, True), ({"acr": "eidas1"}, False), ({}, False)])
def test_the_provider_is_believed_about_two_factors_only_when_it_says_so(client, provider, nadia, claims, is_enough):
    known_as(provider, "sub-nadia", **NADIA, **claims)
    sign_in(provider, client, "sub-nadia")

    assert (client.get(PEOPLE).status_code == 200) is is_enough


def test_an_address_alone_never_opens_an_account(client, provider, site):
    factories.AnyMandate(site=site, user__email="nadia@exemple.fr")
    known_as(provider, "sub-stranger", **NADIA, amr=["mfa"])
    answer = sign_in(provider, client, "sub-stranger")

    assert answer.status_code == 403
    assert "_auth_user_id" not in client.session
    assert not Identity.objects.exists()


def invitation(site, email="Nadia@exemple.fr") -> str:
    at = timezone.now()
    by = factories.AnyUser()
    _row, secret = services.invite(
        email=email, role=Role.ADVISOR, site=site, begins_on=timezone.localdate(), by=by, at=at
    )
    return secret


def test_an_invitation_to_this_very_address_opens_the_account(client, provider, site):
    known_as(provider, "sub-new", **NADIA, amr=["mfa"])
    secret = invitation(site)
    assert sign_in(provider, client, "sub-new", invitation=secret).status_code == 302

    user = User.objects.get(email__iexact="nadia@exemple.fr")
    assert (user.name, user.mandates.get().site) == ("Nadia Belkacem", site)
    assert client.get(PEOPLE).status_code == 200
    again = Client()
    assert sign_in(provider, again, "sub-new")["Location"] == "/"


@pytest.mark.parametrize("claims", [{"email": "autre@exemple.fr"}, {"email_verified": False}])
def test_an_invitation_to_another_address_opens_nothing(client, provider, site, claims):
    known_as(provider, "sub-other", **(NADIA | claims))
    assert sign_in(provider, client, "sub-other", invitation=invitation(site)).status_code == 403
    assert not User.objects.filter(email__iexact="nadia@exemple.fr").exists()


def test_an_answer_cannot_be_played_again_nor_in_another_browser(client, provider, nadia):
    known_as(provider, "sub-nadia", **NADIA)
    answer = answer_of(provider, client, "sub-nadia")

    assert Client().get(answer).status_code == 403
    assert client.get(answer).status_code == 302
    client.post(reverse("accounts:sign_out"))
    assert client.get(answer).status_code == 403


def test_an_answer_to_another_visit_is_refused(client, provider, nadia):
    """Its nonce is of the first visit, the state of the second."""
    known_as(provider, "sub-nadia", **NADIA)
    first = parse_qs(urlparse(answer_of(provider, client, "sub-nadia")).query)
    second = parse_qs(urlparse(answer_of(provider, client, "sub-nadia")).query)
    answer = client.get(BACK, {"code": first["code"][0], "state": second["state"][0]})

    assert answer.status_code == 403


@pytest.mark.parametrize("fault", [{"sub": "sub-other"}, {"aud": "somebody-else"}, {"iss": "https://elsewhere"}])
def test_what_the_provider_tells_must_be_about_her_from_it_and_for_us(client, provider, nadia, fault):
    known_as(provider, "sub-nadia", **NADIA)
    provider.ours.config["LIES_ABOUT"] = fault
    assert sign_in(provider, client, "sub-nadia").status_code == 403


def test_what_is_signed_by_another_key_is_refused(client, provider, nadia):
    known_as(provider, "sub-nadia", **NADIA)
    provider.ours.config["FORGES"] = True
    assert sign_in(provider, client, "sub-nadia").status_code == 403


def test_a_provider_that_does_not_answer_is_said_kindly(client, settings):
    settings.IDENTITY = settings.IDENTITY | {"issuer": "http://localhost:1"}
    answer = client.post(reverse("accounts:identity"))
    assert answer.status_code == 403
    assert re.search(r"<h1>.+</h1>", answer.content.decode())


def test_a_refusal_at_the_provider_comes_back(client, provider):
    client.post(reverse("accounts:identity"))
    assert client.get(BACK, {"error": "access_denied", "state": "x"}).status_code == 403


def test_who_is_signed_in_links_her_identity(client, provider, advisor):
    known_as(provider, "sub-link", email="ailleurs@exemple.fr")
    client.force_login(advisor)
    assert sign_in(provider, client, "sub-link")["Location"] == reverse("accounts:security")
    assert Identity.objects.get().user == advisor

    other = Client()
    other.force_login(factories.AnyUser())
    assert sign_in(provider, other, "sub-link").status_code == 403
    assert Identity.objects.get().user == advisor


def test_a_closed_account_stays_closed(client, provider, nadia):
    from citeslab.accounts.services import close_account

    close_account(user=nadia, by=factories.AnyUser(), at=timezone.now())
    known_as(provider, "sub-nadia", **NADIA)
    assert sign_in(provider, client, "sub-nadia").status_code == 403


def test_without_a_provider_there_is_no_such_door(client, settings):
    settings.IDENTITY = None
    assert client.post(reverse("accounts:identity")).status_code == 404
    assert client.get(BACK).status_code == 404
    assert "ProConnect" not in client.get(reverse("accounts:sign_in")).content.decode()
