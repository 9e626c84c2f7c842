from django.apps import AppConfig


class Animation(AppConfig):
    name = "citeslab.animation"
