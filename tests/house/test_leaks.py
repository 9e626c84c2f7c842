"""Who sees no name gets none: every personal field of every object holds a mark that no page of theirs may show."""

import logging
import re
from datetime import date
from itertools import count

import pytest
from django.db import models
from django.urls import reverse

from citeslab.agenda.models import Appointment
from citeslab.people.models import Person
from tests import factories
from tests.house import walking
from tests.house.access import ADVISOR, FUNDER, OWN, PILOT
from tests.house.test_house import our_models
from tests.house.walking import Walker

pytestmark = pytest.mark.django_db

# Models whose personal fields are of people who work here, or are nobody's words: not what this test is about.
OF_STAFF = {
    "accounts.User": "who works here: the bar shows one's own name, and organizations list their members",
    "accounts.Session": "one's own browsers",
    "accounts.Identity": "what an identity provider calls who works here",
    "animation.Skill": "what a colleague says of her own craft, for her colleagues",
    "animation.NetworkMeeting": "who came to a meeting of the network, as its minutes say",
    "files.StoredFile": "what a funder and a host signed and sent, for those who read their agreement",
    "network.HostOrganization": "who answers for an organization that employs advisors: the pilot writes to them",
    "network.Import": "files of who works here, which the pilot sends",
    "network.Invitation": "addresses of those who will work here: the pilot invites coordinators",
}
# Rows that everyone may read, by their person's agreement: what is set in them once she gave it.
TOLD = {"website.Story": ("published_at",), "website.Picture": ("is_agreed",)}
# What a personal value of a model asks of the fields beside it.
BESIDE = {
    "workshops.Registration": {"person": None},  # who registers without a file
    "followup.Transition": {"evidence": "REGISTERED"},
    "referrals.Answer": {"kind": "OUTCOME", "outcome": "REGISTERED"},
}
# Values of a given shape, with the mark where a person's words go.
SHAPED = {
    "workshops.Signature.strokes": lambda mark, usual: [[[1, 2], [3, 4]]],
    "intake.Workbook.findings": lambda mark, usual: {
        **usual, "faults": [{**fault, "value": mark} for fault in usual["faults"]],
    },
    "referrals.Referral.sheet": lambda mark, usual: {"NAME": mark, "PHONE": mark, "EMAIL": mark},
    "duplicates.Join.steps": lambda mark, usual: [{"act": "move", "keys": [], "value": mark}],
}  # fmt: skip
DAY = date(1931, 3, 17)
NUMBERS = {"longitude": 6.01827134, "latitude": 47.26027134, "border_m": 98765.4, "siret": "73282932000074"}
LEAK = re.compile(
    r"zqmark\w*|1931-03-17|17/03/1931|17 mars 1931|March 17, 1931"
    r"|6[.,]01827|47[.,]26027|98[\s.,]?765|732\s?829\s?320",
    re.IGNORECASE,
)
FEW_VALUES = (models.BooleanField, models.PositiveSmallIntegerField)  # a small number betrays nothing by itself
NUMBER = count()


def planted(model, name: str, usual):
    """A value that nothing else holds; None for what has few possible values."""
    field, label = model._meta.get_field(name), model._meta.label
    mark = f"Zqmark{next(NUMBER)}{model.__name__}{name.replace('_', '')}"
    if field.choices or isinstance(field, FEW_VALUES):
        return None
    if name in NUMBERS:
        return NUMBERS[name]
    if isinstance(field, models.JSONField):
        return SHAPED.get(f"{label}.{name}", lambda mark, usual: {"value": mark})(mark, usual)
    if isinstance(field, models.BinaryField):
        return mark.encode()
    if isinstance(field, models.DateField):
        return DAY
    if name in {"email", "recipient", "address"} and isinstance(field, models.EmailField) or name == "email":
        return f"{mark}@zq.example".lower()
    return mark[: field.max_length or 60]


def personal(model, usual: dict) -> dict:
    if model._meta.label in OF_STAFF or any(usual.get(name) for name in TOLD.get(model._meta.label, ())):
        return {}
    values = {name: planted(model, name, usual.get(name)) for name in model.PERSONAL}
    values = {name: value for name, value in values.items() if value is not None}
    return values | (BESIDE.get(model._meta.label, {}) if values else {})


@pytest.fixture
def pages(db, monkeypatch, a_young_network):
    """Every object that a page is about, and one of each model besides, is made of marks."""
    create = factories.Any._create.__func__

    def marked(cls, model_class, *args, **usual):
        return create(cls, model_class, *args, **{**usual, **personal(model_class, usual)})

    monkeypatch.setattr(factories.Any, "_create", classmethod(marked))
    places = walking.places()
    found = [page for page in walking.pages(places) if page[1] == OWN]
    unmade = []
    for model in our_models():
        if personal(model, {"findings": {"faults": []}}):
            factory = getattr(factories, f"Any{model.__name__}", None)
            if factory is None or factory._meta.model is not model:
                unmade.append(model._meta.label)
            else:
                factory(**at_site(factory, places[OWN]))
    assert unmade == [], "append a factory to tests/factories.py"
    factories.AnyProjectHolder(person__site=places[OWN], project__site=places[OWN])
    factories.AnyGuest(workshop__site=places[OWN])
    # Whatever hangs on a person or an appointment is told on its own page.
    for name, model in {"desk:person": Person, "agenda:appointment": Appointment}.items():
        there = {"site": places[OWN]} if model is Person else {"person__site": places[OWN]}
        keys = model.objects.filter(**there).order_by("pk").values_list("pk", flat=True)
        found += [(name, OWN, reverse(name, args=[key]), {}) for key in keys]
    return places[OWN], found


def at_site(factory, site) -> dict:
    """What makes an object of this factory one of the site."""
    declared = factory._meta.pre_declarations.as_dict()
    for path in ("person", "meeting__person", "residence__person", "appointment__person", "referral__person", "first"):
        if path.partition("__")[0] in declared:
            return {f"{path}__site": site}
    return {name: site for name in ("site", "kept_site") if name in declared}


@pytest.mark.parametrize("role", [PILOT, FUNDER])
def test_who_sees_no_name_gets_none_by_any_page_export_error_or_log(role, pages, caplog):
    site, found = pages
    walker = Walker(role, site)

    leaks = []
    with caplog.at_level(logging.INFO):
        for name, _where, path, said in found:
            for method, asked in [("get", said), ("get", {**said, "format": "csv"}), ("post", said)]:
                answer = walker.asks(method, path, asked)
                leaks += [f"{name} {method} {asked}: {leak}" for leak in set(LEAK.findall(told_by(answer)))]
    assert leaks == []
    assert LEAK.findall(caplog.text) == []


def told_by(answer) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode(errors="replace") + str(answer.headers) + str(answer.cookies)


def test_the_leak_test_would_see_a_leak(pages):
    """The same values do come to who may see them: the test above is not blind."""
    site, found = pages
    walker = Walker(ADVISOR, site)
    told = "".join(told_by(walker.asks("get", path, said)) for _name, _where, path, said in found)

    seen = {re.sub(r"^zqmark\d*", "", leak.lower()) for leak in LEAK.findall(told)}
    expected = {
        "Person.first_name", "Person.preferred_name", "Appointment.place", "MoveRequest.words", "Note.text",
        "PlanStep.what", "NextStep.about", "Project.title", "Referral.message", "Referral.sheet", "Answer.text",
        "Contact.name", "Residence.address", "Workbook.name", "Workbook.findings", "CorrectionRequest.text",
    }  # fmt: skip
    assert {one for one in expected if one.lower().replace(".", "").replace("_", "") not in seen} == set()
