from django.apps import AppConfig


class Notifications(AppConfig):
    name = "citeslab.notifications"
