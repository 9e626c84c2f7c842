"""Doors: sign in, sign out."""

from django.contrib.auth.views import LoginView

from citeslab.accounts import forms


class SignIn(LoginView):
    """The way in; who is already in goes home."""

    template_name = "accounts/sign_in.html"
    authentication_form = forms.SignIn
    redirect_authenticated_user = True
