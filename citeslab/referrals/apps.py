from importlib import import_module

from django.apps import AppConfig


class Referrals(AppConfig):
    name = "citeslab.referrals"

    def ready(self):
        import_module("citeslab.referrals.receivers")
