from django.urls import path

from citeslab.partners import views

app_name = "partners"
urlpatterns = [
    path("", views.offices, name="offices"),
    path("antennes/nouvelle/", views.new_office, name="new_office"),
    path("antennes/<int:pk>/correction/", views.office, name="office"),
    path("antennes/<int:pk>/contact/", views.new_contact, name="new_contact"),
    path("antennes/<int:pk>/offres/nouvelle/", views.new_offer, name="new_offer"),
    path("reseaux/<int:pk>/description/", views.network, name="network"),
    path("reseaux/<int:pk>/offres/nouvelle/", views.new_network_offer, name="new_network_offer"),
    path("offres/<int:pk>/fin/", views.end_of_offer, name="end_of_offer"),
    path("contacts/<int:pk>/", views.contact, name="contact"),
    path("contacts/<int:pk>/retrait/", views.retirement, name="retirement"),
]
