from importlib import import_module

from django.apps import AppConfig


class Accounts(AppConfig):
    name = "citeslab.accounts"

    def ready(self):
        import_module("citeslab.accounts.receivers")
