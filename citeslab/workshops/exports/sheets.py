"""The attendance sheet (FR: feuille d'émargement): its records, its pages, what is said of a file that comes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from citeslab.ui.exports import accessible_pdf
from citeslab.ui.values import clock, day, moment
from citeslab.workshops.enums import Damage, Kind, State
from citeslab.workshops.exports import messages
from citeslab.workshops.models import HeadCount, Session, Workshop
from citeslab.workshops.queries import Attested, HalfDay
from citeslab.workshops.readers import sheets
from citeslab.workshops.readers.binding import canonical

SHEET = Path(__file__).parents[1] / "documents" / "sheet.typ"
HALVES_IN_A_TABLE = 4
BLANK_LINES = 6  # for who walks in


@dataclass
class Told:
    """What a sheet tells: read once, for its records and for its pages."""

    workshop: Workshop
    sessions: Sequence[Session]
    animators: Sequence[str]
    lines: Sequence[Attested]
    heads: Sequence[HeadCount]


def facts_of(told: Told, *, reference: str, by: str, at: datetime) -> list[dict]:
    """The records, in codes: the action, each person, each count."""
    workshop = told.workshop
    facts: list[dict] = [
        {
            "sheet": reference,
            "title": workshop.title,
            "kind": workshop.kind,
            "reference": workshop.reference,
            "site": workshop.site.name,
            "place": messages.where(workshop),
            "establishment": workshop.establishment,
            "class_level": workshop.class_level,
            "day": workshop.held_on.isoformat(),
            "halves": [[instant(session.starts_at), instant(session.ends_at)] for session in told.sessions],
            "led_by": list(told.animators),
            "made_at": instant(at),
            "made_by": by,
            "language": get_language(),
        }
    ]
    facts += [
        {
            "number": line.number,
            "name": None if line.is_hidden else line.name,
            "registered": line.channel and str(line.channel),
            "sent_by": line.office,
            "halves": [fact_of(half, line) for half in line.halves],
        }
        for line in told.lines
    ]
    facts += [{"sex": row.sex, "age": row.age_band, "heads": row.heads} for row in told.heads]
    facts[0]["lines"] = len(facts) - 1
    return [{"line": number, **fact} for number, fact in enumerate(facts)]


def instant(at: datetime | None) -> str | None:
    return timezone.localtime(at).isoformat() if at else None


def fact_of(half: HalfDay, line: Attested) -> dict | None:
    """The drawing itself is in the page: here stands its digest."""
    if half.state is None and half.strokes is None:
        return None
    return {
        "state": half.state and str(half.state),
        "told_at": instant(half.told_at),
        "by": half.how and str(half.how),
        "signature": sha256(canonical(half.strokes)).hexdigest() if half.strokes is not None else None,
    }


def sheet_pdf(told: Told, *, reference: str = "", head: str = "", at: datetime) -> tuple[bytes, list[int], list]:
    """The pages, which line each row of their tables shows, and the warnings of the making.

    Without a `reference` it is the paper to sign: names, empty boxes, a few lines for who walks in.
    """
    workshop, is_blank = told.workshop, not reference
    sessions = list(told.sessions)
    has_people = workshop.kind != Kind.SCHOOL and (is_blank or bool(told.lines))
    groups: list[dict] = []
    rows: list[int] = []
    tables = -(-len(sessions) // HALVES_IN_A_TABLE) or 1
    across = -(-len(sessions) // tables) or 1
    for first in range(0, tables * across, across) if has_people else ():
        some = sessions[first : first + across]
        here = [row_of(line, line.halves[first : first + across], some, is_blank) for line in told.lines]
        rows += range(1, len(here) + 1)
        if is_blank:
            here += [
                {"number": "", "name": " ", "registered": "", "halves": [blank()] * max(1, len(some))}
            ] * BLANK_LINES
        halves = [[day(one.starts_at, "near"), hours(one)] for one in some] or [[day(workshop.held_on, "near"), ""]]
        title = _("Who came") if not is_blank else _("Signatures")
        groups.append({"title": title, "halves": halves, "rows": here})
    heads = [] if is_blank else heads_of(told.heads)
    rows += [*range(len(told.lines) + 1, len(told.lines) + len(heads)), 0] if heads else []
    most = max([len(group["halves"]) for group in groups] or [1])
    data = {
        "title": _("Attendance sheet: %(title)s") % {"title": workshop.title},
        "author": f"CitésLab {workshop.site.name}",
        "facts": heading_of(told),
        "colon": _(":"),
        "lang": get_language() or settings.LANGUAGE_CODE,
        "is_blank": is_blank,
        "is_wide": most > 2,
        "half_width": 7 if most == 1 else 5.4 if most == 2 else 6.4 if most == 3 else 5,
        "number_word": _("No."),
        "name_word": _("Name"),
        "groups": groups,
        "heads_title": _("Heads without a name"),
        "heads_columns": [_("Sex"), _("Age"), _("Heads")],
        "heads": heads,
        "notes": notes_of(reference, head, at=at),
        "foot": _("Sheet %(reference)s") % {"reference": reference} if reference else workshop.site.name,
        "short": in_fours(head[:16]),
    }
    plain, warnings = accessible_pdf(SHEET, data, at=at, plain=True)
    return plain, rows, warnings


def heading_of(told: Told) -> list[tuple[str, str]]:
    workshop = told.workshop
    days: dict[str, list[str]] = {}
    for one in told.sessions:
        days.setdefault(day(one.starts_at, "weekday"), []).append(hours(one))
    halves = [", ".join([on, *some]) for on, some in days.items()]
    school = [workshop.establishment, workshop.get_class_level_display() if workshop.class_level else ""]
    facts = [
        (_("Site"), workshop.site.name),
        (_("Place"), messages.where(workshop)),
        (_("School"), ", ".join(filter(None, school))),
        (_("When"), " · ".join(halves) or day(workshop.held_on, "weekday")),
        (_("Led by"), ", ".join(told.animators)),
        (_("Reference"), workshop.reference),
    ]
    return [(label, words) for label, words in facts if words]


def hours(session: Session) -> str:
    return f"{clock(session.starts_at)} – {clock(session.ends_at)}"


def blank() -> dict[str, str]:
    return {"state": "", "told": "", "drawing": "", "alt": ""}


def nobody(halves: int) -> dict:
    return {"number": "", "name": " ", "registered": "", "halves": [blank()] * halves}


def row_of(line: Attested, halves: Sequence[HalfDay], sessions: Sequence[Session], is_blank: bool) -> dict:
    name = line.name or (_("(name kept by her own site)") if line.is_hidden else _("(name forgotten)"))
    registered = line.office or (line.channel.label if line.channel else _("told by a workbook"))
    cells = [half_of(half, session, line) for half, session in zip(halves, sessions, strict=False)]
    if not halves:  # a workbook said that she came, and not to which half-day
        came = blank() | {"state": str(State.PRESENT.label) if line.number is None else ""}
        cells = [came, *([blank()] * (len(sessions) - 1))]
    return {
        "number": "" if line.number is None else str(line.number),
        "name": name,
        "registered": str(registered),
        "halves": [blank()] * len(cells) if is_blank else cells,
    }


def half_of(half: HalfDay, session: Session, line: Attested) -> dict[str, str]:
    told = ""
    if half.state and half.how:
        same_day = timezone.localdate(half.told_at) == timezone.localdate(session.starts_at)
        when = clock(half.told_at) if same_day else moment(half.told_at)
        told = _("%(when)s, by %(how)s") % {"when": when, "how": half.how.label}
    state = str(half.state.label) if half.state else _("nothing marked")
    if half.strokes == [] or (half.strokes and line.is_hidden):  # a box ticked, or a hand that is not hers to see
        return blank() | {"state": state, "told": ", ".join(filter(None, [told, _("signed")]))}
    drawing = svg_of(half.strokes) if half.strokes else ""
    return {
        "state": state,
        "told": told,
        "drawing": drawing,
        "alt": _("Signature of %(name)s") % {"name": line.name} if drawing else "",
    }


def svg_of(strokes: list) -> str:
    lines = "".join("M" + "L".join(f"{x} {y}" for x, y in line) + ("" if line[1:] else "h1") for line in strokes)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 400"><path fill="none" stroke="#1E2A32" '
        f'stroke-width="12" stroke-linecap="round" stroke-linejoin="round" d="{lines}"/></svg>'
    )


def heads_of(heads: Sequence[HeadCount]) -> list[list[str]]:
    rows = [[str(row.get_sex_display()), str(row.get_age_band_display()), str(row.heads)] for row in heads]
    return [*rows, [_("total"), "", str(sum(row.heads for row in heads))]] if rows else []


def notes_of(reference: str, head: str, *, at: datetime) -> list[str]:
    if not reference:
        return []
    address = settings.PUBLIC_URL + reverse("workshops:check")
    return [
        _(
            "Made on %(moment)s. Its file carries each line with its digest, chained to the one before: one byte "
            "changed is seen, and the line is named. Anyone checks it at %(address)s."
        )
        % {"moment": moment(at), "address": address},
        _("End of the chain of its lines (SHA-256): %(head)s") % {"head": in_fours(head)},
    ]


def in_fours(digits: str) -> str:
    """
    >>> in_fours("a1b2c3d4")
    'a1b2 c3d4'
    """
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))


def findings_told(sheet: sheets.Sheet, *, with_names: bool) -> list[str]:
    """What is not as it was made, a sentence for each line or place, the lines first."""
    told = []
    for finding in sheet.findings:
        what = Damage(finding.what).label
        if finding.line:
            place = line_told(sheet, finding.line) if with_names else _("Line %(line)s") % {"line": finding.line}
            if finding.page:
                place = _("%(line)s, page %(page)s") % {"line": place, "page": finding.page}
        elif finding.page:
            place = _("Page %(page)s") % {"page": finding.page}
        elif finding.what in {Damage.RECORD, Damage.MISSING, Damage.TWICE, Damage.MOVED}:
            place = _("The action's own record")
        else:
            place = _("The file")
        told.append(_("%(place)s: %(what)s.") % {"place": place, "what": what})
    return told


def line_told(sheet: sheets.Sheet, line: int) -> str:
    """A line by its number, and by who or what stands there as far as its record says."""
    fact = sheet.facts.get(line, {})
    name, number = shown(fact.get("name")), shown(fact.get("number"))
    if name:
        if not number:
            return _("Line %(line)s (%(name)s)") % {"line": line, "name": name}
        return _("Line %(line)s (no. %(number)s, %(name)s)") % {"line": line, "number": number, "name": name}
    if "heads" in fact:
        return _("Line %(line)s (heads without a name)") % {"line": line}
    return _("Line %(line)s") % {"line": line}


def shown(said: object) -> str:
    """What a file that may be anyone's says, fit for a terminal."""
    if not isinstance(said, str | int):
        return ""
    return "".join(sign for sign in str(said)[:200] if sign.isprintable())


def record_told(sheet: sheets.Sheet, line: int) -> str:
    """What a whole record says of a line whose drawing was changed; nothing of what is not as we write it."""
    fact = sheet.facts.get(line, {})
    heads, halves = fact.get("heads"), fact.get("halves")
    if line not in sheet.trusted:
        return ""
    if isinstance(heads, int):
        return ngettext("Its record says: %(heads)s head.", "Its record says: %(heads)s heads.", heads) % {
            "heads": heads
        }
    if not isinstance(halves, list) or not halves:
        return ""
    return _("Its record says: %(halves)s.") % {"halves": " · ".join(map(half_told, halves))}


def half_told(half: object) -> str:
    said = half if isinstance(half, dict) else {}
    state = str(State(said["state"]).label) if said.get("state") in State.values else _("nothing marked")
    return f"{state} ({_('signed')})" if said.get("signature") else state
