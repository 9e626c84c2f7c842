from django.urls import path

from citeslab.intake import views

app_name = "intake"
urlpatterns = [
    path("", views.workbooks, name="workbooks"),
    path("<int:pk>/", views.workbook, name="workbook"),
    path("<int:pk>/reprise/", views.taking_in, name="taking_in"),
    path("<int:pk>/corrections/", views.corrections, name="corrections"),
    path("<int:pk>/retrait/", views.removal, name="removal"),
]
