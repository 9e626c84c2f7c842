from django.urls import path

from citeslab.followup import views

app_name = "followup"
urlpatterns = [
    path("<int:pk>/note/", views.note, name="note"),
    path("<int:pk>/attention/", views.attention, name="attention"),
    path("<int:pk>/entretiens/<int:meeting>/note/", views.words, name="words"),
    path("<int:pk>/suite/<int:step>/", views.next_step, name="next_step"),
    path("<int:pk>/etapes/", views.steps, name="steps"),
    path("<int:pk>/etapes/<int:step>/", views.step, name="step"),
    path("<int:pk>/etapes/<int:step>/retrait/", views.withdrawal, name="withdrawal"),
    path("<int:pk>/plan/", views.plan, name="plan"),
    path("<int:pk>/plan/<int:step>/", views.plan_step, name="plan_step"),
    path("sans-nouvelles/", views.silences, name="silences"),
    path("sans-nouvelles/<int:pk>/", views.silence, name="silence"),
    path("nouvelles/", views.later, name="later"),
    path("nouvelles/<int:pk>/", views.later_news, name="later_news"),
]
