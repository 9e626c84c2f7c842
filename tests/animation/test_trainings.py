"""Trainings: offered, held for so many, attended, judged without a name; what each says of her craft."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from citeslab.animation import definitions, exports, queries, services
from citeslab.animation.enums import Competence
from citeslab.animation.models import Enrolment, Need, Presence, Skill, Training, TrainingSession
from citeslab.audit.models import Entry
from citeslab.notifications.models import Message
from tests import factories

pytestmark = pytest.mark.django_db
SESSION = {"day_0": "2027-03-12", "starts_0": "09:00", "ends_0": "12:00", "place": "Lens", "seats": "10"}


def enrol(session, user):
    return services.enrol(session=session, user=user, by=user, at=timezone.now())


def past(seats=12, people=0):
    """A session that has begun, with people who were there."""
    session = factories.AnyTrainingSession(half_day__starts_at=timezone.now() - timedelta(days=1), seats=seats)
    enrolments = factories.AnyEnrolment.create_batch(people, session=session)
    for one in enrolments:
        factories.AnyTrainingPresence(enrolment=one)
    return session, enrolments


def test_the_pilot_offers_a_training_and_opens_a_session(client, pilot):
    client.force_login(pilot)
    form = {"title": "Animer", "purpose": "Faire parler.", "competences": ["GROUP"]}
    client.post(reverse("animation:new_training"), form)
    training = Training.objects.get()
    client.post(reverse("animation:new_session", args=[training.pk]), SESSION)
    session = TrainingSession.objects.get()

    assert (training.competences, session.seats, session.place) == (["GROUP"], 10, "Lens")
    assert session.half_days.get().ends_at - session.half_days.get().starts_at == timedelta(hours=3)
    acts = Entry.objects.filter(action__startswith="animation").values_list("action", flat=True)
    assert list(acts) == ["animation.training.offered", "animation.session.opened"]


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"ends_0": "08:00"}, "ends_0"),
        ({"place": ""}, "place"),
        ({"seats": "0"}, "seats"),
        ({"day_1": "2027-03-12"}, "ends_1"),
        ({"day_1": "2027-03-12", "starts_1": "11:00", "ends_1": "13:00"}, "starts_1"),
    ],
)
def test_a_session_that_cannot_be_held_is_refused(client, pilot, said, where):
    client.force_login(pilot)
    address = reverse("animation:new_session", args=[factories.AnyTraining().pk])
    answer = client.post(address, {**SESSION, **said})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [where])


def test_a_seat_is_taken_and_given_back_to_the_first_in_line(signed_in, advisor):
    session = factories.AnyTrainingSession(seats=1)
    address = reverse("animation:enrolment", args=[session.pk])
    signed_in.post(address)
    signed_in.post(address)
    second, third = factories.AnyUser(), factories.AnyUser()
    enrol(session, second)
    enrol(session, third)
    signed_in.post(address, {"act": "leave"})

    assert not Enrolment.objects.standing().filter(user=advisor).exists()
    assert list(session.enrolments.standing().order_by("pk").values_list("user", "is_waiting")) == [
        (second.pk, False),
        (third.pk, True),
    ]
    assert [message.recipient for message in Message.objects.all()] == [second.email]


def test_who_waits_and_leaves_gives_nobody_a_seat():
    session = factories.AnyTrainingSession(seats=1)
    enrol(session, factories.AnyUser())
    waiting = enrol(session, factories.AnyUser())
    last = enrol(session, factories.AnyUser())
    services.leave(enrolment=waiting, by=waiting.user, at=timezone.now())
    last.refresh_from_db()

    assert last.is_waiting
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_take_the_last_seat():
    session = factories.AnyTrainingSession(seats=1)
    users = factories.AnyUser.create_batch(4)

    def take(user):
        try:
            return enrol(session, user).is_waiting
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(take, users))
    assert sorted(taken) == [False, True, True, True]
    assert session.enrolments.seated().count() == 1


def test_a_session_that_began_or_is_called_off_takes_nobody(signed_in, pilot):
    begun, _people = past()
    off = factories.AnyTrainingSession()
    services.call_off_session(session=off, by=pilot, at=timezone.now())

    with pytest.raises(services.Begun):
        enrol(begun, factories.AnyUser())
    with pytest.raises(services.CalledOff):
        enrol(off, factories.AnyUser())
    signed_in.post(reverse("animation:enrolment", args=[off.pk]))
    assert not Enrolment.objects.exists()


def test_those_registered_are_told_that_it_is_called_off(client, pilot):
    session = factories.AnyTrainingSession()
    enrolment = factories.AnyEnrolment(session=session)
    client.force_login(pilot)
    for _twice in range(2):
        client.post(reverse("animation:session_end", args=[session.pk]))

    assert [message.recipient for message in Message.objects.all()] == [enrolment.user.email]


def test_the_register_is_kept_by_half_day_and_corrected(client, pilot):
    session, (first, second) = past(people=2)
    half_day = session.half_days.get()
    client.force_login(pilot)
    address = reverse("animation:presences", args=[session.pk])
    client.post(address, {f"half_{half_day.pk}": [second.pk]})

    assert [one.enrolment for one in Presence.objects.standing()] == [second]
    assert Presence.objects.get(enrolment=first).withdrawn_by == pilot
    assert client.post(address, {f"half_{half_day.pk}": ["999999"]}).status_code == 422


def test_a_certificate_tells_the_hours_attended_and_is_hers(client, pilot, signed_in, advisor):
    session, (one,) = past(people=1)
    address = reverse("animation:certificate", args=[session.pk])

    assert signed_in.get(address).status_code == 404
    client.force_login(pilot)
    assert client.get(address, {"pour": one.pk}).status_code == 200
    paper, warnings = exports.certificate(one, list(one.presences.select_related("half_day")), at=timezone.now())
    text = " ".join(PdfReader(io.BytesIO(paper)).pages[0].extract_text().split())
    assert warnings == []
    assert one.user.name in text
    assert "Animer un atelier" in text
    assert "3" in text.rpartition("suivies")[2]


def test_opinions_are_shown_five_at_a_time_and_once_each(client):
    session, enrolments = past(people=6)
    shown = []
    for one in enrolments:
        services.evaluate(session=session, user=one.user, useful=3, clear=2, recommended=1, at=timezone.now())
        shown.append(queries.evaluations(session))

    assert shown[:4] == [None] * 4
    assert shown[4] == shown[5] == {"useful": [0, 0, 5], "clear": [0, 5, 0], "recommended": [5, 0, 0]}
    with pytest.raises(services.NotThere):
        services.evaluate(session=session, user=enrolments[0].user, useful=1, clear=1, recommended=1, at=timezone.now())


def test_who_was_not_there_says_nothing(signed_in, advisor):
    session, _people = past(people=1)
    factories.AnyEnrolment(session=session, user=advisor)
    signed_in.post(reverse("animation:evaluation", args=[session.pk]), {"useful": 3, "clear": 3, "recommended": 3})

    assert not session.evaluations.exists()


def test_who_was_there_is_asked_on_the_page(signed_in, advisor):
    session, _people = past()
    factories.AnyTrainingPresence(enrolment=factories.AnyEnrolment(session=session, user=advisor))
    address = reverse("animation:session", args=[session.pk])
    asked = signed_in.get(address).context["evaluation"]
    refused = signed_in.post(reverse("animation:evaluation", args=[session.pk]), {"useful": 4})
    signed_in.post(reverse("animation:evaluation", args=[session.pk]), {"useful": 3, "clear": 3, "recommended": 3})

    assert asked is not None
    assert refused.status_code == 422
    assert signed_in.get(address).context["evaluation"] is None


def test_a_session_for_a_calendar_has_an_event_a_half_day(signed_in):
    session = factories.AnyTrainingSession()
    factories.AnyHalfDay(session=session, starts_at=timezone.now() + timedelta(days=22))
    text = signed_in.get(reverse("animation:session_calendar", args=[session.pk])).content.decode()

    assert (text.count("BEGIN:VEVENT"), text.count("LOCATION:Besançon")) == (2, 2)


def test_the_database_refuses_a_session_nowhere_or_for_nobody():
    with pytest.raises(IntegrityError, match="is_somewhere"), transaction.atomic():
        factories.AnyTrainingSession(place="")
    with pytest.raises(IntegrityError, match="has_a_seat"), transaction.atomic():
        factories.AnyTrainingSession(seats=0)
    with pytest.raises(IntegrityError, match="grows_a_competence"), transaction.atomic():
        factories.AnyTraining(competences=[])


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_costs_the_same_for_one_session_or_three(signed_in, many, django_assert_num_queries):
    for _ in range(many):
        factories.AnyEnrolment.create_batch(2, session=factories.AnyTrainingSession())

    with django_assert_num_queries(10):
        signed_in.get(reverse("animation:trainings"))


# -- what each says of her craft


def test_the_list_of_competences_is_dated():
    assert Competence.EUROPE not in definitions.competences(date(2013, 12, 31))
    assert Competence.EUROPE in definitions.competences(date(2014, 1, 1))


def test_she_says_what_she_can_and_wishes_and_takes_it_back(signed_in, advisor):
    address = reverse("animation:competences")
    signed_in.post(address, {"can_GROUP": "on", "words_GROUP": "Grands groupes", "needs_MONEY": "on"})
    signed_in.post(address, {"can_GROUP": "on", "words_GROUP": "Petits groupes", "words_IDEA": "Sans case cochée"})

    assert list(Skill.objects.standing().values_list("competence", "words")) == [("GROUP", "Petits groupes")]
    assert not Need.objects.standing().exists()
    assert (Skill.objects.count(), Need.objects.count()) == (2, 1)


def test_needs_are_counted_for_the_pilot_of_who_works_here(client, pilot, signed_in):
    for _ in range(2):
        factories.AnyNeed(user=factories.AnyMandate().user, competence="MONEY")
    factories.AnyNeed(user=factories.AnyMandate().user)
    factories.AnyNeed(user=factories.AnyMandate(ends_on=timezone.localdate()).user)

    assert signed_in.get(reverse("animation:trainings")).context["needs"] == []
    client.force_login(pilot)
    needs = client.get(reverse("animation:trainings")).context["needs"]
    assert needs == [(Competence.MONEY, 2), (Competence.GROUP, 1)]


def test_colleagues_are_found_by_what_they_can_and_where(signed_in):
    here = factories.AnySkill(user=factories.AnyMandate().user)
    lens = factories.AnyDepartment(code="62", name="Pas-de-Calais")
    there = factories.AnySkill(user=factories.AnyMandate(site__department=lens).user, competence="MONEY")
    gone = factories.AnySkill(user=factories.AnyMandate(ends_on=timezone.localdate()).user)
    factories.AnyMandate(user=here.user)

    def found(**asked):
        return {one.pk for one in signed_in.get(reverse("animation:colleagues"), asked).context["page"]}

    assert found() == {here.user_id, there.user_id}
    assert gone.user_id not in found()
    assert found(competence="MONEY") == {there.user_id}
    assert found(department="62") == {there.user_id}
    assert found(words="plein air", department="62") == {there.user_id}
    assert found(words="bureau") == set()
    assert found(competence="X", department="zz") == {here.user_id, there.user_id}


@pytest.mark.parametrize("many", [1, 3])
def test_the_directory_costs_the_same_for_one_colleague_or_three(signed_in, many, django_assert_num_queries):
    for _ in range(many):
        user = factories.AnyMandate().user
        factories.AnySkill(user=user)
        factories.AnySkill(user=user, competence="MONEY")

    with django_assert_num_queries(11):
        assert len(signed_in.get(reverse("animation:colleagues")).context["page"]) == many


def test_nobody_was_at_a_half_day_to_come_or_at_what_was_called_off(client, pilot):
    client.force_login(pilot)
    to_come = factories.AnyTrainingSession(half_day__starts_at=timezone.now() + timedelta(days=30))
    off, _there = past()
    services.call_off_session(session=off, by=pilot, at=timezone.now())
    for session in (to_come, off):
        enrolment = factories.AnyEnrolment(session=session)
        half_day = session.half_days.get()
        said = {f"half_{half_day.pk}": [enrolment.pk]}
        answer = client.post(reverse("animation:presences", args=[session.pk]), said, follow=True)
        assert [message.level_tag for message in answer.context["messages"]] == ["warning"]
        assert answer.context["presences"] is None or session is off
    assert not Presence.objects.exists()
