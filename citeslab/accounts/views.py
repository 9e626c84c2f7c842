"""Doors: sign in, sign out."""

from django.contrib.auth.views import LoginView


class SignIn(LoginView):
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True
