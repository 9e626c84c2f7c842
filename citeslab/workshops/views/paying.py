"""The door where one says which agreements pay for an action."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from citeslab.workshops import forms, queries, services
from citeslab.workshops.models import Workshop


@require_http_methods(["GET", "HEAD", "POST"])
def paying(request, pk):
    """Which agreements pay for an action, each with its share."""
    visible = Workshop.objects.visible_to(request.user, on=timezone.localdate())
    found = get_object_or_404(visible.select_related("site"), pk=pk)
    shares = list(found.agreement_shares.order_by("-share", "pk"))
    form = forms.Paying(
        request.POST if request.method == "POST" else None, agreements=queries.payable(found), shares=shares
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.pay_by(workshop=found, shares=form.shares, by=request.user, at=timezone.now())
        except (services.AboveWhole, services.NotPayable) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Who pays for the action is recorded."))
            return redirect("workshops:workshop", found.pk)
    page = {"workshop": found, "form": form, "payable": queries.payable(found).exists()}
    return TemplateResponse(request, "workshops/paying.html", page, status=422 if form.errors else 200)
