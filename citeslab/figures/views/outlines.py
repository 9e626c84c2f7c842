"""Doors of outlines: what a report holds, changed block by block, without script."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from citeslab.figures import forms, queries, services
from citeslab.figures.definitions.outlines import blocks_of
from citeslab.figures.enums import OF_WORDS
from citeslab.figures.views.reports import draft_of


def blocks_in(report):
    outline = queries.outline_of(report)
    return [one.said for one in outline.blocks.all()] if outline else blocks_of(report.kind)


def block_at(report, place):
    blocks = blocks_in(report)
    if place >= len(blocks):
        raise Http404
    return blocks[place]


def done(request, report, act, **given):
    """One act on the outline, and back to it; what somebody did meanwhile is said."""
    try:
        act(report=report, by=request.user, at=timezone.now(), **given)
    except services.ChangedMeanwhile as refusal:
        messages.warning(request, str(refusal))
    return redirect("figures:outline", report.pk)


@require_http_methods(["GET", "POST"])
def outline(request, pk):
    """The blocks from top to bottom; one more."""
    report = draft_of(request, pk)
    blocks = blocks_in(report)
    seen = services.outline_digest(report)
    form = forms.NewBlock(request.POST or None, report=report, blocks=blocks, seen=seen)
    if request.method == "POST" and form.is_valid():
        block, place = form.asked()
        return done(request, report, services.add_block, block=block, place=place, seen=form.cleaned_data["seen"])
    return TemplateResponse(
        request,
        "figures/outline.html",
        {
            "report": report,
            "whose": queries.name_of(report.perimeter),
            "blocks": [
                {
                    "place": place,
                    "kind": block.kind,
                    "words": forms.words_of(block),
                    "has_words": block.kind in OF_WORDS,
                    "is_left_out": not queries.can_be_asked(block, report.perimeter),
                    "is_last": place == len(blocks) - 1,
                }
                for place, block in enumerate(blocks)
            ],
            "is_own": queries.outline_of(report) is not None,
            "seen": seen,
            "form": form,
        },
        status=422 if form.errors else 200,
    )


@require_POST
def block_move(request, pk, place):
    """Up or down by one."""
    report = draft_of(request, pk)
    block_at(report, place)
    to = place - 1 if request.POST.get("way") == "up" else place + 1
    return done(request, report, services.move_block, place=place, to=max(to, 0), seen=request.POST.get("seen", ""))


@require_POST
def block_removal(request, pk, place):
    report = draft_of(request, pk)
    block_at(report, place)
    return done(request, report, services.remove_block, place=place, seen=request.POST.get("seen", ""))


@require_http_methods(["GET", "POST"])
def block_words(request, pk, place):
    """A heading or a sentence, said otherwise in both languages."""
    report = draft_of(request, pk)
    block = block_at(report, place)
    if block.kind not in OF_WORDS:
        raise Http404
    seen = services.outline_digest(report)
    form = forms.Words(request.POST or None, initial={**block.words, "seen": seen})
    if request.method == "POST" and form.is_valid():
        said = {language: form.cleaned_data[language] for language in ("fr", "en")}
        return done(
            request, report, services.change_words, place=place, words=said, seen=form.cleaned_data["seen"]
        )  # fmt: skip
    return TemplateResponse(
        request,
        "figures/block_words.html",
        {"report": report, "form": form, "what": block.kind},
        status=422 if form.errors else 200,
    )


@require_POST
def outline_restoration(request, pk):
    """Back to what every report of this kind begins with."""
    report = draft_of(request, pk)
    services.restore_outline(report=report, by=request.user, at=timezone.now())
    messages.success(request, _("The outline is again that of every report of this kind."))
    return redirect("figures:outline", report.pk)
