from importlib import import_module

from django.apps import AppConfig


class People(AppConfig):
    name = "citeslab.people"

    def ready(self):
        import_module("citeslab.people.receivers")
