from django.apps import AppConfig


class Followup(AppConfig):
    name = "citeslab.followup"
