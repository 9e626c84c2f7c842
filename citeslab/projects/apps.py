from django.apps import AppConfig


class Projects(AppConfig):
    name = "citeslab.projects"
