"""What holds for each page: a GET cannot write, and no page about people stays in a shared cache."""

import re

from django.db import connection
from django.utils.cache import add_never_cache_headers

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
# the computed figures.
MAY_BE_WRITTEN = (
    "accounts_session",
    "accounts_kept",
    "audit_entry",
    "figures_computed",
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
