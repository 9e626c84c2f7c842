from django.apps import AppConfig


class Ui(AppConfig):
    name = "citeslab.ui"
