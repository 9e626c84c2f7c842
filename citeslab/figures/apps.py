from django.apps import AppConfig


class Figures(AppConfig):
    name = "citeslab.figures"
