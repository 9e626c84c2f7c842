from importlib import import_module

from django.apps import AppConfig


class Workshops(AppConfig):
    name = "citeslab.workshops"

    def ready(self):
        import_module("citeslab.workshops.receivers")
