"""The one-click door of the demonstration."""

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from citeslab.accounts.models import User
from citeslab.accounts.rules import DEMONSTRATION
from citeslab.audit import services as audit
from citeslab.demo.models import Demonstration
from citeslab.demo.services.accounts import NAMED, email_of


@login_not_required
@require_POST
def sign_in(request):
    """Become one of the named, invented people; nowhere but in a demonstration."""
    account = request.POST.get("account")
    if not settings.DEMO or account not in NAMED or not Demonstration.objects.exists():
        raise Http404
    user = get_object_or_404(User, email=email_of(account))
    login(request, user)
    record_authentication(request, user, DEMONSTRATION)  # no second factor: everyone here is invented
    audit.record("demo.account.signed_in", user, by=user, at=timezone.now())
    wanted = request.POST.get("next", "")
    return redirect(wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else "desk:home")
