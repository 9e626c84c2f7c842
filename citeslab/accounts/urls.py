from django.contrib.auth.views import LogoutView
from django.urls import path

from citeslab.accounts import views

app_name = "accounts"
urlpatterns = [
    path("connexion/", views.SignIn.as_view(), name="sign_in"),
    path("deconnexion/", LogoutView.as_view(), name="sign_out"),
]
