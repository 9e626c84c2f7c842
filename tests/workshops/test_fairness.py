"""What nobody loses: her place in the line, her offer, what she signed, her one registration, her hour."""

from datetime import time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from citeslab.core.values import instant
from citeslab.people.models import Person
from citeslab.workshops import rules, services
from citeslab.workshops.enums import End, Occasion, State
from citeslab.workshops.models import Attendance, Call, HeadCount, Presence, Registration, Workshop
from citeslab.workshops.values import Guest
from tests import factories

pytestmark = pytest.mark.django_db
HALF = timedelta(hours=3)
MOBILE = "+33639980142"


def page_of(registration):
    return reverse("workshops:hers", args=[rules.secret_of(registration)])


def fresh(registration):
    return Registration.objects.get(pk=registration.pk)


def mark(registration, state, *, by, at):
    session = registration.workshop.sessions.first()
    services.mark(session=session, registration=registration, state=state, key=uuid4(), told_at=at, by=by, at=at)


def test_who_leaves_the_line_has_a_page_that_says_so(client, action, join):
    workshop = action(capacity=1)
    join(workshop)
    waiting = join(workshop, "Lina")

    assert client.post(page_of(waiting), {"act": "cancel"}).status_code == 302
    page = client.get(page_of(waiting), headers={"accept-language": "en"})
    assert page.status_code == 200
    assert "You are no longer registered." in page.content.decode()


def test_her_link_undoes_nothing_of_an_action_that_has_begun_or_where_she_was_marked(client, action, join, advisor, at):
    begun = action(starts_at=timezone.now() - timedelta(hours=1))
    early = action(starts_at=timezone.now() + timedelta(hours=1))
    for workshop in (begun, early):
        hers = join(workshop, at=timezone.now() - timedelta(days=1))
        mark(hers, State.PRESENT, by=advisor, at=timezone.now())

        assert client.post(page_of(hers), {"act": "cancel"}).status_code == 422
        assert fresh(hers).withdrawn_at is None
        assert Presence.objects.standing().filter(registration=hers).exists()
        assert Attendance.objects.standing().filter(workshop=workshop).exists()
    services.unregister(registration=hers, by=advisor, at=timezone.now())  # her advisor still may
    assert fresh(hers).withdrawn_at is not None


def test_a_head_named_on_an_action_without_half_days_counts_by_her_name(site, advisor, at):
    workshop = factories.AnyWorkshop(site=site)
    factories.AnyHeadCount(workshop=workshop, sex="WOMAN", age_band="", heads=5)
    who = Guest("Nour", "Bensaïd", phone=MOBILE)
    told = {"workshop": workshop, "who": who, "sex": "WOMAN", "age_band": "", "key": uuid4(), "by": advisor, "at": at}

    services.name_head(**told)
    services.name_head(**told)

    assert sum(row.heads for row in HeadCount.objects.standing()) == 4
    assert Attendance.objects.standing().get().person == Person.objects.get(first_name="Nour")


@pytest.mark.parametrize("by_herself_first", [True, False])
def test_one_person_by_two_doors_is_one_registration_and_one_file(site, action, join, advisor, at, by_herself_first):
    workshop = action(capacity=5)
    person = factories.AnyPerson(site=site, first_name="Nour", preferred_name="Bensaïd", phone=MOBILE)

    def on_file():
        return services.register(workshop=workshop, who=person, by=advisor, at=at)

    if by_herself_first:
        first = join(workshop, "Nour", phone=MOBILE)
        assert on_file() == first
    else:
        first = on_file()
        assert join(workshop, "Nour", phone=MOBILE) == first
    kept = fresh(first)
    assert (kept.person, kept.first_name, kept.phone) == (person, "", "")
    mark(kept, State.PRESENT, by=advisor, at=at)
    assert Person.objects.count() == 1
    assert workshop.registrations.count() == 1


def offered_to_one_who_is_called(action, join, advisor, at):
    workshop = action(capacity=1)
    seated = join(workshop, "Lina", email="lina@example.org")
    waiting = join(workshop, "Nour")
    services.unregister(registration=seated, by=advisor, at=at)
    assert Call.objects.get(made_at=None).occasion == Occasion.OFFER
    return workshop, waiting


def test_an_offer_still_stands_on_the_call_list_when_the_place_changes(action, join, advisor, at):
    workshop, waiting = offered_to_one_who_is_called(action, join, advisor, at)
    workshop.place = "Ailleurs"
    start = workshop.sessions.get().starts_at
    services.change(workshop=workshop, programme=services.Programme([(start, start + HALF)]), by=advisor, at=at)

    asked = Call.objects.filter(registration=waiting, made_at=None).values_list("occasion", flat=True)
    assert sorted(asked) == [Occasion.MOVED, Occasion.OFFER]


def test_an_offer_does_not_outlast_the_new_beginning(action, join, advisor, at):
    workshop, waiting = offered_to_one_who_is_called(action, join, advisor, at)
    start = at + timedelta(hours=3)
    services.change(workshop=workshop, programme=services.Programme([(start, start + HALF)]), by=advisor, at=at)
    assert fresh(waiting).offered_until == start


def test_no_offer_passes_while_the_action_is_called_off(action, join, advisor, at):
    workshop, waiting = offered_to_one_who_is_called(action, join, advisor, at)
    join(workshop, "Zoé")
    services.call_off(workshop=workshop, by=advisor, at=at)
    later = at + timedelta(days=2)
    services.let_offers_pass(at=later)
    assert fresh(waiting).passed_at is None

    services.restore(workshop=workshop, by=advisor, at=later)
    kept = fresh(waiting)
    assert kept.passed_at is None
    assert kept.offered_until > later
    assert Call.objects.filter(registration=waiting, occasion=Occasion.OFFER, made_at=None).exists()


def test_who_has_a_seat_at_last_and_cannot_be_written_to_is_called(action, join, advisor, at):
    workshop = action(capacity=1)
    join(workshop, "Lina")
    waiting = join(workshop, "Nour")
    start = workshop.sessions.get().starts_at
    workshop.capacity = None
    services.change(workshop=workshop, programme=services.Programme([(start, start + HALF)]), by=advisor, at=at)

    assert not fresh(waiting).is_waiting
    assert Call.objects.get(registration=waiting).occasion == Occasion.SEATED


def test_an_offer_that_is_over_goes_to_the_next_of_the_line_before_anyone_new(action, join, advisor, at):
    workshop, waiting = offered_to_one_who_is_called(action, join, advisor, at)
    following = join(workshop, "Zoé")
    later = at + timedelta(days=3)
    new = join(workshop, "Inès", at=later)

    assert new.is_waiting
    assert fresh(following).offered_until > later
    assert fresh(waiting).passed_at == later


def test_an_hour_is_that_of_the_clocks_of_the_site_for_who_works_under_two(signed_in, advisor):
    reunion = factories.AnySite(name="Saint-Denis", commune_code="97411", department__code="974")
    factories.AnyMandate(user=advisor, site=reunion)
    day = timezone.localdate() + timedelta(days=9)
    said = {
        "site": reunion.pk, "kind": "GENERAL", "title": "Oser son idée", "day_0": day.isoformat(), "starts_0": "09:00",
        "ends_0": "12:00", "animators": [advisor.pk],
    }  # fmt: skip
    made = signed_in.post(reverse("workshops:new"), said)

    assert made.status_code == 302, made.context["form"].errors
    session = Workshop.objects.get().sessions.get()
    assert session.starts_at == instant(day, time(9), ZoneInfo("Indian/Reunion"))


def test_the_code_of_a_room_tells_the_hour_of_its_site(client):
    there = factories.AnySite(name="Papeete", commune_code="98735", department__code="987")
    now = timezone.now()
    workshop = factories.AnyWorkshop(site=there, held_on=timezone.localdate(now, there.zone), is_planned=True)
    session = factories.AnySession(workshop=workshop, starts_at=now, ends_at=now + HALF)
    page = client.get(reverse("workshops:scan", args=[session.pk, rules.code_of(session, now)]))

    hour = f"{now.astimezone(ZoneInfo('Pacific/Tahiti')).hour}\N{NO-BREAK SPACE}h"
    assert hour in page.content.decode()


def test_who_leads_it_from_elsewhere_or_left_since_still_leads_it_after_a_change(signed_in, action, advisor):
    workshop = action(title="Oser son idée", starts_at=timezone.now() + timedelta(days=9))
    elsewhere = factories.AnyMandate().user
    workshop.animators.set([advisor, elsewhere])
    page = signed_in.get(reverse("workshops:programme", args=[workshop.pk])).context["form"]

    assert set(page.fields["animators"].queryset) >= {advisor, elsewhere}


def test_a_colleague_of_another_site_is_asked_to_lead_it(signed_in, action):
    workshop = action()
    colleague = factories.AnyMandate(user__name="Paul Lemaire", site__name="Roubaix").user
    gone = factories.AnyMandate(user__is_active=False).user
    address = reverse("workshops:programme", args=[workshop.pk])
    page = signed_in.get(address)
    offered = dict(page.context["form"].fields["colleague"].choices)
    said = {name: value for name, value in page.context["form"].initial.items() if value is not None}
    said |= {"kind": workshop.kind, "title": workshop.title, "colleague": colleague.pk}
    answer = signed_in.post(address, said)

    assert (offered[colleague.pk], gone.pk in offered) == ("Paul Lemaire (Roubaix)", False)
    assert answer.status_code == 302, answer.context["form"].errors
    assert colleague in workshop.animators.all()


def test_a_copy_keeps_who_leads_it_from_elsewhere(signed_in, action):
    workshop = action()
    elsewhere = factories.AnyMandate().user
    workshop.animators.set([elsewhere])
    form = signed_in.get(reverse("workshops:new"), {"comme": workshop.pk}).context["form"]

    assert form.initial["animators"] == [elsewhere.pk]
    assert elsewhere in form.fields["animators"].queryset


def test_nothing_is_noted_of_an_action_called_off_until_it_is_put_back(signed_in, action, join, advisor, at):
    workshop = action(starts_at=at)
    registration, session = join(workshop, at=at - timedelta(days=1)), workshop.sessions.get()
    services.call_off(workshop=workshop, because="", by=advisor, at=at)
    mark = {"session": session.pk, "registration": registration.pk, "state": "PRESENT", "key": uuid4()}
    for door, said in {
        "marking": mark,
        "counting": {"woman_unknown": "3"},
        "closing": {},
        "list": mark | {"how": "LIST"},
    }.items():
        answer = signed_in.post(reverse(f"workshops:{door}", args=[workshop.pk]), said, follow=True)
        assert "d’abord" in str(*answer.context["messages"]), door
    with pytest.raises(services.OffProgramme):
        services.sign(
            session=session, registration=registration, strokes=None, key=uuid4(), told_at=at, by=advisor, at=at
        )
    workshop.refresh_from_db()
    assert (workshop.is_planned, Presence.objects.exists(), HeadCount.objects.exists()) == (True, False, False)

    services.restore(workshop=workshop, by=advisor, at=at)
    signed_in.post(reverse("workshops:marking", args=[workshop.pk]), mark)
    assert Presence.objects.get().registration == registration


def test_an_action_to_come_is_not_said_to_be_held(signed_in, announce):
    workshop = announce(days=2)
    answer = signed_in.post(reverse("workshops:closing", args=[workshop.pk]), follow=True)
    workshop.refresh_from_db()

    assert workshop.is_planned
    assert "à venir" in str(*answer.context["messages"])


def test_no_file_is_opened_for_who_was_forgotten(signed_in, action, join, advisor, at):
    workshop = action(starts_at=at)
    registration = join(workshop, at=at - timedelta(days=1))
    later = at + timedelta(days=120)
    services.forget_guests(before=later.date(), at=later)
    said = {"session": workshop.sessions.get().pk, "registration": registration.pk, "state": "PRESENT", "key": uuid4()}
    answer = signed_in.post(reverse("workshops:marking", args=[workshop.pk]), said, follow=True)
    (receipt,) = services.receive(
        workshop=workshop,
        acts=[{**said, "key": str(uuid4()), "kind": "mark", "how": "LIST", "told_at": later.isoformat()}],
        sent_at=later,
        by=advisor,
        at=later,
    )

    with pytest.raises(services.Forgotten):
        services.sign(
            session=workshop.sessions.get(), registration=registration, strokes=None, key=uuid4(), told_at=later,
            by=advisor, at=later,
        )  # fmt: skip
    assert "oublié" in str(*answer.context["messages"])
    assert (receipt.end, "oublié" in receipt.reason) == (End.REFUSED, True)
    assert not Person.objects.exists()


def test_the_programme_shows_all_that_is_to_come(signed_in, action):
    for number in range(40):
        action(title=f"Action {number}", starts_at=timezone.now() + timedelta(days=9))
    assert len(signed_in.get(reverse("workshops:workshops")).context["to_come"]) == 40
