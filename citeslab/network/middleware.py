"""Names are shown to who has proven twice who she is, and hours as the clocks of where she works show them."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from citeslab.accounts.rules import has_second_factor
from citeslab.network.models import zone_for
from citeslab.network.rules import may_see_some_names

# Her own account stays within reach: that is where the second factor is set up.
OWN_ACCOUNT = "accounts"


class HourOfHerSite:
    """Each page is read, and each form understood, in the time of the user's site; days are hers too.

    A page about one site among several takes that site's own (`timezone.activate`); it ends with the page.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        zone = None
        if "_auth_user_id" in request.session and request.user.is_authenticated:
            zone = zone_for(request.user, on=timezone.localdate())
        with timezone.override(zone):
            return self.get_response(request)


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
