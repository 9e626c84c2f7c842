from importlib import import_module

from django.apps import AppConfig


class Duplicates(AppConfig):
    name = "citeslab.duplicates"

    def ready(self):
        import_module("citeslab.duplicates.receivers")
