from django.urls import path

from citeslab.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("personnes/", views.people, name="people"),
    path("personnes/<int:pk>/", views.person, name="person"),
]
