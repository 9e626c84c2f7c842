"""Doors of the attendance sheet: made or printed by who sees the names, checked by whoever holds one."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from citeslab.accounts import services as accounts
from citeslab.core.values import origin
from citeslab.network.models import Site
from citeslab.people.models import Person
from citeslab.workshops import exports, forms, queries, services
from citeslab.workshops.models import Workshop
from citeslab.workshops.readers import sheets

CHECKS_AN_HOUR = settings.REGISTRATIONS_AN_HOUR  # from one origin


@require_POST
def sheet(request, pk):
    """The sheet of an action of her sites: who leads it from elsewhere does not see these names."""
    at = timezone.now()
    on = timezone.localdate(at)
    sites = Site.objects.keys_with_names_for(request.user, on=on)
    found = get_object_or_404(Workshop.objects.filter(site__in=sites), pk=pk)
    visible = Person.objects.visible_to(request.user, on=on)
    try:
        if request.POST.get("act") == "blank":
            file = services.print_sheet(workshop=found, visible=visible, by=request.user, at=at)
            name = _("sheet-to-sign-%(action)s") % {"action": found.pk}
        else:
            made, file = services.make_sheet(workshop=found, visible=visible, by=request.user, at=at)
            name = _("attendance-sheet-%(reference)s") % {"reference": made.reference}
    except (
        services.NothingToSign,
        services.NoNamesToSign,
        services.NotHeld,
        services.NothingToAttest,
    ) as refusal:
        messages.warning(request, str(refusal))
        return redirect("workshops:workshop", found.pk)
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(file, content_type="application/pdf", headers=headers)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request):
    """Is this sheet as it was made? Nothing of the file is kept, and no name is said back."""
    form = forms.SheetToCheck(request.POST or None, request.FILES or None)
    read, register, status = None, (None, False), 200
    if request.method == "POST":
        try:
            accounts.knock(door="workshops.sheet", origin=origin(request.META), most=CHECKS_AN_HOUR, at=timezone.now())
            if form.is_valid():
                read = sheets.read(form.cleaned_data["file"].read())
                register = queries.made_here(digest=read.digest, head=read.head)
            else:
                status = 422
        except accounts.TooOften as refusal:
            form.add_error(None, str(refusal))
            status = 429
    made, is_that_file = register
    return TemplateResponse(
        request,
        "workshops/check.html",
        {
            "form": form,
            "read": read,
            "made": made,
            "is_that_file": is_that_file,
            "findings": exports.findings_told(read, with_names=False) if read else [],
        },
        status=status,
    )
