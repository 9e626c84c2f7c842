"""Addresses of a page that has no account: the same page in each language, by an address of its own."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.conf import settings
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from citeslab.core.middleware import kept_language


def addresses(request):
    """`kept_language`: what links carry, so that a language that was asked stays. `languages`: the others, each with
    its code, its own name and its address, which `is_in_asked_language` says that this page reads. `own_addresses`:
    what search engines are told of this page.
    """
    return {
        "kept_language": kept_language(request),
        "is_in_asked_language": getattr(request, "is_in_asked_language", False),
        "languages": SimpleLazyObject(lambda: languages(request.path)),
        "own_addresses": SimpleLazyObject(lambda: own_addresses(request.path)),
    }


def languages(path: str, asked: Mapping[str, str] | None = None) -> list[tuple[str, str, str]]:
    """`asked` is what else the address says, and keeps."""
    return [
        (
            code,
            translation.get_language_info(code)["name_local"],
            f"{path}?{urlencode({**(asked or {}), 'langue': code})}",
        )
        for code, _name in settings.LANGUAGES
        if code != translation.get_language()
    ]


def own_addresses(path: str) -> dict:
    """This page's one address, in its language; the same page in each; and without a word, in that of the browser.

    They begin as `PUBLIC_URL` says, whatever host the request names.
    """
    plain = f"{settings.PUBLIC_URL}{path}"
    each = [(code, f"{plain}?langue={code}") for code, _name in settings.LANGUAGES]
    return {"own": f"{plain}?langue={translation.get_language()}", "each": each, "plain": plain}
