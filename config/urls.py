"""Addresses are French, their names English; each room holds its own."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("", include("citeslab.desk.urls")),
    path("", include("citeslab.accounts.urls")),
    path("", include("citeslab.network.urls")),
    path("personnes/", include("citeslab.people.urls")),
    path("personnes/", include("citeslab.followup.urls")),
    path("agenda/", include("citeslab.agenda.urls")),
    path("", include("citeslab.workshops.urls")),
    path("orientations/", include("citeslab.referrals.urls")),
    path("partenaires/", include("citeslab.partners.urls")),
    path("vie-du-reseau/", include("citeslab.animation.urls")),
    path("doublons/", include("citeslab.duplicates.urls")),
    path("", include("citeslab.rights.urls")),
    path("classeurs/", include("citeslab.intake.urls")),
    path("conventions/", include("citeslab.funding.urls")),
    path("", include("citeslab.figures.urls")),
    path("", include("citeslab.website.urls")),
    path("demonstration/", include("citeslab.demo.urls")),
    path("apparence/", include("citeslab.ui.urls")),
    path("langue/", login_not_required(set_language), name="set_language"),
]

handler400 = "citeslab.ui.views.bad_request"
handler403 = "citeslab.ui.views.forbidden"
handler404 = "citeslab.ui.views.not_found"
handler500 = "citeslab.ui.views.server_error"
