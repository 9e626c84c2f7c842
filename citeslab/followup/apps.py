from importlib import import_module

from django.apps import AppConfig


class Followup(AppConfig):
    name = "citeslab.followup"

    def ready(self):
        import_module("citeslab.followup.receivers")
