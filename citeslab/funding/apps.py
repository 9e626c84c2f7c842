from django.apps import AppConfig


class Funding(AppConfig):
    name = "citeslab.funding"
