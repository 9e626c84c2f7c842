"""What the public pages share: their language in the address, and nothing that a cache may not keep."""

from django.http import HttpResponse
from django.shortcuts import render

from citeslab.core.middleware import kept_language
from citeslab.ui.context_processors import languages


def page(request, template: str, context: dict, *, path: str = "") -> HttpResponse:
    """A page without a form that writes: without a token no cookie is set, and it is the same for everyone."""
    return render(request, template, {"csrf_token": "", **in_languages(request, path), **context})


def in_languages(request, path: str = "") -> dict:
    """The other languages, each with this page and what its address asks; and the language that was asked."""
    asked = {name: value for name, value in request.GET.items() if name != "langue"} if not path else {}
    return {
        "langue": kept_language(request).removeprefix("?langue="),
        "languages": languages(path or request.path, asked),
    }
