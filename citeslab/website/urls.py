from django.urls import path

from citeslab.website.views import booking, contact, finding, pages, press, stories, writing

app_name = "website"

finding_urls = [
    path("trouver/", finding.finding, name="finding"),
    path("trouver/ici/", finding.here, name="here"),
    path("trouver/<int:pk>/", finding.site, name="site"),
    path("trouver/<int:pk>/rendez-vous/", booking.booking, name="booking"),
    path("trouver/<int:pk>/message/", contact.message, name="message"),
    path("trouver/<int:pk>/recu/", contact.received, name="received_by"),
    path("contact/", contact.contact, name="contact"),
    path("contact/recu/", contact.received, name="received"),
]
editorial = [
    path("bienvenue/", pages.home, name="home"),
    path("decouvrir/", pages.text, {"name": "discover"}, name="discover"),
    path("parcours/", pages.text, {"name": "pathway"}, name="pathway"),
    path("questions/", pages.text, {"name": "questions"}, name="questions"),
    path("facile/", pages.text, {"name": "easy"}, name="easy"),
    path("mentions-legales/", pages.text, {"name": "legal"}, name="legal"),
    path("accessibilite/", pages.text, {"name": "accessibility"}, name="accessibility"),
    path("vie-privee/", pages.text, {"name": "privacy"}, name="privacy"),
    path("plan/", pages.plan, name="plan"),
    path("recits/", stories.stories, name="stories"),
    path("recits/<int:pk>/", stories.story, name="story"),
    path("recits/<int:pk>/image/", stories.picture, name="story_picture"),
    path("presse/", press.press, name="press"),
    path("presse/citations.txt", press.press_text, name="press_text"),
    path("presse/<int:pk>/", press.announcement, name="announcement"),
    path("flux/recits.xml", stories.feed, name="stories_feed"),
    path("flux/annonces.xml", press.feed, name="announcements_feed"),
    path("flux/ateliers.xml", pages.workshops_feed, name="workshops_feed"),
    path("sitemap.xml", pages.sitemap, name="sitemap"),
    path("robots.txt", pages.robots, name="robots"),
    path("favicon.ico", pages.favicon, name="favicon"),
    # For those of the network who write it.
    path("redaction/recits/", writing.stories, name="stories_to_write"),
    path("redaction/recits/nouveau/", writing.new_story, name="new_story"),
    path("redaction/recits/<int:pk>/", writing.story, name="writing_story"),
    path("redaction/recits/<int:pk>/mots/", writing.edit, name="edit_story"),
    path("redaction/recits/<int:pk>/image/", writing.picture, name="picture"),
    path("redaction/recits/<int:pk>/image/fichier/", writing.picture_file, name="picture_file"),
    path("redaction/recits/<int:pk>/accord/", writing.agreement, name="agreement"),
    path("redaction/recits/<int:pk>/publication/", writing.publication, name="publication"),
    path("redaction/recits/<int:pk>/retrait/", writing.withdrawal, name="withdrawal"),
    path("redaction/annonces/", writing.announcements, name="announcements"),
    path("redaction/annonces/<int:pk>/retrait/", writing.announcement_withdrawal, name="announcement_withdrawal"),
]

urlpatterns = [*finding_urls, *editorial]
