from django.apps import AppConfig


class Duplicates(AppConfig):
    name = "citeslab.duplicates"
