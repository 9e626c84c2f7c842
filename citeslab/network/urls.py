from django.urls import path

from citeslab.network import views

app_name = "network"
urlpatterns = [
    path("comptes/", views.accounts, name="accounts"),
    path("comptes/invitations/", views.invitations, name="invitations"),
    path("comptes/invitations/<int:pk>/retrait/", views.withdrawal, name="withdrawal"),
    path("comptes/mandats/<int:pk>/fin/", views.end_of_mandate, name="end_of_mandate"),
    path("comptes/<int:pk>/fermeture/", views.closure, name="closure"),
    path("comptes/<int:pk>/second-facteur/", views.lost_factor, name="lost_factor"),
    path("comptes/fse/", views.fse_plus, name="fse_plus"),
    path("comptes/fse/nouvelle/", views.new_fse_plus, name="new_fse_plus"),
    path("comptes/fse/<int:pk>/fin/", views.end_of_fse_plus, name="end_of_fse_plus"),
    path("comptes/fse/<int:pk>/retrait/", views.removal_of_fse_plus, name="removal_of_fse_plus"),
    path("invitation/<str:secret>/", views.invitation, name="invitation"),
]
