"""The gesture said back, in the words of the choices."""

from django import template
from django.utils.dateparse import parse_date, parse_time
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citeslab.followup.enums import Stage
from citeslab.ui.values import clock, day

register = template.Library()


@register.filter
def minutes(value) -> str:
    """A length as one says it: 45 min, 1 h, 1 h 30."""
    hours, rest = divmod(int(value), 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": rest}
    return _("%(hours)s h") % {"hours": hours} + (f" {rest:02}" if rest else "")


@register.filter
def stage_said(current, code: str) -> str:
    """What choosing a stage says, from the one where she is (a step, or nothing)."""
    now = str(Stage(code).label).lower()
    if current is None:
        return _("She begins at: %(now)s.") % {"now": now}
    if current.stage == code:
        return _("She stays at: %(now)s.") % {"now": now}
    return _("From %(before)s to %(now)s.") % {"before": str(Stage(current.stage).label).lower(), "now": now}


@register.filter
def said_day(field) -> str:
    """The day that a field holds, in words."""
    value = field.value()
    value = parse_date(value) if isinstance(value, str) else value
    return day(value, "near") if value else ""


@register.filter
def said_when(step) -> str:
    """The day and the hour of what is planned, in words."""
    on = day(step.due_on, "near")
    return _("{day} at {clock}").format(day=on, clock=clock(step.due_time)) if step.due_time else on


@register.filter
def following_said(kind: str, name: str) -> str:
    """What choosing what comes next says; `{day}` stands for its day and hour, which the page keeps true."""
    sentences = {
        "AS_PLANNED": _("What was planned stays."),
        "MEET": _("You see %(name)s again {day}."),
        "CALL": _("You call %(name)s back {day}."),
        "REFER": _("You refer %(name)s to a partner, from today."),
        "OTHER": _("You come back to it {day}."),
        "NOTHING": _("Nothing is planned with %(name)s."),
    }
    return sentences.get(kind, "").replace("%(name)s", name)


@register.filter
def said_back(form, person) -> str:
    """The whole gesture in a sentence, as the form stands when it leaves the server."""
    stage, following = form["stage"].value(), form["following"].value() or ""
    if stage == Stage.SORT:
        has_left = form.current and form.current.stage == stage
        said = _("She has left the path.") if has_left else _("She leaves the path.")
    else:
        said = stage_said(form.current, stage) if stage in Stage.values else ""
    when = said_day(form[f"{following.lower()}_on"]) if following in ("MEET", "CALL", "OTHER") else ""
    hour = form["meet_time"].value() if following == "MEET" else None
    hour = parse_time(hour) if isinstance(hour, str) else hour
    if when and hour:
        when = _("{day} at {clock}").format(day=when, clock=clock(hour))
    return f"{said} {following_said(following, person.first_name).replace('{day}', when)}".strip()


@register.filter
def late(due_on, today) -> str:
    """How late something is, in days."""
    days = (today - due_on).days
    return ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}
