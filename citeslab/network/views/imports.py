"""Doors: files of structures, posts and coverage."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.network import forms, readers, services
from citeslab.network.enums import Kind
from citeslab.network.errors import Unreadable
from citeslab.network.models import Import
from citeslab.network.views.places import set_by

LINES_ON_A_PAGE = 50
RECENT = 20


@require_http_methods(["GET", "POST"])
def imports(request):
    """Send a file; nothing is written before one has read what it changes."""
    set_by(request)
    form = forms.Upload(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sent = services.receive(
                kind=Kind(form.cleaned_data["kind"]),
                name=file.name,
                content=file.read(),
                by=request.user,
                at=timezone.now(),
            )
        except Unreadable as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("network:network_import", sent.pk)
    columns = [
        (kind.label, [(str(one), one not in wanted.optional) for one in next(iter(wanted.sheets.values()))])
        for kind, wanted in readers.WANTED.items()
    ]
    recent = Import.objects.defer("content", "findings").select_related("sent_by").order_by("-sent_at", "-pk")
    return TemplateResponse(
        request,
        "network/imports.html",
        {"form": form, "columns": columns, "recent": recent[:RECENT]},
        status=422 if form.errors else 200,
    )


@require_safe
def network_import(request, pk):
    """What the file changes, and what keeps it out."""
    set_by(request)
    return preview(request, get_object_or_404(Import.objects.defer("content"), pk=pk))


def preview(request, sent, *, refusal="", status=200):
    found = sent.findings
    return TemplateResponse(
        request,
        "network/import.html",
        {
            "sent": sent,
            "found": found,
            "bad_rows": len({fault["row"] for fault in found["faults"]}),
            "page": Paginator(found["faults"] or found["changes"], LINES_ON_A_PAGE).get_page(request.GET.get("page")),
            "refusal": refusal,
        },
        status=status,
    )


@require_POST
def taking_in(request, pk):
    """Take the file in, whole."""
    set_by(request)
    sent = get_object_or_404(Import.objects.defer("content"), pk=pk)
    try:
        services.take_in_received(sent=sent, by=request.user, at=timezone.now())
    except (services.BadRows, services.AlreadyTakenIn, Unreadable) as refusal:
        sent.refresh_from_db(fields=["findings", "taken_in_at"])
        return preview(request, sent, refusal=str(refusal), status=422)
    messages.success(request, _("The file is in."))
    return redirect("network:network_import", pk)
