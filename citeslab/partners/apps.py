from django.apps import AppConfig


class Partners(AppConfig):
    name = "citeslab.partners"
