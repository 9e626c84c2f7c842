from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import include, path

from citeslab.accounts import views

ours = [
    path("connexion/", views.SignIn.as_view(), name="sign_in"),
    path("connexion/code/", views.second_step, name="second_step"),
    path("connexion/identite/", views.identity, name="identity"),
    path("connexion/identite/retour/", views.identity_return, name="identity_return"),
    path("connexion/mot-de-passe-oublie/", views.forgotten_password, name="forgotten_password"),
    path("connexion/mot-de-passe/<uidb64>/<token>/", views.NewPassword.as_view(), name="new_password"),
    path("deconnexion/", login_not_required(LogoutView.as_view()), name="sign_out"),
    path("compte/", views.security, name="security"),
    path("compte/confirmation/", views.confirmation, name="confirmation"),
    path("compte/mot-de-passe/", views.password, name="password"),
    path("compte/sessions/fin/", views.end_of_sessions, name="end_of_sessions"),
    path("compte/second-facteur/", views.second_factor, name="second_factor"),
    path("compte/second-facteur/application/", views.application, name="application"),
    path("compte/second-facteur/cle/", views.passkey, name="passkey"),
    path("compte/second-facteur/codes/", views.recovery_codes, name="recovery_codes"),
    path("compte/second-facteur/<int:pk>/retrait/", views.removal, name="removal"),
]

# The names by which the sign-in library finds our pages.
theirs = [
    path("connexion/", views.SignIn.as_view(), name="account_login"),
    path("connexion/code/", views.second_step, name="mfa_authenticate"),
]

urlpatterns = [path("", include((ours, "accounts"))), *theirs]
