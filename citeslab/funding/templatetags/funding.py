"""Where an agreement or an instalment stands, in a word with its mark, and the verb that comes next."""

from django import template
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from citeslab.funding.enums import Phase, State
from citeslab.ui.templatetags.boxes import tag

register = template.Library()

OF_PHASE = {Phase.UNSIGNED: "look", Phase.TO_COME: "now", Phase.RUNNING: "good", Phase.OVER: ""}
OF_STATE = {State.DUE: "", State.AGREED: "now", State.PAID: "good", State.JUSTIFIED: "good"}


@register.filter
def phase_tag(phase) -> SafeString:
    return tag(capfirst(Phase(phase).label), OF_PHASE[Phase(phase)])


@register.filter
def state_tag(state) -> SafeString:
    return tag(capfirst(State(state).label), OF_STATE[State(state)])


@register.filter
def next_verb(state) -> str:
    match State(state):
        case State.DUE | State.AGREED:
            return _("Record the payment")
        case State.PAID:
            return _("Record as justified")
    return _("See it")
