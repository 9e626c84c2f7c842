from importlib import import_module

from django.apps import AppConfig


class Agenda(AppConfig):
    name = "citeslab.agenda"

    def ready(self):
        import_module("citeslab.agenda.receivers")
