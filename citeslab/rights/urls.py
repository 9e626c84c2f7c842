from django.urls import path

from citeslab.rights.views import desk, space

app_name = "rights"
urlpatterns = [
    path("droits/", desk.waiting, name="waiting"),
    path("droits/demandes/<int:pk>/reponse/", desk.answer, name="answer"),
    path("personnes/<int:pk>/droits/", desk.person, name="person"),
    path("personnes/<int:pk>/droits/information/", desk.notice, name="notice"),
    path("personnes/<int:pk>/droits/accords/", desk.consent, name="consent"),
    path("personnes/<int:pk>/droits/code/", desk.code, name="code"),
    path("personnes/<int:pk>/droits/nouvelles/", desk.still_in_touch, name="still_in_touch"),
    path("personnes/<int:pk>/droits/conservation/", desk.hold, name="hold"),
    path("personnes/<int:pk>/droits/effacement/", desk.erasure, name="erasure"),
    path("mes-donnees/", space.door, name="door"),
    path("mes-donnees/information/", space.information, name="information"),
    path("mes-donnees/code/", space.asking, name="asking"),
    path("mes-donnees/dossier/", space.file, name="file"),
    path("mes-donnees/dossier/accords/", space.consent, name="my_consent"),
    path("mes-donnees/dossier/demandes/", space.request, name="my_request"),
    path("mes-donnees/dossier/nouvelles/", space.still_in_touch, name="my_news"),
    path("mes-donnees/dossier/<slug:shape>/", space.download, name="download"),
    path("mes-donnees/sortie/", space.leaving, name="leaving"),
]
