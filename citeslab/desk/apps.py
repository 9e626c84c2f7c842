from django.apps import AppConfig


class Desk(AppConfig):
    name = "citeslab.desk"
