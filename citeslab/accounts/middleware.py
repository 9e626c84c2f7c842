"""A session left alone closes by itself; who had one is led back to where one signs in."""

import time

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login

NOTED_EVERY = 300  # seconds: a page view writes the session's row at most so often


class IdleSessions:
    """Signs out who has shown no sign of life for `SESSION_IDLE_SECONDS`."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "_auth_user_id" in request.session:
            now = time.time()
            seen = request.session.get("seen_at", 0)
            if seen and not -NOTED_EVERY < now - seen < settings.SESSION_IDLE_SECONDS:
                logout(request)
            elif now - seen > NOTED_EVERY:
                request.session["seen_at"] = now
        return self.get_response(request)


class LoginRequired(LoginRequiredMiddleware):
    """Pages need a login unless they say otherwise. Some lead a stranger elsewhere (`login_url`): not who was here."""

    def handle_no_permission(self, request, view_func):
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            return redirect_to_login(request.get_full_path())
        return super().handle_no_permission(request, view_func)
