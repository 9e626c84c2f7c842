from django.urls import path

from citeslab.agenda.views import appointments, calendars, contacts, public, surgeries, weeks

app_name = "agenda"
urlpatterns = [
    path("", weeks.week, name="week"),
    path("fermetures/", weeks.closures, name="closures"),
    path("personnes/<int:pk>/", appointments.booking, name="book"),
    path("rencontres/<int:pk>/", appointments.appointment, name="appointment"),
    path("rencontres/<int:pk>/deplacement/", appointments.moving, name="move"),
    path("rencontres/<int:pk>/annulation/", appointments.cancellation, name="cancellation"),
    path("rencontres/<int:pk>/retablissement/", appointments.restoration, name="restoration"),
    path("rencontres/<int:pk>/issue/", appointments.outcome, name="outcome"),
    path("permanences/", surgeries.surgeries, name="surgeries"),
    path("permanences/nouvelle/", surgeries.new_surgery, name="new_surgery"),
    path("permanences/<int:pk>/", surgeries.surgery, name="surgery"),
    path("permanences/<int:pk>/fin/", surgeries.ending, name="surgery_end"),
    path("permanences/<int:pk>/jours/", surgeries.day, name="surgery_day"),
    path("premiers-contacts/", contacts.contacts, name="contacts"),
    path("premiers-contacts/<int:pk>/", contacts.contact, name="contact"),
    path("premiers-contacts/<int:pk>/reponse/", contacts.contact_answer, name="contact_answer"),
    path("premiers-contacts/<int:pk>/fiche/", contacts.contact_file, name="contact_file"),
    path("premiers-contacts/<int:pk>/separation/", contacts.contact_parting, name="contact_parting"),
    path("en-public/", contacts.public_name, name="public_name"),
    path("calendrier/", calendars.calendar, name="calendar"),
    path("flux/<str:secret>.ics", calendars.feed, name="feed"),
    path("mon-rendez-vous/<str:secret>/", public.hers, name="hers"),
]
