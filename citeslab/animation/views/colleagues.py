"""Doors of the directory of colleagues: who is good at what, and what each says of herself."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from citeslab.animation import forms, queries, services
from citeslab.animation.models import Need, Skill
from citeslab.animation.views.doors import member

ON_A_PAGE = 25


@require_safe
def colleagues(request):
    """Who can help, with what, where."""
    on = member(request)
    form = forms.ColleaguesFilter(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    found = queries.colleagues(
        competence=asked.get("competence", ""),
        department=asked.get("department"),
        words=asked.get("words", "").replace("\0", ""),
        on=on,
    )
    return TemplateResponse(
        request,
        "animation/colleagues.html",
        {"form": form, "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def competences(request):
    """What she says of her craft."""
    on = member(request)
    form = forms.CompetencesForm(
        request.POST if request.method == "POST" else None,
        skills=dict(Skill.objects.standing().filter(user=request.user).values_list("competence", "words")),
        needs=frozenset(Need.objects.standing().filter(user=request.user).values_list("competence", flat=True)),
        on=on,
    )
    if request.method == "POST" and form.is_valid():
        services.say_competences(
            user=request.user, skills=form.skills(), needs=form.needs(), by=request.user, at=timezone.now()
        )
        messages.success(request, _("It is kept. Your colleagues find you by what you can help with."))
        return redirect("animation:colleagues")
    return TemplateResponse(request, "animation/competences.html", {"form": form}, status=422 if form.errors else 200)
