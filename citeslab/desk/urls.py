from django.urls import path

from citeslab.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("note/", views.write, name="write"),
    path("personnes/", views.people, name="people"),
    path("personnes/<int:pk>/", views.person, name="person"),
    path("personnes/filtres/", views.saved_filters, name="saved_filters"),
    path("personnes/filtres/<int:pk>/nom/", views.saved_filter_name, name="saved_filter_name"),
    path("personnes/filtres/<int:pk>/retrait/", views.saved_filter_removal, name="saved_filter_removal"),
    path("personnes/exports/", views.exports, name="exports"),
    path("personnes/exports/<int:pk>/", views.export, name="export"),
    path("personnes/exports/<int:pk>/fichier/", views.export_file, name="export_file"),
    path("personnes/plusieurs/", views.bulk, name="bulk"),
    path("personnes/plusieurs/<int:pk>/", views.bulk_act, name="bulk_act"),
    path("personnes/plusieurs/<int:pk>/annulation/", views.bulk_undoing, name="bulk_undoing"),
    path("vie-du-reseau/methodes/<int:pk>/", views.method, name="method"),
    path("partenaires/antennes/<int:pk>/", views.office, name="office"),
    path("partenaires/reseaux/<int:pk>/", views.partner_network, name="partner_network"),
    path("passation/", views.handovers, name="handovers"),
    path("passation/<int:pk>/", views.handover, name="handover"),
    path("passation/<int:pk>/retour/", views.handover_return, name="handover_return"),
    path("personnes/ailleurs/", views.elsewhere, name="elsewhere"),
]
