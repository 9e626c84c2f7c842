from django.apps import AppConfig


class Workshops(AppConfig):
    name = "citeslab.workshops"
