"""What search engines, feeds and journalists take away from the public site."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from citeslab.agenda.enums import Rhythm
from citeslab.figures.definitions.statements import QUALIFIERS, SAID_ON, Qualifier
from citeslab.figures.exports.documents import in_words
from citeslab.figures.queries import Check
from citeslab.ui import values
from citeslab.website.definitions import QUESTIONS
from citeslab.website.models import Story
from citeslab.website.queries.sites import Shown
from citeslab.workshops.exports.engines import VOCABULARY, as_data

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def whole(path: str) -> str:
    """An address of this site as it is given away: of `PUBLIC_URL`, whatever host a request names."""
    return f"{settings.PUBLIC_URL}{path}"


def address(name: str, *args: Any) -> str:
    """The address of a page in the language that is active."""
    return f"{whole(reverse(name, args=args))}?langue={get_language()}"


def organization() -> dict[str, Any]:
    told: dict[str, Any] = {
        "@type": "Organization",
        "@id": whole("/#organization"),
        "name": "CitésLab",
        "url": whole(reverse("website:home")),
        "logo": whole(static("ui/icon.svg")),
        "foundingDate": "2002",
        "areaServed": {"@type": "Country", "name": "France"},
    }
    if settings.CONTACT:
        told["email"] = settings.CONTACT
    if settings.PUBLISHER["phone"]:
        told["telephone"] = settings.PUBLISHER["phone"]
    if settings.PUBLISHER["name"]:
        told["parentOrganization"] = {"@type": "Organization", "name": settings.PUBLISHER["name"]}
    return told


def site_data() -> str:
    """The network and its site, for the home."""
    site = {
        "@type": "WebSite",
        "@id": whole("/#website"),
        "url": whole(reverse("website:home")),
        "name": "CitésLab",
        "inLanguage": [code for code, _name in settings.LANGUAGES],
        "publisher": {"@id": whole("/#organization")},
    }
    return as_data({"@graph": [organization(), site]})


def questions_data() -> str:
    return as_data(
        {
            "@type": "FAQPage",
            "inLanguage": get_language(),
            "mainEntity": [
                {
                    "@type": "Question",
                    "name": str(question),
                    "acceptedAnswer": {"@type": "Answer", "text": str(answer)},
                }
                for question, answer in QUESTIONS
            ],
        }
    )


def story_data(story: Story, *, has_picture: bool) -> str:
    told: dict[str, Any] = {
        "@type": "Article",
        "headline": story.title,
        "inLanguage": "fr",
        "datePublished": timezone.localdate(story.published_at),
        "url": whole(reverse("website:story", args=[story.pk])),
        "publisher": {"@type": "Organization", "name": "CitésLab"},
    }
    if has_picture:
        told["image"] = whole(reverse("website:story_picture", args=[story.pk]))
    return as_data(told)


def quoted(check: Check) -> str:
    """A statement of the release with its check, in lines to paste."""
    statement = check.statement
    said = in_words(check, statement.expected, 0)
    if statement.qualifier is not Qualifier.EXACTLY:
        said = f"{QUALIFIERS[statement.qualifier]} {said}"
    verdict = {True: _("holds"), False: _("does not hold"), None: _("not computed")}[check.holds]
    line = _("%(wording)s Said: %(said)s.") % {"wording": statement.wording, "said": said}
    if check.value is None:
        return f"{line} {_('Check:')} {verdict}."
    computed = in_words(check, check.value, 0 if round(check.value, 2) == check.value else 1)
    return _("%(line)s Computed from the records: %(value)s. Check: %(verdict)s.") % {
        "line": line,
        "value": computed,
        "verdict": verdict,
    }


def press_text(year: Mapping[str, Any] | None, announcements: Sequence[Any]) -> str:
    """The page of the press as plain text, to paste: published figures alone, each with its meaning and source."""
    lines = [_("CitésLab: figures to quote"), ""]
    if year is None:
        lines += [_("No year is published yet: there is no figure to quote.")]
    else:
        found = year["found"]
        source = address("figures:published", found.year)
        lines += [
            _("Year %(year)s, publication %(reference)s of %(day)s.") % {
                "year": found.year, "reference": found.reference, "day": values.day(year["made_on"]),
            },
            _("Source, to be quoted with the figures: CitésLab, %(address)s (Open Licence 2.0).") % {"address": source},
            "",
        ]  # fmt: skip
        for one in year["numbers"]:
            lines.append(
                f"- {one['defined'].wording}{_(':')} {strip_tags(one['written'])}. {one['defined'].definition}"
            )
        if found.checks:
            lines += ["", _("What the network said on %(day)s, checked") % {"day": values.day(SAID_ON)}, ""]
            lines += [f"- {quoted(check)}" for check in found.checks]
    if announcements:
        lines += ["", _("Releases"), ""]
        lines += [
            f"- {values.day(one.published_at)}{_(':')} {one.title}. {address('website:announcement', one.pk)}"
            for one in announcements
        ]
    if settings.PUBLISHER["press"]:
        lines += ["", _("Press contact: %(contact)s") % {"contact": settings.PUBLISHER["press"]}]
    return "\n".join(lines) + "\n"


def robots() -> str:
    """What search engines may read; nothing where the people are invented."""
    if settings.DEMO:
        return "User-agent: *\nDisallow: /\n"
    return f"User-agent: *\nDisallow: /mes-donnees/dossier/\n\nSitemap: {whole(reverse('website:sitemap'))}\n"


def place_data(shown: Shown) -> str:
    """A site as a schema.org LocalBusiness, in JSON that may stand in a `<script>`: data, which no browser runs."""
    site = shown.site
    address: dict[str, object] = {"@type": "PostalAddress", "addressCountry": "FR"}
    if site.address:
        address["streetAddress"] = site.address
    if shown.commune:
        address["addressLocality"] = shown.commune.name
    told: dict[str, object] = {
        "@type": "LocalBusiness",
        "name": site.name,
        "url": whole(reverse("website:site", args=[site.pk])),
        "parentOrganization": {"@type": "Organization", "name": "CitésLab"},
        "priceRange": "0",
        "address": address,
    }
    if site.phone:
        told["telephone"] = site.phone
    if site.email:
        told["email"] = site.email
    hours = [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": [f"{VOCABULARY}/{DAYS[day]}" for day in sorted(surgery.weekdays)],
            "opens": surgery.from_time.strftime("%H:%M"),
            "closes": surgery.until_time.strftime("%H:%M"),
        }
        for surgery, _next in shown.surgeries
        if surgery.rhythm == Rhythm.WEEKLY
    ]
    if hours:
        told["openingHoursSpecification"] = hours
    return as_data(told)
