"""Doors for everyone: published years, their files, the definitions. Nothing is computed from today's books."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import quote_etag

from citeslab.core.middleware import at_hand, for_everyone
from citeslab.figures import exports, queries
from citeslab.figures.definitions.indicators import BY_ID, INDICATORS
from citeslab.figures.definitions.statements import SAID_ON
from citeslab.figures.models import Publication

FILES_KEPT = 24 * 3600  # seconds: a publication never changes
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "md": "text/markdown; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "zip": "application/zip",
}


@at_hand
def figures(request):
    """The network in figures: the last published year; kindly said when there is none."""
    years = queries.published_years()
    return page_of_year(request, years[0], years) if years else page(request, "figures/not_published.html", {})


@at_hand
def year(request, year):
    """A published year, whose address stays."""
    years = queries.published_years()
    if year not in years:
        raise Http404
    return page_of_year(request, year, years)


def page_of_year(request, year, years):
    found = queries.published(year)
    return page(
        request,
        "figures/published.html",
        {
            **exports.year_page(found),
            "found": found,
            "others": [one for one in years if one != year],
            "said_on": SAID_ON,
            "archive": exports.archive_name(found.reference),
        },
    )


@for_everyone
def definitions(request):
    """What each published figure means, and how it came to mean it."""
    return page(request, "figures/published_definitions.html", {"indicators": INDICATORS, "by_id": BY_ID})


@for_everyone
def file(request, year, number, name):
    """A file of a publication, made again from the register: what was hidden is not in it."""
    found = get_object_or_404(Publication.objects.only("pk", "digest"), year=year, number=number)
    files = exports.files_of_publication(found.pk, found.digest)
    if name not in files:
        raise Http404
    response = HttpResponse(
        files[name],
        content_type=TYPES[name.rpartition(".")[2]],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "ETag": quote_etag(f"{found.digest}-{name}"),
        },
    )
    patch_cache_control(response, public=True, max_age=FILES_KEPT)
    return response


def page(request, template, context):
    """Without a cookie: no form here writes."""
    return render(
        request,
        template,
        {
            "csrf_token": "",
            "agenda": reverse("workshops:agenda"),
            **context,
        },
    )
