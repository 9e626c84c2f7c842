from django.apps import AppConfig


class Agenda(AppConfig):
    name = "citeslab.agenda"
