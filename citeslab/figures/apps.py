from importlib import import_module

from django.apps import AppConfig


class Figures(AppConfig):
    name = "citeslab.figures"

    def ready(self):
        import_module("citeslab.figures.receivers")
