from django.urls import path

from citeslab.funding.views import accounts, agreements, documents, money, shares

app_name = "funding"
urlpatterns = [
    path("", agreements.agreements, name="agreements"),
    path("nouvelle/", agreements.new_agreement, name="new_agreement"),
    path("comptes/", accounts.accounts, name="accounts"),
    path("compte/", accounts.own_account, name="own_account"),
    path("postes/", shares.posts, name="posts"),
    path("financeurs/", accounts.funders, name="funders"),
    path("financeurs/<int:pk>/", accounts.account, name="account"),
    path("financeurs/<int:pk>/lecteurs/", accounts.reading, name="reading"),
    path("financeurs/lecteurs/<int:pk>/fin/", accounts.end_of_reading, name="end_of_reading"),
    path("<int:pk>/", agreements.agreement, name="agreement"),
    path("<int:pk>/modification/", agreements.terms, name="terms"),
    path("<int:pk>/signature/", agreements.signature, name="signature"),
    path("<int:pk>/rapports/", agreements.new_report, name="new_report"),
    path("rapports/<int:pk>/envoi/", agreements.sending, name="sending"),
    path("rapports/<int:pk>/retrait/", agreements.report_withdrawal, name="report_withdrawal"),
    path("<int:pk>/tranches/", money.new_instalment, name="new_instalment"),
    path("tranches/<int:pk>/", money.instalment, name="instalment"),
    path("tranches/<int:pk>/accord/", money.approval, name="approval"),
    path("tranches/<int:pk>/paiement/", money.payment, name="payment"),
    path("tranches/<int:pk>/justification/", money.justification, name="justification"),
    path("tranches/<int:pk>/reprise/", money.taking_back, name="taking_back"),
    path("tranches/<int:pk>/retrait/", money.instalment_withdrawal, name="instalment_withdrawal"),
    path("<int:pk>/parts/", shares.new_share, name="new_share"),
    path("parts/<int:pk>/retrait/", shares.share_withdrawal, name="share_withdrawal"),
    path("<int:pk>/documents/", documents.new_document, name="new_document"),
    path("documents/<int:pk>/", documents.document, name="document"),
    path("documents/<int:pk>/retrait/", documents.document_removal, name="document_removal"),
]
