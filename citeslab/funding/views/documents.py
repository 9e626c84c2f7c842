"""Doors of the documents of an agreement: sent, served by right, taken away."""

from datetime import timedelta
from pathlib import PurePath
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from citeslab.files import services as files
from citeslab.files.enums import SERVED
from citeslab.files.errors import NotTaken
from citeslab.files.models import StoredFile
from citeslab.funding import forms, rules
from citeslab.funding.models import Agreement
from citeslab.funding.views.agreements import shown, written


@require_POST
def new_document(request, pk):
    """Keep a document beside the agreement, ten years after its end."""
    agreement = written(request, pk)
    form = forms.Document(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            stored = files.store(
                owner=agreement,
                name=PurePath(file.name).name,
                content=file.read(),
                kept_until=agreement.ends_on + timedelta(days=rules.DOCUMENT_DAYS),
                by=request.user,
                at=timezone.now(),
            )
        except NotTaken as refusal:
            form.add_error("file", str(refusal))
        else:
            if stored.verdict in SERVED:
                messages.success(request, _("The document is kept."))
            else:
                messages.warning(request, _("The document is in quarantine: nobody can open it."))
            return redirect(agreement)
    return shown(request, agreement, document=form, status=422)


def stored_of(request, pk, agreements):
    """A document of one of these agreements; else 404."""
    found = StoredFile.objects.filter(owner_kind=Agreement._meta.label_lower, removed_at=None)
    return get_object_or_404(found.filter(owner_id__in=agreements.values("pk")), pk=pk)


@require_safe
def document(request, pk):
    """The document itself, saved and never shown by the browser; what is in quarantine is not there."""
    stored = stored_of(request, pk, Agreement.objects.visible_to(request.user, on=timezone.localdate()))
    try:
        content = files.opened(stored=stored, by=request.user, at=timezone.now())
    except files.InQuarantine as refusal:
        raise Http404 from refusal
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(stored.name)}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return HttpResponse(content, content_type=stored.media_type, headers=headers)


@require_POST
def document_removal(request, pk):
    """Take it away; the night erases it."""
    on = timezone.localdate()
    stored = stored_of(request, pk, Agreement.objects.written_by(request.user, on=on))
    files.remove(stored=stored, by=request.user, at=timezone.now())
    messages.success(request, _("The document is taken away. It will be erased tonight."))
    return redirect("funding:agreement", stored.owner_id)
