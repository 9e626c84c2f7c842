from importlib import import_module

from django.apps import AppConfig


class Desk(AppConfig):
    name = "citeslab.desk"

    def ready(self):
        import_module("citeslab.desk.receivers")
