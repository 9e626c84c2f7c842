from django.apps import AppConfig


class Territories(AppConfig):
    name = "citeslab.territories"
