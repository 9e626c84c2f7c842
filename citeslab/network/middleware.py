"""Names are shown to who has proven twice who she is."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from citeslab.accounts.rules import has_second_factor
from citeslab.network.rules import may_see_some_names

# Her own account stays within reach: that is where the second factor is set up.
OWN_ACCOUNT = "accounts"


class SecondFactorForNames:
    """Who may see names, in a session without a second factor, is led to set one up before any page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not getattr(view, "login_required", True) or OWN_ACCOUNT in request.resolver_match.namespaces:
            return None
        if "_auth_user_id" not in request.session or has_second_factor(request.session):
            return None
        if not request.user.is_authenticated or not may_see_some_names(request.user, on=timezone.localdate()):
            return None
        way = reverse("accounts:second_factor")
        if request.htmx:  # a fragment has no place for a whole page
            return HttpResponse(status=204, headers={"HX-Redirect": way})
        return redirect(way)
