"""The network's home, without a name of a person accompanied: the pilot's, and what a funder reads of it."""

from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citeslab.animation import queries as animation
from citeslab.core.values import whole_number
from citeslab.desk import charts, queries
from citeslab.desk.enums import Layer
from citeslab.figures import queries as figures
from citeslab.funding import queries as funding
from citeslab.network import rules
from citeslab.network.enums import Cover, Role
from citeslab.network.models import FSEPlus, Post
from citeslab.ui.values import money, number


def home(request, on):
    """The year; for the pilot, what needs a decision, what moved in a month, and more than people on the map."""
    year = requested_year(request, default=on.year - 1, last=on.year)
    is_pilot = Role.PILOT in rules.roles(request.user, on=on)
    layer = requested_layer(request) if is_pilot else Layer.ACTIVITY
    paid = FSEPlus.objects.on(on).count() if rules.may_set_fse_plus(request.user, on=on) else None
    page = {
        "on": on,
        "year": year,
        "fse_plus_sites": paid,
        "network_life": animation.today(request.user, on=on),
        **charts.network(year=year, on=on),
    }
    if is_pilot:
        changes = queries.changes(on=on)
        covers = queries.cover_by_department(on=on)
        page |= {
            "decisions": decisions(request.user, on, covers),
            "changes": [(change, told(change)) for change in changes[: queries.MOST_CHANGES]],
            "more_changes": max(0, len(changes) - queries.MOST_CHANGES),
            "received": queries.received(on=on),
            "layer": layer,
            "layers": layers(layer, year),
        }
        if layer != Layer.ACTIVITY:
            page["map"] = drawn(layer, year, on, covers)
    return TemplateResponse(request, "desk/network.html", page)


def requested_year(request, *, default: int, last: int) -> int:
    asked = request.GET.get("annee", "")
    if not asked:
        return default
    year = whole_number(asked)
    if year is None or not figures.FIRST_YEAR <= year <= last:
        raise Http404
    return year


def requested_layer(request) -> Layer:
    asked = request.GET.get("carte", Layer.ACTIVITY)
    if asked not in Layer.values:
        raise Http404
    return Layer(asked)


def layers(current: Layer, year: int) -> list[dict]:
    home = reverse("desk:home")
    return [
        {"label": one.label, "url": f"{home}?annee={year}&carte={one}#departments", "current": one == current}
        for one in Layer
    ]


def drawn(layer: Layer, year: int, on, covers):
    if layer == Layer.POSTS:
        return charts.map_of_posts(queries.posts_by_department(on=on), on)
    if layer == Layer.COVERAGE:
        return charts.map_of_coverage(covers, on)
    return charts.map_of_money(queries.money_by_department(year=year), year)


def decisions(user, on, covers) -> list[dict]:
    """What only the pilot settles, a line each: how many, and where."""
    white = sum(of[Cover.NONE] + of[Cover.VACANT] for of in covers.values())
    vacant = Post.objects.vacant(on).count()
    waiting = funding.waiting(user, on=on)
    agreements = reverse("funding:agreements")
    lines = [
        (
            white,
            "pin",
            ngettext("%(count)s neighborhood without an advisor", "%(count)s neighborhoods without an advisor", white),
            _("Say who takes them"),
            f"{reverse('network:coverage')}?cover=WHITE",
        ),
        (
            vacant,
            "person",
            ngettext("%(count)s post that nobody holds", "%(count)s posts that nobody holds", vacant),
            _("See them"),
            f"{reverse('network:network')}?vacant=on",
        ),
        (
            len(waiting.late),
            "money",
            ngettext("%(count)s instalment late", "%(count)s instalments late", len(waiting.late)),
            _("See what is owed"),
            agreements,
        ),
        (
            len(waiting.reports),
            "file",
            ngettext("%(count)s report to send", "%(count)s reports to send", len(waiting.reports)),
            _("Prepare them"),
            agreements,
        ),
        (
            len(waiting.unsigned),
            "edit",
            ngettext(
                "%(count)s agreement begun, not signed", "%(count)s agreements begun, not signed",
                len(waiting.unsigned),
            ),
            _("Record the signature"),
            agreements,
        ),
        (
            len(waiting.ending),
            "clock",
            ngettext(
                "%(count)s agreement ends, with nothing after", "%(count)s agreements end, with nothing after",
                len(waiting.ending),
            ),
            _("Prepare the next one"),
            agreements,
        ),
        (
            len(waiting.unfunded),
            "money",
            ngettext("%(count)s post not paid whole", "%(count)s posts not paid whole", len(waiting.unfunded)),
            _("See what pays"),
            reverse("funding:posts"),
        ),
    ]  # fmt: skip
    return [
        {"icon": icon, "said": said % {"count": number(count)}, "verb": verb, "url": url}
        for count, icon, said, verb, url in lines
        if count
    ]


def told(change) -> dict:
    """A change in a sentence, and the page that tells more."""
    words = {"name": change.name, "site": change.site.name if change.site else "", "count": number(change.count)}
    url = reverse("network:site", args=[change.site.pk]) if change.site else reverse("network:network")
    match change.kind:
        case "comes":
            said = _("%(name)s takes up a post, %(site)s.")
        case "leaves":
            said = _("%(name)s leaves a post, %(site)s.")
        case "covers":
            said = ngettext(
                "%(site)s covers %(count)s more neighborhood.", "%(site)s covers %(count)s more neighborhoods.",
                change.count,
            )  # fmt: skip
        case "uncovers":
            said = ngettext(
                "%(site)s leaves %(count)s neighborhood.", "%(site)s leaves %(count)s neighborhoods.", change.count
            )
        case "opens":
            said = _("%(site)s opens.")
        case "merges":
            said = _("Merger of host organizations: %(name)s.")
        case _:
            agreement = change.agreement
            words |= {"reference": agreement.reference, "amount": money(agreement.committed_cents)}
            said = _("%(name)s signs %(reference)s: %(amount)s.")
            url = agreement.get_absolute_url()
    return {"said": said % words, "url": url}
