from django.urls import path

from citeslab.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.look, name="look"),
]
