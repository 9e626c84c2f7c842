from django.urls import path

from citeslab.partners import views

app_name = "partners"
urlpatterns = [
    path("", views.offices, name="offices"),
    path("antennes/nouvelle/", views.new_office, name="new_office"),
    path("antennes/<int:pk>/contact/", views.new_contact, name="new_contact"),
    path("contacts/<int:pk>/", views.contact, name="contact"),
    path("contacts/<int:pk>/retrait/", views.retirement, name="retirement"),
]
