from importlib import import_module

from django.apps import AppConfig


class Notifications(AppConfig):
    name = "citeslab.notifications"

    def ready(self):
        import_module("citeslab.notifications.receivers")
