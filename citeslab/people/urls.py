from django.urls import path

from citeslab.people import views

app_name = "people"
urlpatterns = [
    path("nouvelle/", views.new, name="new"),
    path("meme-contact/", views.same_contact, name="same_contact"),
    path("adresses/", views.addresses, name="addresses"),
    path("communes/", views.communes, name="communes"),
    path("plan/", views.commune_map, name="commune_map"),
    path("a-verifier/", views.to_check, name="to_check"),
    path("a-verifier/<int:pk>/", views.decision, name="decision"),
    path("a-verifier/<int:pk>/annulation/", views.decision_undoing, name="decision_undoing"),
    path("<int:pk>/identite/", views.edit, name="edit"),
    path("<int:pk>/adresse/", views.residence, name="residence"),
    path("<int:pk>/foyer/", views.household, name="household"),
    path("<int:pk>/foyer/<int:tie>/fin/", views.household_end, name="household_end"),
]
