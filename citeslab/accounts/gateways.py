"""The way to an identity provider (OpenID Connect, as ProConnect speaks it): code, PKCE, nonce, signed answers."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

import jwt
import requests
from django.conf import settings

TIMEOUT = 10  # seconds
ALGORITHMS = ["RS256", "ES256", "PS256"]
LEEWAY = 60  # seconds between two clocks


class IdentityRefused(Exception):
    """The provider did not answer, or its answer proves nothing; the text is for the log, without any claim."""


@dataclass(frozen=True)
class Claims:
    """Who the provider says it is; `email` is empty unless the provider vouches for it."""

    issuer: str
    subject: str
    email: str
    name: str
    second_factor: bool


def provider() -> dict[str, Any]:
    return cast(dict[str, Any], settings.IDENTITY)


def secrets_of_a_visit() -> dict[str, str]:
    """What ties the answer to the visit that asked: kept in the session until then."""
    return {name: secrets.token_urlsafe(48) for name in ("state", "nonce", "verifier")}


def address(visit: dict[str, str], *, back: str) -> str:
    """Where the browser is sent."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(visit["verifier"].encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": provider()["client_id"],
        "redirect_uri": back,
        "scope": provider()["scopes"],
        "state": visit["state"],
        "nonce": visit["nonce"],
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{discovered()['authorization_endpoint']}?{urlencode(asked)}"


def claims_of(code: str, visit: dict[str, str], *, back: str) -> Claims:
    """Exchange the code for what the provider says, each answer checked; raises `IdentityRefused`."""
    try:
        found = discovered()
        keys = jwt.PyJWKSet.from_dict(asked("GET", found["jwks_uri"]).json())
        tokens = asked(
            "POST",
            found["token_endpoint"],
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": back,
                "code_verifier": visit["verifier"],
                "client_id": provider()["client_id"],
                "client_secret": provider()["client_secret"],
            },
        ).json()
        proven = verified(tokens["id_token"], keys, found["issuer"])
        if not secrets.compare_digest(str(proven.get("nonce", "")), visit["nonce"]):
            raise IdentityRefused("the nonce is not ours")
        answer = asked("GET", found["userinfo_endpoint"], headers={"Authorization": f"Bearer {tokens['access_token']}"})
        is_signed = answer.headers.get("Content-Type", "").startswith("application/jwt")
        told = verified(answer.text, keys, found["issuer"], dated=False) if is_signed else answer.json()
    except (KeyError, ValueError, jwt.PyJWTError, requests.RequestException) as error:
        raise IdentityRefused(type(error).__name__) from error
    if not proven.get("sub") or told.get("sub") != proven["sub"]:
        raise IdentityRefused("the two answers are not about the same person")
    return Claims(
        issuer=found["issuer"],
        subject=str(proven["sub"]),
        email=str(told.get("email", "")) if told.get("email_verified", True) is True else "",
        name=spoken_name(told),
        second_factor="mfa" in (proven.get("amr") or []) or proven.get("acr") in provider()["two_factors"],
    )


def discovered() -> dict:
    found = asked("GET", f"{provider()['issuer'].rstrip('/')}/.well-known/openid-configuration").json()
    if found.get("issuer", "").rstrip("/") != provider()["issuer"].rstrip("/"):
        raise IdentityRefused("another issuer answers")
    return found


def asked(method: str, url: str, **more) -> requests.Response:
    try:
        answer = requests.request(method, url, timeout=TIMEOUT, allow_redirects=False, **more)
        answer.raise_for_status()
    except requests.RequestException as error:
        raise IdentityRefused(type(error).__name__) from error
    return answer


def verified(token: str, keys: jwt.PyJWKSet, issuer: str, *, dated: bool = True) -> dict:
    """What a signed answer holds: by a key of the provider, from it, for us, and not over."""
    header = jwt.get_unverified_header(token)
    key = keys[header["kid"]] if "kid" in header else keys.keys[0]
    return jwt.decode(
        token,
        key.key,
        algorithms=ALGORITHMS,
        issuer=issuer,
        audience=provider()["client_id"],
        leeway=LEEWAY,
        options={"require": ["iss", "aud", "sub", *(["exp"] if dated else [])]},
    )


def spoken_name(told: dict) -> str:
    parts = [told.get("given_name"), told.get("usual_name") or told.get("family_name")]
    return " ".join(str(part) for part in parts if part) or str(told.get("name") or "")
