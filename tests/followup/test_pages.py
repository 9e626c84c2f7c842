"""The pages of the pathway, as a browser or a phone asks for them."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from citeslab.followup.enums import Evidence, Kind, Outcome, Situation, Stage
from citeslab.followup.models import FSEAnswer, Gesture, LaterNews, Meeting, NextStep, NoNewsProposal, Note, Transition
from tests import factories

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def samira(site):
    return factories.AnyPerson(site=site, first_name="Samira", preferred_name="Khelifi")


@pytest.fixture
def desk(client, advisor):
    client.force_login(advisor)
    return client


def said(advisor, **more):
    today = timezone.localdate()
    return {
        "key": uuid4(),
        "writer": advisor.pk,
        "project": "",
        "seen": "",
        "held_on": today,
        "nature": "FOLLOW_UP",
        "minutes": "45",
        "text": "Devis reçu.",
        "stage": "ACCU",
        "exit_reason": "",
        "following": "MEET",
        "meet_on": today + timedelta(days=14),
        "meet_time": "10:30",
        **more,
    }


def test_the_page_comes_filled_in_from_the_last_meeting_and_the_stage(desk, samira):
    project = factories.AnyProject(site=samira.site)
    factories.AnyProjectHolder(person=samira, project=project)
    step = factories.AnyTransition(person=samira, project=project, stage=Stage.EMER)
    factories.AnyMeeting(person=samira, nature="PHONE", minutes=20)

    form = desk.get(reverse("followup:note", args=[samira.pk])).context["form"]

    today = timezone.localdate()
    assert {name: form[name].value() for name in ("nature", "minutes", "stage", "following", "project", "seen")} == {
        "nature": "PHONE", "minutes": 20, "stage": "EMER", "following": "MEET", "project": project.pk, "seen": step.pk,
    }  # fmt: skip
    assert (form["held_on"].value(), form["meet_on"].value()) == (today, today + timedelta(days=14))
    assert [value for value, _label in form.fields["minutes"].choices] == [15, 20, 30, 45, 60]


def test_what_is_planned_is_kept_unless_she_says_otherwise(desk, samira):
    factories.AnyNextStep(person=samira, due_on=timezone.localdate() + timedelta(days=9))

    form = desk.get(reverse("followup:note", args=[samira.pk])).context["form"]

    assert form["following"].value() == "AS_PLANNED"


def test_an_appointment_of_today_fills_the_page_in(desk, samira):
    from citeslab.followup.signals import appointment_wanted

    def answer(sender, person, user, at, **others):
        return {"nature": "DIAGNOSIS", "minutes": 90, "place": "Bellefontaine"} if person == samira else None

    appointment_wanted.connect(answer)
    try:
        page = desk.get(reverse("followup:note", args=[samira.pk]))
    finally:
        appointment_wanted.disconnect(answer)

    assert (page.context["form"]["nature"].value(), page.context["form"]["minutes"].value()) == ("DIAGNOSIS", 90)
    assert "Bellefontaine" in page.content.decode()


def test_a_note_is_saved_and_her_file_tells_it(desk, advisor, samira):
    answer = desk.post(reverse("followup:note", args=[samira.pk]), said(advisor), follow=True)

    assert answer.redirect_chain == [(reverse("desk:person", args=[samira.pk]), 302)]
    assert "Devis reçu." in answer.content.decode()
    assert Transition.objects.get().stage == Stage.ACCU
    assert NextStep.objects.get().kind == Kind.MEET


def test_a_phone_that_sends_again_is_told_the_same(desk, advisor, samira):
    url, note = reverse("followup:note", args=[samira.pk]), said(advisor, written_at_device="2026-11-18T09:00:00.000Z")

    answers = [desk.post(url, note, **JSON) for _ in range(3)]

    assert {(one.status_code, one.json()["url"]) for one in answers} == {
        (200, reverse("desk:person", args=[samira.pk]))
    }
    assert Meeting.objects.count() == 1
    assert Gesture.objects.get().written_at_device.day == 18


def test_the_second_advisor_sees_the_step_and_saves_knowing_it(desk, advisor, samira):
    colleague = factories.AnyUser(name="Paul Garrigue")
    moved = factories.AnyTransition(person=samira, stage=Stage.FORM, recorded_by=colleague)
    url, note = reverse("followup:note", args=[samira.pk]), said(advisor, stage="EMER")

    refused = desk.post(url, note)
    assert refused.status_code == 422
    assert "Paul Garrigue" in refused.content.decode()
    assert "Devis reçu." in refused.content.decode()
    assert refused.context["form"]["seen"].value() == str(moved.pk)
    assert Meeting.objects.count() == 0

    assert desk.post(url, {**note, "seen": moved.pk}).status_code == 302
    assert Transition.objects.standing().in_order().last().stage == Stage.EMER


def test_a_note_begun_by_another_account_is_not_saved_as_mine(desk, samira):
    answer = desk.post(reverse("followup:note", args=[samira.pk]), said(factories.AnyUser()), **JSON)

    assert answer.status_code == 422
    assert Meeting.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"held_on": timezone.localdate() + timedelta(days=1)}, "held_on"),
        ({"held_on": date(1999, 1, 1)}, "held_on"),
        ({"stage": "SORT"}, "exit_reason"),
        ({"text": "x" * 401}, "text"),
        ({"meet_on": ""}, "meet_on"),
        ({"meet_on": timezone.localdate() - timedelta(days=1)}, "meet_on"),
        ({"key": "not-a-key"}, "key"),
        ({"nature": "DANCE"}, "nature"),
        ({"minutes": "-5"}, "minutes"),
        ({"minutes": "99999"}, "minutes"),
        ({"stage": ""}, "stage"),
    ],
)
def test_what_does_not_hold_together_is_said_and_nothing_is_written(desk, advisor, samira, change, field):
    answer = desk.post(reverse("followup:note", args=[samira.pk]), said(advisor, **change))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert Meeting.objects.count() == 0


def test_html_and_formulas_are_kept_as_they_are_and_shown_harmless(desk, advisor, samira):
    text = "<script>alert(1)</script> =SOMME(A1)"
    page = desk.post(reverse("followup:note", args=[samira.pk]), said(advisor, text=text), follow=True)

    assert Note.objects.get().text == text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; =SOMME(A1)" in page.content.decode()


def test_a_sensitive_word_warns_and_stops_nothing(desk, advisor, samira):
    url = reverse("followup:attention", args=[samira.pk])
    assert "(hôpital)" in desk.post(url, {"text": "Sort de l’hôpital, hospitalisée"}).content.decode()
    assert desk.post(url, {"text": "Devis reçu"}).content.decode().strip() == ""

    page = desk.post(reverse("followup:note", args=[samira.pk]), said(advisor, text="En prison deux ans"), follow=True)
    assert Note.objects.get().text == "En prison deux ans"
    assert "prison" in page.context["messages"]._loaded_data[-1].message


def test_fse_items_are_on_the_page_only_where_an_agreement_is_live(desk, advisor, samira, site):
    url = reverse("followup:note", args=[samira.pk])
    assert "labour" not in desk.get(url).context["form"].fields

    factories.AnyFSEPlus(site=site, begins_on=date(2024, 1, 1))
    assert "labour" in desk.get(url).context["form"].fields
    assert desk.post(url, said(advisor)).status_code == 302  # left empty, it blocks nothing
    assert not FSEAnswer.objects.exists()
    assert desk.post(url, said(advisor, labour="LONG")).status_code == 302
    assert FSEAnswer.objects.get().labour == "LONG"
    assert "labour" not in desk.get(url).context["form"].fields  # asked once


def test_a_project_of_someone_else_is_not_written_on(desk, advisor, samira, site):
    theirs = factories.AnyProject(site=site)

    desk.post(reverse("followup:note", args=[samira.pk]), said(advisor, project=theirs.pk))

    assert Meeting.objects.get().project is None


PAGES = ["note", "attention", "steps", "plan"]


@pytest.mark.parametrize("name", PAGES)
def test_another_site_is_out_of_sight(desk, name):
    stranger = factories.AnyPerson()
    url = reverse(f"followup:{name}", args=[stranger.pk])
    assert {desk.get(url).status_code, desk.post(url).status_code} <= {404, 405}


def test_what_hangs_on_another_person_is_out_of_reach(desk, samira):
    step, plan, meeting = factories.AnyTransition(), factories.AnyPlanStep(), factories.AnyMeeting()
    silence, news = factories.AnyNoNewsProposal(), factories.AnyLaterNews()
    for url in (
        reverse("followup:step", args=[samira.pk, step.pk]),
        reverse("followup:withdrawal", args=[samira.pk, step.pk]),
        reverse("followup:plan_step", args=[samira.pk, plan.pk]),
        reverse("followup:words", args=[samira.pk, meeting.pk]),
        reverse("followup:silence", args=[silence.pk]),
        reverse("followup:later_news", args=[news.pk]),
    ):
        assert desk.post(url).status_code == 404
    theirs = factories.AnyNextStep()
    assert desk.post(reverse("followup:next_step", args=[samira.pk, theirs.pk])).status_code == 404


def test_the_pilot_finds_no_list_of_people(client, pilot):
    client.force_login(pilot)
    for name in ("followup:silences", "followup:later", "desk:write"):
        assert client.get(reverse(name)).status_code == 404


def test_a_step_is_recorded_corrected_taken_back_and_put_back(desk, samira):
    url = reverse("followup:steps", args=[samira.pk])
    step = {"stage": "PARC", "exit_reason": "", "occurred_on": "2026-03-01", "evidence": "REGISTERED", "siret": ""}
    assert desk.post(url, step).context["form"].errors.keys() == {"siret"}
    assert desk.post(url, {**step, "siret": "732 829 320 00074"}).status_code == 302
    made = Transition.objects.get()
    assert (made.evidence, made.siret) == (Evidence.REGISTERED, "73282932000074")

    correction = reverse("followup:step", args=[samira.pk, made.pk])
    desk.post(correction, {**step, "stage": "FORM", "evidence": "DECLARED"})
    right = Transition.objects.standing().get()
    assert right.stage == Stage.FORM

    withdrawal = reverse("followup:withdrawal", args=[samira.pk, right.pk])
    desk.post(withdrawal)
    assert not Transition.objects.standing().exists()
    desk.post(withdrawal, {"put_back": "1"})
    assert Transition.objects.standing().get().stage == Stage.FORM
    assert Transition.objects.count() == 3


def test_a_plan_is_made_and_ticked(desk, samira):
    url = reverse("followup:plan", args=[samira.pk])
    desk.post(url, {"what": "Demander deux devis", "due_on": "2026-12-01"})
    step = samira.plan_steps.get()
    desk.post(reverse("followup:plan_step", args=[samira.pk, step.pk]), {"outcome": "done"})
    step.refresh_from_db()
    assert step.outcome == Outcome.DONE
    assert "Demander deux devis" in desk.get(reverse("desk:person", args=[samira.pk])).content.decode()


def test_one_tap_closes_or_keeps(desk, samira):
    factories.AnyTransition(person=samira)
    proposal = factories.AnyNoNewsProposal(person=samira)
    assert samira.name in desk.get(reverse("followup:silences")).content.decode()
    assert reverse("followup:silences") in desk.get(reverse("desk:home")).content.decode()

    desk.post(reverse("followup:silence", args=[proposal.pk]), {"close": "1"})

    assert NoNewsProposal.objects.get().outcome == Outcome.CLOSED
    assert Transition.objects.in_order().last().exit_reason == "NO_NEWS"


def test_news_is_written_or_its_absence(desk, samira):
    news = factories.AnyLaterNews(since__person=samira)
    url = reverse("followup:later_news", args=[news.pk])
    assert samira.name in desk.get(reverse("followup:later")).content.decode()

    assert desk.post(url, {}).status_code == 422
    desk.post(url, {"no_answer": "1"})
    silence = LaterNews.objects.standing().get()
    assert silence.outcome == Outcome.NO_ANSWER

    desk.post(
        reverse("followup:later_news", args=[silence.pk]),
        {"situation": "BUSINESS", "business_alive": "yes", "jobs": "2"},
    )
    answer = LaterNews.objects.standing().get()
    assert (answer.situation, answer.business_alive, answer.jobs) == (Situation.BUSINESS, True, 2)


def queries_of(desk, url) -> int:
    with CaptureQueriesContext(connection) as caught:
        desk.get(url)
    return len(caught)


def test_home_costs_the_same_for_one_line_or_four(desk, site):
    counts = []
    for _ in range(4):
        factories.AnyNextStep(person__site=site, due_on=timezone.localdate())
        factories.AnyNoNewsProposal(person__site=site)
        factories.AnyLaterNews(since__person__site=site)
        desk.get(reverse("desk:home"))  # the figures of the year are computed once
        counts.append(queries_of(desk, reverse("desk:home")))
    assert counts == counts[:1] * 4


def test_a_file_costs_the_same_for_one_note_or_four(desk, samira):
    counts = []
    for _ in range(4):
        factories.AnyNote(meeting__person=samira)
        factories.AnyPlanStep(person=samira)
        counts.append(queries_of(desk, reverse("desk:person", args=[samira.pk])))
    assert counts == counts[:1] * 4


def test_one_looks_for_whose_note(desk, samira, site):
    factories.AnyPerson(site=site, first_name="Paul", preferred_name="Martin")
    page = desk.get(reverse("desk:write"), {"words": "khel"})
    assert [person.pk for person in page.context["people"]] == [samira.pk]
    assert reverse("followup:note", args=[samira.pk]) in page.content.decode()
