from django.urls import path

from citeslab.referrals.views import advisors, partners

app_name = "referrals"
urlpatterns = [
    path("", advisors.referrals, name="referrals"),
    path("delais/", advisors.delays, name="delays"),
    path("nouvelle/<int:person_pk>/", advisors.sending, name="sending"),
    path("<int:pk>/", advisors.referral, name="referral"),
    path("<int:pk>/renvoi/", advisors.resending, name="resending"),
    path("<int:pk>/reponse/", advisors.noting, name="noting"),
    path("<int:pk>/reponse/retrait/", advisors.taking_back, name="taking_back"),
    path("<int:pk>/retrait/", advisors.withdrawal, name="withdrawal"),
    path("<int:pk>/accord-retire/", advisors.revocation, name="revocation"),
    path("<int:pk>/reponses/<int:answer_pk>/etape-retiree/", advisors.undoing, name="undoing"),
    path("reponse/<str:secret>/", partners.answer, name="answer"),
]
