from django.urls import path

from citeslab.demo import views

app_name = "demo"
urlpatterns = [path("connexion/", views.sign_in, name="sign_in")]
