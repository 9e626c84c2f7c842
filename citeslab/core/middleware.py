"""What holds for each page: a GET cannot write, and no page about people stays in a shared cache."""

import gzip
import re
import threading
import time
from collections import OrderedDict
from functools import wraps
from uuid import uuid4

import brotli
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection, transaction
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.response import SimpleTemplateResponse
from django.utils import translation
from django.utils.cache import (
    add_never_cache_headers,
    get_conditional_response,
    patch_cache_control,
    patch_vary_headers,
)
from django.utils.decorators import decorator_from_middleware
from django.utils.deprecation import MiddlewareMixin
from django.views.decorators.http import conditional_page, require_safe

from citeslab.core.models import one_page

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
READS = (
    "SELECT",
    "WITH",
    "EXPLAIN",
    "SET TRANSACTION",
    "SAVEPOINT",
    "RELEASE SAVEPOINT",
    "ROLLBACK TO SAVEPOINT",
)
WRITES = re.compile(r"\b(INSERT INTO|DELETE FROM|MERGE INTO|(?<!FOR )UPDATE)\b")
# A page view moves these all the same: the session's own row, what is counted for a while, the journal of reads,
# the computed figures and what is hidden of them.
MAY_BE_WRITTEN = (
    "accounts_session",
    "accounts_kept",
    "audit_entry",
    "figures_computed",
    "figures_grid",
    "figures_pattern",
    "referrals_knock",
    "pg_advisory_xact_lock",
)


class PageThatReadsTriedToWrite(RuntimeError):
    pass


def refuse_writes(execute, sql, params, many, context):
    statement = str(sql).lstrip(" (\n").upper()
    reads = statement.startswith(READS) and not (statement.startswith("WITH") and WRITES.search(statement))
    if reads or any(table in str(sql) for table in MAY_BE_WRITTEN):
        return execute(sql, params, many, context)
    raise PageThatReadsTriedToWrite(f"A page that only reads tried: {str(sql)[:200]}")


class ReadOnlyPages:
    """A GET runs under a wrapper that lets reads through and refuses the rest.

    A view lifts it with `request.may_write = True`, where who calls has no other way than a GET.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in SAFE:
            return self.get_response(request)

        def refuse(execute, sql, params, many, context):
            if getattr(request, "may_write", False):
                return execute(sql, params, many, context)
            return refuse_writes(execute, sql, params, many, context)

        with connection.execute_wrapper(refuse), one_page():
            return self.get_response(request)


class PrivatePages:
    """A page seen by a signed-in user is kept by no cache."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response


def in_asked_language(view):
    """A page whose address may say its language (`langue`): one that is given, printed, or shown in a frame."""

    @wraps(view)
    def asked(request, *args, **kwargs):
        language = request.GET.get("langue")
        if language in dict(settings.LANGUAGES):
            translation.activate(language)  # until the next request, which chooses its own
            request.LANGUAGE_CODE = language
        request.is_in_asked_language = True
        return view(request, *args, **kwargs)

    return asked


def kept_language(request) -> str:
    """What an address ends with, so that the language that was asked stays; nothing, when none was."""
    language = request.GET.get("langue")
    return f"?langue={language}" if language in dict(settings.LANGUAGES) else ""


SHORTEST_COMPRESSED = 500  # bytes
QUALITY = 5  # of eleven: a page in a millisecond or two
CODINGS = {  # the best first; over plain HTTP browsers take the second alone
    "br": lambda content: brotli.compress(content, quality=QUALITY),
    "gzip": lambda content: gzip.compress(content, compresslevel=QUALITY, mtime=0),
}
REFUSED = re.compile(r"\s*q\s*=\s*0(\.0*)?\s*")


class Compression(MiddlewareMixin):
    """A public page, compressed for who takes it. Not for one that holds a secret: its length would tell of it."""

    def process_response(self, request, response):
        if response.streaming or response.has_header("Content-Encoding"):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        taken = codings_taken(request.headers.get("Accept-Encoding", ""))
        coding = next((coding for coding in CODINGS if coding in taken), None)
        if coding is None or len(response.content) < SHORTEST_COMPRESSED:
            return response
        response.content = CODINGS[coding](response.content)
        response["Content-Length"] = str(len(response.content))
        response["Content-Encoding"] = coding
        etag = response.get("ETag", "")
        if etag.startswith('"'):
            response["ETag"] = f"W/{etag}"  # the same page, not the same bytes
        return response


def codings_taken(header: str) -> set[str]:
    """
    >>> sorted(codings_taken("gzip, br;q=0.5, zstd;q=0"))
    ['br', 'gzip']
    """
    offers = (offer.partition(";") for offer in header.lower().split(","))
    return {name.strip() for name, _semicolon, quality in offers if not REFUSED.fullmatch(quality)}


compressed = decorator_from_middleware(Compression)
KEPT = 60  # seconds that a copy of a public page may be shown


def for_everyone(view):
    """A page without an account, in the language that the address asks, kept for a minute by whoever carries it."""

    @wraps(view)
    def public(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        is_hers = request.user.is_authenticated or CookieStorage.cookie_name in request.COOKIES
        if not is_hers and "Cache-Control" not in response:
            patch_cache_control(response, public=True, max_age=KEPT)
        return response

    return login_not_required(compressed(conditional_page(require_safe(in_asked_language(public)))))


MOST_AT_HAND = 256  # pages that a process holds
_at_hand: OrderedDict[tuple, tuple[float, bytes, list[tuple[str, str]]]] = OrderedDict()
_lock = threading.Lock()


def is_anyones(request) -> bool:
    """Whether a page may be handed to her as it was made for another: nobody is signed in, nothing waits to be told."""
    hers = {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name} & request.COOKIES.keys()
    return request.method == "GET" and settings.PAGES_AT_HAND > 0 and not hers


def kept(key: tuple) -> HttpResponse | None:
    with _lock:
        until, content, headers = _at_hand.get(key, (0.0, b"", []))
    return HttpResponse(content, headers=dict(headers)) if until > time.monotonic() else None


def keep(key: tuple, response: HttpResponse, *, seconds: float) -> None:
    with _lock:
        _at_hand[key] = (time.monotonic() + seconds, response.content, list(response.items()))
        _at_hand.move_to_end(key)
        while len(_at_hand) > MOST_AT_HAND:
            _at_hand.popitem(last=False)


def at_hand(view):
    """A page for everyone, made once a minute by each process and handed as it is to who comes without a session.

    It is what any cache on the way may do with it: nothing that a page of `for_everyone` says is about who asks.
    """
    made = for_everyone(view)

    @wraps(view)
    def given(request, *args, **kwargs):
        if not is_anyones(request):
            return made(request, *args, **kwargs)
        codings = frozenset(CODINGS) & codings_taken(request.headers.get("Accept-Encoding", ""))
        key = (request.get_full_path(), translation.get_language(), codings)
        if response := kept(key):
            return get_conditional_response(request, etag=response.get("ETag"), response=response)
        response = made(request, *args, **kwargs)
        if response.status_code == 200 and "public" in response.get("Cache-Control", "") and not response.cookies:
            keep(key, response, seconds=settings.PAGES_AT_HAND)
        return response

    # A page that is at hand asks nothing of the database; one that is made only reads.
    return login_not_required(transaction.non_atomic_requests(in_asked_language(given)))


FORM_KEPT = 3  # seconds: what a form says of seats is at most so old; its answer is by the table
# What such a page holds of who asked for it: the token against forged forms, and the form's own key.
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
KEY = re.compile(rb'name="key" value="([^"]+)"')


def form_at_hand(view):
    """A public page with a form, made once in some seconds by each process; who asks has a token and a key of her own.

    A whole room may open it at the same minute. Nothing else that it says is about who asks.
    """

    @wraps(view)
    def given(request, *args, **kwargs):
        if not is_anyones(request):
            return view(request, *args, **kwargs)
        key = ("form", request.get_full_path(), translation.get_language())
        if response := kept(key):
            response.content = made_hers(response.content, request)
            return response
        response = view(request, *args, **kwargs)
        if isinstance(response, SimpleTemplateResponse):
            response.render()
        if response.status_code == 200:
            keep(key, response, seconds=min(FORM_KEPT, settings.PAGES_AT_HAND))
        return response

    return given


def made_hers(content: bytes, request) -> bytes:
    """The page with her token, wherever it stands, and a key that no other form has."""
    for pattern, anew in ((TOKEN, lambda: get_token(request)), (KEY, lambda: str(uuid4()))):
        if old := pattern.search(content):
            content = content.replace(old[1], anew().encode())
    return content


def forget_pages() -> None:
    """Make every page anew: a test begins."""
    with _lock:
        _at_hand.clear()
