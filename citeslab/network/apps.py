from importlib import import_module

from django.apps import AppConfig


class Network(AppConfig):
    name = "citeslab.network"

    def ready(self):
        import_module("citeslab.network.receivers")
