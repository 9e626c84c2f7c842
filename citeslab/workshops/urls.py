from django.urls import path

from citeslab.workshops.views import agenda, balance, paying, programme, public, room, scan, sharing, sheets

app_name = "workshops"
urlpatterns = [
    path("actions/", programme.workshops, name="workshops"),
    path("actions/nouvelle/", programme.new_workshop, name="new"),
    path("actions/bilan/", balance.balance, name="balance"),
    path("actions/bilan/financeurs/<int:pk>/", balance.funded, name="funded"),
    path("actions/appels/<int:pk>/", programme.calling, name="calling"),
    path("actions/<int:pk>/", programme.workshop, name="workshop"),
    path("actions/<int:pk>/programme/", programme.programme, name="programme"),
    path("actions/<int:pk>/financement/", paying.paying, name="paying"),
    path("actions/<int:pk>/annulation/", programme.calling_off, name="calling_off"),
    path("actions/<int:pk>/tenue/", programme.closing, name="closing"),
    path("actions/<int:pk>/inscription/", programme.registering, name="registering"),
    path("actions/<int:pk>/sans-dossier/", programme.guest, name="guest"),
    path("actions/<int:pk>/inscriptions/<int:registration_pk>/retrait/", programme.unregistering, name="unregistering"),
    path("actions/<int:pk>/inscriptions/<int:registration_pk>/place/", programme.seating, name="seating"),
    path("actions/<int:pk>/presences/", programme.marking, name="marking"),
    path("actions/<int:pk>/comptage/", programme.counting, name="counting"),
    path("actions/<int:pk>/nommer/", programme.naming, name="naming"),
    path("actions/<int:pk>/invitations/", programme.doors, name="doors"),
    path("actions/<int:pk>/feuille/", sheets.sheet, name="sheet"),
    path("actions/<int:pk>/methode/", sharing.sharing, name="sharing"),
    path("actions/<int:pk>/affiche.pdf", agenda.poster, name="poster"),
    # In the room.
    path("actions/hors-ligne.js", room.worker, name="worker"),
    path("actions/<int:pk>/salle/<int:session_pk>/", room.room, name="room"),
    path("actions/<int:pk>/salle/<int:session_pk>/codes/", room.codes, name="codes"),
    path("actions/<int:pk>/liste/", room.attendance, name="list"),
    path("actions/<int:pk>/actes/", room.acts, name="acts"),
    path("actions/<int:pk>/fichier/", room.acts_file, name="file"),
    # Without an account.
    path("ateliers/", agenda.agenda, name="agenda"),
    path("ateliers/agenda.ics", agenda.feed, name="agenda_feed"),
    path("ateliers/bloc/", agenda.block, name="block"),
    path("ateliers/integrer/", agenda.embedding, name="embedding"),
    path("ateliers/<int:pk>/action.ics", agenda.entry, name="public_entry"),
    path("ateliers/feuille/", sheets.check, name="check"),
    path("ateliers/salle/<int:session_pk>/<str:code>/", scan.scan, name="scan"),
    path("ateliers/salle/<int:session_pk>/<str:code>/avis/", scan.opinion, name="opinion"),
    path("ateliers/<int:pk>/", public.action, name="public"),
    path("ateliers/<int:pk>/invitation/<str:secret>/", public.invited, name="invited"),
    path("ateliers/<int:pk>/partenaire/<str:secret>/", public.door, name="door"),
    path("ateliers/inscription/<str:secret>/", public.hers, name="hers"),
    path("ateliers/inscription/<str:secret>/agenda.ics", public.entry, name="entry"),
]
