"""Doors of agreements: the list and what waits, one of them, what it says, its signature and its reports."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.audit import services as audit
from citeslab.core.values import whole_number
from citeslab.files import gateways as scanner
from citeslab.files.models import StoredFile
from citeslab.funding import exports, forms, queries, rules, services
from citeslab.funding.enums import ReportKind
from citeslab.funding.models import Agreement, ReportDue

ON_A_PAGE = 25


def seen(request, pk):
    """An agreement that this user may read; else 404."""
    found = Agreement.objects.visible_to(request.user, on=timezone.localdate())
    return get_object_or_404(found.select_related("funder", "organization", "recorded_by"), pk=pk)


def written(request, pk):
    """An agreement that this user writes; else 404."""
    found = Agreement.objects.written_by(request.user, on=timezone.localdate())
    return get_object_or_404(found.select_related("funder", "organization"), pk=pk)


def as_file(table, shape):
    name = f"{table.name}-{timezone.localdate().isoformat()}.{shape}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(exports.as_file(table, shape), content_type=exports.TYPES[shape], headers=headers)


@require_safe
def agreements(request):
    """What waits to be done, and every agreement, asked and ordered; the same as a file."""
    on = timezone.localdate()
    if not rules.sees_agreements(request.user, on=on):
        raise Http404
    form = forms.ListFilter(request.GET, on=on)
    asked = form.asked()
    found = queries.listed(Agreement.objects.written_by(request.user, on=on), asked, on=on)
    shape = request.GET.get("sous")
    if shape in exports.TYPES:
        rows = list(found)
        audit.record("funding.agreements.exported", by=request.user, at=timezone.now(), agreements=len(rows))
        return as_file(exports.of_agreements(rows), shape)
    said = request.GET.copy()
    said.pop("page", None)
    return TemplateResponse(
        request,
        "funding/agreements.html",
        {
            "form": form,
            "asked": asked,
            "on": on,
            "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
            "waiting": queries.waiting(request.user, on=on),
            "query": said.urlencode(),
            "keeps_funders": rules.keeps_funders(request.user, on=on),
        },
    )


@require_safe
def agreement(request, pk):
    """What it says, what was paid, and what for; what it owes in writing, and its documents."""
    return shown(request, seen(request, pk))


def shown(request, found, *, signature=None, report=None, document=None, status=200):
    on = timezone.localdate()
    writes = rules.writes(request.user, found, on=on)
    instalments = queries.instalments_of(found, on=on)
    uses = queries.paid_by_use(instalments)
    planned = sum(one.instalment.amount_cents for one in instalments)
    documents = list(StoredFile.objects.of(found).select_related("stored_by").order_by("-stored_at", "-pk"))
    return TemplateResponse(
        request,
        "funding/agreement.html",
        {
            "agreement": found,
            "on": on,
            "phase": found.phase_on(on),
            "writes": writes,
            "sees_list": rules.sees_agreements(request.user, on=on),
            "place_name": queries.name_of(found),
            "instalments": instalments,
            "paid": sum(uses.values()),
            "justified": sum(one.justified.amount_cents for one in instalments if one.justified),
            "left_to_plan": found.committed_cents - planned,
            "uses": [(use.label, cents) for use, cents in uses.items()],
            "posts": queries.posts_paid(found, uses.get("POST", 0)),
            "actions": queries.actions_paid(found),
            "reports": found.reports.standing().select_related("sent_by").order_by("due_on", "pk"),
            "documents": documents,
            "has_scanner": scanner.has_scanner(),
            "signature": signature or forms.Signature(initial={"signed_on": found.signed_on or on}),
            "report": report or forms.NewReport(),
            "document": document or forms.Document(),
            "target_year": min(max(on.year, found.begins_on.year), found.last_on.year),
            "target_place": f"agreement:{found.reference}",
        },
        status=status,
    )


@require_http_methods(["GET", "POST"])
def new_agreement(request):
    """Record an agreement; `?suite=` begins with what the one before it says."""
    on = timezone.localdate()
    if not rules.sees_agreements(request.user, on=on):
        raise Http404
    before = whole_number(request.GET.get("suite", ""))
    former = Agreement.objects.written_by(request.user, on=on).filter(pk=before).first() if before else None
    form = forms.AgreementForm(
        request.POST or None,
        hosts=rules.hosts_of(request.user, on=on),
        keeps_network=rules.keeps_funders(request.user, on=on),
        initial=forms.following(former) if former else None,
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = services.record(
                terms=services.Terms(**form.terms()),
                signed_on=said["signed_on"],
                instalments=said["instalments"] or 0,
                owes_reports=said["owes_reports"],
                by=request.user,
                at=timezone.now(),
            )
        except services.AgreementKnown as refusal:
            form.add_error("reference", str(refusal))
        except services.NoSuchPlace as refusal:
            form.add_error("place", str(refusal))
        else:
            messages.success(request, _("The agreement is recorded. Say now what it pays for."))
            return redirect(made)
    page = {"form": form, "former": former, "keeps_funders": rules.keeps_funders(request.user, on=on)}
    return TemplateResponse(request, "funding/new_agreement.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def terms(request, pk):
    """Change what it says, until it is signed."""
    on = timezone.localdate()
    found = written(request, pk)
    if found.signed_on:
        raise Http404
    form = forms.AgreementForm(
        request.POST or None,
        hosts=rules.hosts_of(request.user, on=on),
        keeps_network=rules.keeps_funders(request.user, on=on),
        agreement=found,
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change(agreement=found, terms=services.Terms(**form.terms()), by=request.user, at=timezone.now())
        except services.AgreementKnown as refusal:
            form.add_error("reference", str(refusal))
        except services.NoSuchPlace as refusal:
            form.add_error("place", str(refusal))
        except (services.AlreadySigned, services.HoldsMore) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The agreement is changed."))
            return redirect(found)
    return TemplateResponse(
        request, "funding/terms.html", {"form": form, "agreement": found}, status=422 if form.errors else 200
    )


@require_POST
def signature(request, pk):
    """From that day on it may be paid."""
    found = written(request, pk)
    form = forms.Signature(request.POST)
    if form.is_valid():
        try:
            services.sign(agreement=found, signed_on=form.cleaned_data["signed_on"], by=request.user, at=timezone.now())
        except services.AlreadySigned as refusal:
            form.add_error("signed_on", str(refusal))
        else:
            messages.success(request, _("The signature is recorded."))
            return redirect(found)
    return shown(request, found, signature=form, status=422)


@require_POST
def new_report(request, pk):
    """One more report in the calendar."""
    found = written(request, pk)
    form = forms.NewReport(request.POST)
    if form.is_valid():
        services.owe_report(
            agreement=found,
            kind=ReportKind(form.cleaned_data["kind"]),
            due_on=form.cleaned_data["due_on"],
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("The report is in the calendar."))
        return redirect(found)
    return shown(request, found, report=form, status=422)


def report_written(request, pk):
    hers = Agreement.objects.written_by(request.user, on=timezone.localdate())
    reports = ReportDue.objects.filter(agreement__in=hers).select_related("agreement")
    return get_object_or_404(reports, pk=pk)


@require_POST
def sending(request, pk):
    """It left today."""
    report = report_written(request, pk)
    services.send_report(report=report, sent_on=timezone.localdate(), by=request.user, at=timezone.now())
    messages.success(request, _("The report is noted as sent today."))
    return redirect(report.agreement)


@require_POST
def report_withdrawal(request, pk):
    """It is owed no more."""
    report = report_written(request, pk)
    services.withdraw_report(report=report, by=request.user, at=timezone.now())
    messages.success(request, _("The report is out of the calendar."))
    return redirect(report.agreement)
