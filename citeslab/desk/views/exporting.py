"""The list as a file: what for, which columns; at once, or by a job that shows how far it is."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from citeslab.desk import forms, tasks
from citeslab.desk.enums import Format
from citeslab.desk.exports import USUAL
from citeslab.desk.models import KEPT, Export
from citeslab.desk.services import exporting
from citeslab.desk.views.lists import asked_by
from citeslab.ui.exports import TYPES


@require_http_methods(["GET", "HEAD", "POST"])
def exports(request):
    """Ask for the list of the address as a file."""
    asked = asked_by(request)
    count = asked.listed().order_by().count()
    last = Export.objects.filter(user=request.user).order_by("-asked_at", "-pk").first()
    usual = {
        "purpose": last.purpose if last else None,
        "format": last.format if last else Format.XLSX,
        "columns": last.columns if last else USUAL,
    }
    form = forms.Export(request.POST or None, initial=usual)
    if request.method == "POST" and count and form.is_valid():
        on, at = timezone.localdate(), timezone.now()
        export = exporting.ask(
            question=asked.question,
            rows=count,
            sites=asked.sites,
            language=get_language(),
            by=request.user,
            at=at,
            **form.cleaned_data,
        )
        if count <= exporting.AT_ONCE:
            return file(exporting.write_now(export=export, on=on, at=at), export)
        tasks.write_file.defer(export_id=export.pk)
        return redirect("desk:export", export.pk)
    recent = Export.objects.filter(
        user=request.user, forgotten_at=None, asked_at__gt=timezone.now() - KEPT, rows__gt=exporting.AT_ONCE
    )
    return TemplateResponse(
        request,
        "desk/people/export.html",
        {
            "form": form,
            "count": count,
            "is_long": count > exporting.AT_ONCE,
            "question": asked.question,
            "recent": recent.defer("content").order_by("-asked_at"),
        },
        status=422 if form.errors else 200,
    )


def hers_or_404(request, pk) -> Export:
    """Her own, within the day, while she still sees the people of every site that it may hold."""
    asked = asked_by(request)
    export = get_object_or_404(Export.objects.defer("content"), pk=pk, user=request.user, forgotten_at=None)
    if timezone.now() > export.until or set(export.sites) - {site.pk for site in asked.sites}:
        raise Http404
    return export


@require_safe
def export(request, pk):
    """How far the file is, then the file."""
    page = "desk/people/export_progress.html"
    return TemplateResponse(request, f"{page}#progress" if request.htmx else page, {"export": hers_or_404(request, pk)})


@require_safe
def export_file(request, pk):
    found = hers_or_404(request, pk)
    if not found.finished_at or not found.content:
        raise Http404
    exporting.record_download(export=found, by=request.user, at=timezone.now())
    return file(bytes(found.content), found)


def file(content: bytes, export: Export) -> HttpResponse:
    day = timezone.localdate(export.asked_at).isoformat()
    name = f"{_('people')}-{day}.{export.format.lower()}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=TYPES[export.format], headers=headers)
