from django.urls import path

from citeslab.duplicates import views

app_name = "duplicates"
urlpatterns = [
    path("", views.likenesses, name="likenesses"),
    path("en-saisissant/", views.while_typing, name="while_typing"),
    path("en-saisissant/<int:pk>/demande/", views.asked_while_typing, name="asked_while_typing"),
    path("<int:pk>/", views.pair, name="pair"),
    path("<int:pk>/reunion/", views.join_creation, name="join_creation"),
    path("<int:pk>/difference/", views.difference, name="difference"),
    path("<int:pk>/demande/", views.question, name="question"),
    path("demandes/<int:pk>/", views.request_page, name="request"),
    path("demandes/<int:pk>/accord/", views.agreement, name="agreement"),
    path("demandes/<int:pk>/difference/", views.request_difference, name="request_difference"),
    path("demandes/<int:pk>/cloture/", views.request_closure, name="request_closure"),
    path("reunions/<int:pk>/", views.join, name="join"),
    path("reunions/<int:pk>/annulation/", views.join_undoing, name="join_undoing"),
]
