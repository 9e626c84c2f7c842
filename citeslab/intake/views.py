"""Doors of intake: workbooks sent, previewed, taken in, their rows to correct."""

from pathlib import PurePath

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.audit import services as audit
from citeslab.intake import exports, forms, services
from citeslab.intake.errors import Unreadable
from citeslab.intake.models import Workbook
from citeslab.network.models import Site

ON_A_PAGE = 20
FAULTS_ON_A_PAGE = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def visible(request):
    return Workbook.objects.visible_to(request.user, on=timezone.localdate()).select_related(
        "site", "sent_by", "taken_in_by"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def workbooks(request):
    """The workbooks of her sites; send one more."""
    sites = Site.objects.with_names_for(request.user, on=timezone.localdate()).order_by("sort_key", "pk")
    if not sites:
        raise Http404
    form = forms.Upload(request.POST or None, request.FILES or None, sites=sites)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            received = services.receive(
                site=form.chosen_site,
                name=PurePath(file.name).name,
                content=file.read(),
                by=request.user,
                at=timezone.now(),
            )
        except Unreadable as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("intake:workbook", received.pk)
    sent = visible(request).defer("content", "findings").order_by("-sent_at", "-pk")
    return TemplateResponse(
        request,
        "intake/workbooks.html",
        {"form": form, "page": Paginator(sent, ON_A_PAGE).get_page(request.GET.get("page"))},
        status=422 if form.errors else 200,
    )


@require_safe
def workbook(request, pk):
    """What a workbook says, what it would change, and what keeps rows out."""
    return preview(request, get_object_or_404(visible(request).defer("content"), pk=pk))


def preview(request, found, *, refusal="", status=200):
    told = exports.told(found.findings)
    return TemplateResponse(
        request,
        "intake/workbook.html",
        {
            "workbook": found,
            "told": told,
            "page": Paginator(told.faults, FAULTS_ON_A_PAGE).get_page(request.GET.get("page")),
            "refusal": refusal,
            "where": found.site.name,
        },
        status=status,
    )


@require_POST
def taking_in(request, pk):
    """Take the workbook in, whole, or without the rows that are bad."""
    found = get_object_or_404(visible(request), pk=pk)
    skip_bad_rows = request.POST.get("rows") == "right"
    try:
        outcome = services.take_in_received(
            workbook=found, skip_bad_rows=skip_bad_rows, by=request.user, at=timezone.now()
        )
    except (services.BadRows, services.AlreadyTakenIn, Unreadable) as refusal:
        return preview(request, found, refusal=str(refusal), status=422)
    written = sum(count.created + count.updated for count in outcome.counts.values())
    said = ngettext("The workbook is in: %(rows)s row written.", "The workbook is in: %(rows)s rows written.", written)
    messages.success(request, said % {"rows": written})
    return redirect("intake:workbook", pk)


@require_safe
def corrections(request, pk):
    """The rows to correct, as a workbook that is sent here again."""
    found = get_object_or_404(visible(request), pk=pk)
    if not found.content or not found.findings["faults"]:
        raise Http404
    at = timezone.now()
    audit.record("intake.corrections.read", found, by=request.user, at=at)
    content = bytes(found.content) if found.taken_in_at else services.corrections_of(workbook=found, at=at)
    name = _("to-correct-%(day)s.xlsx") % {"day": timezone.localdate().isoformat()}
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=XLSX, headers=headers)


@require_POST
def removal(request, pk):
    """Remove a workbook from the list; what was taken in stays."""
    services.drop(workbook=get_object_or_404(visible(request), pk=pk), by=request.user, at=timezone.now())
    messages.success(request, _("The workbook is removed."))
    return redirect("intake:workbooks")
