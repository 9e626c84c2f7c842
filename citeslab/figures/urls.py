from django.urls import path

from citeslab.figures import views

app_name = "figures"
urlpatterns = [
    path("", views.year_of_site, name="year_of_site"),
    path("communique/", views.statements, name="statements"),
    path("definitions/", views.dictionary, name="dictionary"),
]
