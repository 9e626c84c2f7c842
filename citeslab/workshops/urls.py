from django.urls import path

from citeslab.workshops import views

app_name = "workshops"
urlpatterns = [
    path("", views.workshops, name="workshops"),
    path("nouvelle/", views.new_workshop, name="new"),
    path("<int:pk>/", views.workshop, name="workshop"),
    path("<int:pk>/programme/", views.programme, name="programme"),
    path("<int:pk>/annulation/", views.calling_off, name="calling_off"),
    path("<int:pk>/tenue/", views.closing, name="closing"),
    path("<int:pk>/inscription/", views.registering, name="registering"),
    path("<int:pk>/inscriptions/<int:registration_pk>/retrait/", views.unregistering, name="unregistering"),
    path("<int:pk>/presences/", views.marking, name="marking"),
    path("<int:pk>/comptage/", views.counting, name="counting"),
]
