from django.urls import path

from citeslab.agenda.views import appointments, calendars, public, surgeries, weeks

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
    path("calendrier/", calendars.calendar, name="calendar"),
    path("flux/<str:secret>.ics", calendars.feed, name="feed"),
    path("mon-rendez-vous/<str:secret>/", public.hers, name="hers"),
]
