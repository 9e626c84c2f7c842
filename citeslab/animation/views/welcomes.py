"""Doors of the first weeks: the list that the pilot keeps, and those of new advisors."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from citeslab.animation import forms, queries, rules, services
from citeslab.animation.models import FirstStep, Welcome, WelcomeStep
from citeslab.animation.views.doors import member, pilot


@require_http_methods(["GET", "HEAD", "POST"])
def first_weeks(request):
    """Lists that are not finished; for the pilot, the list that the next ones are given."""
    on = member(request)
    is_pilot = rules.is_pilot(request.user, on=on)
    form = forms.FirstStepForm(request.POST or None) if is_pilot else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            services.begin_step(**form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("The next advisors will find it on their list."))
            return redirect("animation:first_weeks")
    seen = queries.welcomes(request.user, on=on)
    return TemplateResponse(
        request,
        "animation/first_weeks.html",
        {
            "on": on,
            "welcomes": [(one, rules.may_check(request.user, one, on=on)) for one in seen],
            "is_pilot": is_pilot,
            "form": form,
            "template": FirstStep.objects.on(on).order_by("days", "pk"),
        },
        status=422 if form and form.errors else 200,
    )


@require_POST
def first_step_end(request, pk):
    """Off the list of who begins from now on."""
    step = get_object_or_404(FirstStep.objects.on(pilot(request)), pk=pk)
    services.end_step(step=step, by=request.user, at=timezone.now())
    messages.success(request, _("The next advisors will not find it on their list."))
    return redirect("animation:first_weeks")


@require_POST
def checking(request, pk):
    """A line of a list, done or not after all."""
    on = member(request)
    visible = Welcome.objects.visible_to(request.user, on=on)
    step = get_object_or_404(WelcomeStep.objects.filter(welcome__in=visible).select_related("welcome__mandate"), pk=pk)
    if not rules.may_check(request.user, step.welcome, on=on):
        raise Http404
    services.check(step=step, is_done=request.POST.get("done") != "no", by=request.user, at=timezone.now())
    return redirect("desk:home" if request.POST.get("back") == "today" else "animation:first_weeks")
