"""Doors of reports: those begun, a draft, its files, what is sealed and what moved since."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from citeslab.audit import services as audit
from citeslab.core.values import last_day
from citeslab.figures import exports, forms, queries, rules, services
from citeslab.figures.enums import Format, Secrecy
from citeslab.figures.models import Report
from citeslab.network.rules import roles

TYPES = {
    Format.PDF: "application/pdf",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def draft_of(request, pk):
    """A report whose numbers of today this user sees; else 404."""
    return get_object_or_404(Report.objects.drafts_visible_to(request.user, on=timezone.localdate()), pk=pk)


def version_of(request, pk, number):
    """A sealed version that this user may read; else 404."""
    on = timezone.localdate()
    report = get_object_or_404(Report.objects.visible_to(request.user, on=on), pk=pk)
    version = get_object_or_404(report.versions.select_related("report", "sealed_by"), number=number)
    if not rules.may_read_sealed(request.user, version, on=on):
        raise Http404
    return version


def drawn_draft(report, *, at):
    """The document of today, in the language of the page."""
    answered = queries.answers(
        queries.blocks_for(report),
        perimeter=report.perimeter,
        year=report.year,
        secrecy=Secrecy(report.secrecy),
    )
    document = exports.document(
        report,
        answered,
        definitions=queries.definitions_of(queries.numbers_of(answered)),
        known_by=at,
        year_runs=timezone.localdate(at) <= last_day(report.year),
    )
    return answered, document


def as_file(made, *, reference, language, format):
    name = exports.name_of_file(reference, language, format)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(made, content_type=TYPES[Format(format)], headers=headers)


@require_safe
def reports(request):
    """The reports that this user may read, the latest year first."""
    on = timezone.localdate()
    if not roles(request.user, on=on):
        raise Http404
    told = list(
        Report.objects.visible_to(request.user, on=on).prefetch_related("versions").order_by("-year", "reference")
    )
    drafts = set(Report.objects.drafts_visible_to(request.user, on=on).values_list("pk", flat=True))
    names = queries.names_of({one.perimeter for one in told})
    rows = []
    for one in told:
        shown = [version for version in one.versions.all() if one.pk in drafts or version.is_protected]
        rows.append(
            {
                "report": one,
                "title": exports.title_of(one.kind, one.year, names[one.perimeter]),
                "url": one.get_absolute_url() if one.pk in drafts else shown[-1].get_absolute_url(),
                "versions": shown,
            }
        )
    makes_reports = rules.makes_reports(request.user, on=on)
    return TemplateResponse(request, "figures/reports.html", {"reports": rows, "makes_reports": makes_reports})


@require_http_methods(["GET", "POST"])
def new_report(request):
    """Begin a report: which kind, whose, which year."""
    on = timezone.localdate()
    perimeters = queries.reported_perimeters(request.user, on=on)
    if not perimeters:
        raise Http404
    form = forms.NewReport(request.POST or None, perimeters=perimeters, on=on)
    if request.method == "POST" and form.is_valid():
        try:
            report = services.begin(**form.asked(), by=request.user, at=timezone.now())
        except services.YearNotBegun as refusal:
            form.add_error("annee", str(refusal))
        except services.StrictBefore as refusal:
            form.add_error("secrecy", str(refusal))
        else:
            if report.secrecy != form.asked()["secrecy"]:
                said = _("This report was begun before, and keeps what it began with: %(secrecy)s.")
                messages.info(request, said % {"secrecy": report.get_secrecy_display()})
            return redirect(report)
    return TemplateResponse(request, "figures/new_report.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def report(request, pk):
    """The draft, computed now."""
    on = timezone.localdate()
    found = draft_of(request, pk)
    _answered, document = drawn_draft(found, at=timezone.now())
    return TemplateResponse(
        request,
        "figures/report.html",
        {
            "report": found,
            "document": document,
            "versions": list(found.versions.all()),
            "seals_here": rules.seals_here(request.user, found, on=on),
        },
    )


@require_safe
def draft_file(request, pk, format):
    """The draft as a PDF or a workbook, of today's numbers."""
    found = draft_of(request, pk)
    if format not in Format:
        raise Http404
    at = timezone.now()
    _answered, document = drawn_draft(found, at=at)
    made = exports.file_of(document, format, at=at)
    audit.record("figures.report.taken", found, by=request.user, at=at, format=format)
    return as_file(made, reference=f"{found.reference}-draft", language=get_language(), format=format)


@require_http_methods(["GET", "POST"])
def sealing(request, pk):
    """What would be frozen and what to know first; then the seal."""
    on = timezone.localdate()
    found = draft_of(request, pk)
    if not rules.seals_here(request.user, found, on=on):
        raise Http404
    at = timezone.now()
    before = found.versions.last()
    form = forms.Sealing(request.POST if request.method == "POST" else None, corrects=before.number if before else 0)
    if request.method == "POST" and form.is_valid():
        try:
            version = services.seal(report=found, reason=form.cleaned_data.get("reason", ""), by=request.user, at=at)
        except services.Leaks as refusal:
            form.add_error(None, exports.given_away(refusal.leaks))
        except (services.ReasonMissing, services.RegisterMoved) as refusal:  # or someone sealed it in the same second
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Version %(number)s is sealed.") % {"number": version.number})
            return redirect(version)
    answered, document = drawn_draft(found, at=at)
    numbers = queries.numbers_of(answered)
    return TemplateResponse(
        request,
        "figures/sealing.html",
        {
            "report": found,
            "title": document["title"],
            "form": form,
            "before": before,
            "number": before.number + 1 if before else 1,
            "numbers": len(numbers),
            "definitions": len(document["definitions"]),
            "doubts": queries.doubts(found, answered, on=on),
            "moves": moves_since(before, found, numbers, at=at) if before else None,
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def moves_since(before, found, numbers, *, at):
    """What moved from a version to today, as a table; nothing when nothing did."""
    moved = queries.moved(
        before.frozen["numbers"],
        numbers,
        perimeter=found.perimeter,
        since=before.known_by,
        until=at,
        secrecy=Secrecy(found.secrecy),
        redefined=queries.redefined(before.frozen["definitions"]),
    )
    sealed = _("Version %(number)s") % {"number": before.number}
    return exports.moves(moved, before=sealed, after=_("Today")) if moved else None


@require_safe
def sealed_version(request, pk, number):
    """What was sealed, as it was."""
    version = version_of(request, pk, number)
    documents = version.frozen["documents"]
    language = get_language() if get_language() in documents else settings.LANGUAGE_CODE
    return TemplateResponse(
        request,
        "figures/sealed_version.html",
        {
            "version": version,
            "report": version.report,
            "document": documents[language],
            "later": version.report.versions.filter(number__gt=version.number).last(),
            "has_draft": Report.objects.drafts_visible_to(request.user, on=timezone.localdate())
            .filter(pk=version.report_id)
            .exists(),
            "files": [(name, one) for name, one in sorted(version.files.items()) if name.startswith(language)],
        },
    )


@require_safe
def sealed_file(request, pk, number, format):
    """A sealed version as a PDF or a workbook, made again from what is frozen."""
    version = version_of(request, pk, number)
    documents = version.frozen["documents"]
    if format not in Format:
        raise Http404
    language = get_language() if get_language() in documents else settings.LANGUAGE_CODE
    made = exports.file_of(documents[language], format, sha256=version.sha256, at=version.known_by)
    audit.record("figures.version.taken", version, by=request.user, at=timezone.now(), format=format)
    return as_file(made, reference=version.reference, language=language, format=format)
