"""The door from an action that was held to the library of methods."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from citeslab.animation import forms
from citeslab.network.models import Site
from citeslab.workshops import queries, services
from citeslab.workshops.models import Workshop


@require_http_methods(["GET", "HEAD", "POST"])
def sharing(request, pk):
    """Write a method from an action: what the action says already is there."""
    sites = Site.objects.with_names_for(request.user, on=timezone.localdate())
    workshop = get_object_or_404(Workshop.objects.filter(site__in=sites).select_related("site"), pk=pk)
    if not queries.may_become_a_method(workshop):
        raise Http404
    initial = {"title": workshop.title, "audience": workshop.audience, "purpose": workshop.description}
    form = forms.MethodText(request.POST or None, sites=[workshop.site], initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            method = services.share(workshop=workshop, text=form.text(), by=request.user, at=timezone.now())
        except services.NotToShare as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The draft is kept. Read it again, then give it to the network."))
            return redirect("desk:method", method.pk)
    return TemplateResponse(
        request, "workshops/sharing.html", {"form": form, "workshop": workshop}, status=422 if form.errors else 200
    )
