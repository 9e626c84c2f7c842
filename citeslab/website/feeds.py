"""What may be followed from elsewhere: stories, announcements, actions to come; and the map for search engines.

Addresses begin as `PUBLIC_URL` says: the host that a request names is never believed.
"""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from citeslab.figures import queries as figures
from citeslab.ui import values
from citeslab.website.definitions import TEXTS
from citeslab.website.exports import address, whole
from citeslab.website.queries import finding, pages, stories
from citeslab.workshops.models import Workshop

LINES = 30


class Followed(Feed):
    """An Atom feed, in the language of its address."""

    feed_type = Atom1Feed
    name: str

    def __call__(self, request, *args, **kwargs):
        response = super().__call__(request, *args, **kwargs)
        # That of the newest line left is older than a withdrawal, and would answer "not modified" to who holds the
        # line withdrawn: the fingerprint of the whole is what is compared.
        del response["Last-Modified"]
        return response

    def link(self):
        return address(f"website:{self.name}")

    def feed_url(self):
        return address(f"website:{self.name}_feed")

    def feed_guid(self):
        return whole(reverse(f"website:{self.name}_feed"))

    @property
    def language(self):
        return get_language()

    def item_guid(self, item):
        return self.item_link(item).partition("?")[0]


class Stories(Followed):
    """A story that is taken back is out of the next reading; its text is never in the feed, its beginning alone is."""

    name = "stories"

    def title(self):
        return _("CitésLab, stories")

    def subtitle(self):
        return _("People tell what they lived with their advisor.")

    def items(self):
        return stories.told()[:LINES]

    def item_title(self, item):
        return item.title

    def item_description(self, item):
        return _("A story told with the agreement of the person, who may take it back: read it on the site.")

    def item_link(self, item):
        return address("website:story", item.pk)

    def item_pubdate(self, item):
        return item.published_at

    item_updateddate = item_pubdate


class Announcements(Followed):
    name = "announcements"

    def link(self):
        return address("website:press")

    def title(self):
        return _("CitésLab, announcements")

    def subtitle(self):
        return _("What the network announces.")

    def items(self):
        return stories.announced()[:LINES]

    def item_title(self, item):
        return item.title

    def item_description(self, item):
        return item.paragraphs[0] if item.paragraphs else ""

    def item_link(self, item):
        return address("website:announcement", item.pk)

    def item_pubdate(self, item):
        return item.published_at

    item_updateddate = item_pubdate


class Workshops(Followed):
    name = "workshops"

    def link(self):
        return address("workshops:agenda")

    def title(self):
        return _("CitésLab, workshops to come")

    def subtitle(self):
        return _("Free workshops, open to all: one registers in three fields, without an account.")

    def items(self):
        return with_days(pages.upcoming(at=timezone.now(), most=LINES))

    def item_title(self, item):
        return item[0].title

    def item_description(self, item):
        item, _changed = item
        where = ", ".join(word for word in (item.place, item.commune_name) if word)
        return f"{values.day(item.held_on, 'weekday')}. {where}" if where else values.day(item.held_on, "weekday")

    def item_link(self, item):
        return address("workshops:public", item[0].pk)

    def item_updateddate(self, item):
        return item[1]


def with_days(actions):
    """Each action with when it was written last; one that left meanwhile is left out."""
    rows = Workshop.objects.filter(pk__in=[one.pk for one in actions]).values_list("pk", "recorded_at", "changed_at")
    written = {pk: changed_at or recorded_at for pk, recorded_at, changed_at in rows}
    return [(one, written[one.pk]) for one in actions if one.pk in written]


class Pages(Sitemap):
    """Each public page in each language. Only pages that are there now: what was withdrawn is not."""

    i18n = True
    alternates = True

    def get_domain(self, site=None):
        return urlsplit(settings.PUBLIC_URL).netloc

    def get_protocol(self, protocol=None):
        return urlsplit(settings.PUBLIC_URL).scheme

    def location(self, item):
        path, _changed = item
        return f"{path}?langue={get_language()}"

    def lastmod(self, item):
        _path, changed = item
        return changed

    def items(self):
        of_words = [*TEXTS, "home", "stories", "press", "plan", "finding", "contact"]
        found: list[tuple[str, datetime | None]] = [(reverse(f"website:{name}"), None) for name in sorted(of_words)]
        sites = finding.open_sites(timezone.localdate()).order_by("pk").values_list("pk", flat=True)
        found += [(reverse("website:site", args=[pk]), None) for pk in sites]
        found += [(reverse("workshops:agenda"), None), (reverse("figures:public"), None)]
        found += [(reverse("figures:published_definitions"), None), (reverse("rights:information"), None)]
        found += [(reverse("figures:published", args=[year]), None) for year in figures.published_years()]
        found += [
            (reverse("website:story", args=[pk]), at) for pk, at in stories.told().values_list("pk", "published_at")
        ]
        found += [
            (reverse("website:announcement", args=[pk]), at)
            for pk, at in stories.announced().values_list("pk", "published_at")
        ]
        to_come = with_days(pages.upcoming(at=timezone.now()))
        return found + [(reverse("workshops:public", args=[one.pk]), at) for one, at in to_come]
