"""A caseload handed over in one act: nobody is orphaned, and who leaves is locked out at once."""

from datetime import time, timedelta

import pytest
from django.dispatch import receiver
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citeslab.agenda.models import Appointment, Surgery
from citeslab.audit.models import Entry
from citeslab.core.values import instant
from citeslab.desk.queries.handovers import caseload
from citeslab.network.enums import Role
from citeslab.network.models import Handover, Mandate, Tenure
from citeslab.network.signals import caseload_counted, caseload_handed_over
from citeslab.partners.enums import Purpose
from citeslab.people.models import Assignment, Person
from citeslab.referrals import services as referrals
from citeslab.referrals.enums import Manner, SheetField
from citeslab.referrals.models import Referral
from tests import factories

pytestmark = pytest.mark.django_db
HANDOVERS = reverse("desk:handovers")


@pytest.fixture
def coordinator(site):
    return factories.AnyMandate(role=Role.COORDINATOR, site=None, organization=site.organization).user


@pytest.fixture
def leaver(site):
    """An advisor and the seven people she follows."""
    mandate = factories.AnyMandate(site=site, user__name="Inès Carvalho")
    for number, commune in enumerate(["Lens", "Lens", "Lens", "Lens", "Arras", "Arras", "Douai"]):
        person = factories.AnyPerson(site=site, preferred_name=f"Martin {number}")
        factories.AnyResidence(person=person, commune_name=commune)
        factories.AnyAssignment(person=person, advisor=mandate.user)
    return mandate


@pytest.fixture
def karim(site):
    return factories.AnyMandate(site=site, user__name="Karim Haddad").user


@pytest.fixture
def lucie(site):
    return factories.AnyMandate(site=site, user__name="Lucie Petit").user


@pytest.fixture
def signed_in(client, coordinator):
    client.force_login(coordinator)
    return client


def page_of(mandate):
    return reverse("desk:handover", args=[mandate.pk])


def said(*to, reason="LEAVES", since=None, seen=7, **more):
    since = since or timezone.localdate()
    return {"reason": reason, "since": since.isoformat(), "to": [one.pk for one in to], "seen": seen, **more}


def following(user, on=None) -> int:
    return Assignment.objects.standing().on(on or timezone.localdate()).filter(advisor=user).count()


def test_everyone_goes_to_the_colleague_and_nobody_is_orphaned(signed_in, site, leaver, karim):
    signed_in.post(page_of(leaver), said(karim))

    assert (following(leaver.user), following(karim)) == (0, 7)
    followed = Assignment.objects.standing().on(timezone.localdate()).values("person")
    assert not Person.objects.exclude(pk__in=followed).exists()
    entry = Entry.objects.get(action="network.caseload.handed_over")
    assert entry.details["people"] == {str(karim.pk): 7}
    assert caseload(leaver, since=timezone.localdate()) == []


def test_who_leaves_is_signed_out_at_once_and_her_open_page_is_closed(signed_in, leaver, karim):
    hers, person = Client(), Person.objects.first()
    hers.force_login(leaver.user)
    address = reverse("desk:person", args=[person.pk])
    assert hers.get(address).status_code == 200

    signed_in.post(page_of(leaver), said(karim))

    assert hers.get(address).status_code == 302  # her session is gone
    hers.force_login(leaver.user)
    assert hers.get(address).status_code == 404
    assert hers.get(reverse("desk:people")).status_code == 404
    assert signed_in.get(address).status_code == 200


def test_her_post_becomes_vacant_when_she_leaves_and_stays_hers_when_she_is_away(signed_in, site, leaver, karim):
    tenure = factories.AnyTenure(post__site=site, user=leaver.user)

    signed_in.post(page_of(leaver), said(karim, reason="AWAY"))
    assert Tenure.objects.get(pk=tenure.pk).ends_on is None
    signed_in.post(reverse("desk:handover_return", args=[Handover.objects.get().pk]))
    back = Mandate.objects.filter(user=leaver.user).latest("pk")
    Mandate.objects.filter(pk=back.pk).update(begins_on=timezone.localdate() - timedelta(days=1))
    soon = timezone.localdate() + timedelta(days=30)
    factories.AnyTenure(post__site=site, user=leaver.user, begins_on=soon)
    elsewhere = factories.AnyTenure(user=leaver.user, begins_on=soon)
    signed_in.post(page_of(back), said(karim))

    left = dict(Tenure.objects.filter(user=leaver.user).values_list("pk", "ends_on"))
    assert left == {tenure.pk: timezone.localdate(), elsewhere.pk: None}


def test_in_turn_the_counts_differ_by_one_at_most(signed_in, leaver, karim, lucie):
    page = signed_in.get(page_of(leaver), said(karim, lucie))
    assert page.context["plan"].counts == [(karim, 4), (lucie, 3)]

    signed_in.post(page_of(leaver), said(karim, lucie))

    assert (following(karim), following(lucie)) == (4, 3)


def test_by_commune_the_people_of_a_place_stay_together(signed_in, leaver, karim, lucie):
    plan = signed_in.get(page_of(leaver), said(karim, lucie, rule="COMMUNE")).context["plan"]

    assert plan.counts == [(karim, 4), (lucie, 3)]
    assert plan.communes == {karim.pk: ["Lens"], lucie.pk: ["Arras", "Douai"]}


def test_a_caseload_that_moved_since_it_was_seen_is_not_handed_over(signed_in, leaver, karim):
    assert signed_in.post(page_of(leaver), said(karim, seen=6)).status_code == 422
    assert (following(leaver.user), Handover.objects.count()) == (7, 0)


def test_the_same_form_sent_twice_hands_over_once(signed_in, leaver, karim):
    signed_in.post(page_of(leaver), said(karim))

    assert signed_in.post(page_of(leaver), said(karim)).status_code == 404
    assert Handover.objects.count() == 1


def test_a_departure_to_come_changes_who_follows_on_that_day(signed_in, leaver, karim):
    day = timezone.localdate() + timedelta(days=10)

    signed_in.post(page_of(leaver), said(karim, since=day))

    assert (following(leaver.user), following(karim)) == (7, 0)
    assert (following(leaver.user, day), following(karim, day)) == (0, 7)


def test_a_colleague_of_another_site_receives_access_until_the_return(signed_in, site, leaver):
    other = factories.AnySite(organization=site.organization)
    neighbor = factories.AnyMandate(site=other).user
    back = timezone.localdate() + timedelta(days=90)

    signed_in.post(page_of(leaver), said(neighbor, reason="AWAY", returns_on=back.isoformat()))

    assert following(neighbor) == 7
    access = Mandate.objects.get(user=neighbor, site=site)
    assert access.ends_on is None  # a return that is late orphans nobody
    Mandate.objects.filter(pk=access.pk).update(begins_on=timezone.localdate() - timedelta(days=9))
    signed_in.post(reverse("desk:handover_return", args=[Handover.objects.get().pk]))
    access.refresh_from_db()
    assert (following(neighbor), access.ends_on) == (0, timezone.localdate())


def test_a_colleague_who_follows_someone_of_her_own_keeps_her_access(signed_in, site, leaver):
    neighbor = factories.AnyMandate(site=factories.AnySite(organization=site.organization)).user
    signed_in.post(page_of(leaver), said(neighbor, reason="AWAY"))
    factories.AnyAssignment(person=factories.AnyPerson(site=site), advisor=neighbor)

    signed_in.post(reverse("desk:handover_return", args=[Handover.objects.get().pk]))

    assert Mandate.objects.get(user=neighbor, site=site).ends_on is None


def test_every_access_of_hers_to_the_site_ends(signed_in, client, site, leaver, karim):
    factories.AnyMandate(user=leaver.user, site=site, begins_on=timezone.localdate() - timedelta(days=3))

    signed_in.post(page_of(leaver), said(karim))

    hers = Client()
    hers.force_login(leaver.user)
    assert hers.get(reverse("desk:people")).status_code == 404


def test_an_absence_is_given_back_but_for_whom_a_colleague_gave_away(signed_in, site, leaver, karim, lucie):
    signed_in.post(page_of(leaver), said(karim, reason="AWAY"))
    moved = Assignment.objects.standing().filter(advisor=karim).first()
    moved.withdrawn_at, moved.withdrawn_by = timezone.now(), karim
    moved.save()
    factories.AnyAssignment(person=moved.person, advisor=lucie, begins_on=timezone.localdate())
    handover = Handover.objects.get()

    signed_in.post(reverse("desk:handover_return", args=[handover.pk]))

    assert (following(leaver.user), following(karim), following(lucie)) == (6, 0, 1)
    hers = Client()
    hers.force_login(leaver.user)
    assert hers.get(reverse("desk:people")).status_code == 200
    assert signed_in.post(reverse("desk:handover_return", args=[handover.pk])).status_code == 404


# -- what follows the people ------------------------------------------------------------------------------------------


def appointment_of(person, advisor, days=7, hour=10):
    day = timezone.localdate() + timedelta(days=days)
    return factories.AnyAppointment(person=person, advisor=advisor, starts_at=instant(day, time(hour)))


def referral_of(person, advisor):
    project = factories.AnyProject(site=person.site)
    factories.AnyProjectHolder(project=project, person=person)
    contact = factories.AnyContact(office__department=person.site.department)
    return referrals.send(
        person=person, project=project, contact=contact, purpose=Purpose.FINANCE, message="Un triporteur.",
        fields=[SheetField.NAME], manner=Manner.IN_PERSON, agreed_on=timezone.localdate(), by=advisor,
        at=timezone.now(),
    )  # fmt: skip


def follower_of(person):
    return Assignment.objects.standing().on(timezone.localdate()).get(person=person).advisor


def holders(model) -> dict:
    """Each person's advisor in these rows, by the person's key."""
    return {one.person_id: one.advisor for one in model.objects.select_related("advisor")}


def test_appointments_and_referrals_follow_each_person_to_who_takes_her(signed_in, leaver, karim, lucie):
    people = list(Person.objects.order_by("pk"))
    for number, person in enumerate(people):
        appointment_of(person, leaver.user, days=7 + number)
        referral_of(person, leaver.user)
    held = appointment_of(people[0], leaver.user, days=-7)

    signed_in.post(page_of(leaver), said(karim, lucie))

    taken = {person.pk: follower_of(person) for person in people}
    assert sorted(user.name for user in taken.values()) == ["Karim Haddad"] * 4 + ["Lucie Petit"] * 3
    assert holders(Referral) == taken
    held.refresh_from_db()
    assert held.advisor == leaver.user  # what was, was hers
    held.delete()
    assert holders(Appointment) == taken


def test_surgeries_and_people_whom_nobody_took_go_to_who_takes_most(signed_in, site, leaver, karim, lucie):
    weekly = factories.AnySurgery(site=site, advisor=leaver.user)
    unfollowed = factories.AnyPerson(site=site)
    appointment, referral = appointment_of(unfollowed, leaver.user), referral_of(unfollowed, leaver.user)

    signed_in.post(page_of(leaver), said(karim, lucie))

    weekly.refresh_from_db()
    assert (weekly.advisor, weekly.ends_on) == (leaver.user, timezone.localdate())
    assert [one.advisor for one in Surgery.objects.filter(ends_on=None)] == [karim]
    appointment.refresh_from_db()
    referral.refresh_from_db()
    assert (appointment.advisor, referral.advisor) == (karim, karim)


def test_what_she_has_at_her_other_site_stays_hers(signed_in, site, leaver, karim):
    other = factories.AnySite(organization=site.organization)
    for advisor in (leaver.user, karim):
        factories.AnyMandate(user=advisor, site=other)
    person = factories.AnyPerson(site=other)
    factories.AnyAssignment(person=person, advisor=leaver.user)
    factories.AnySurgery(site=other, advisor=leaver.user)
    appointment_of(person, leaver.user)
    referral_of(person, leaver.user)

    signed_in.post(page_of(leaver), said(karim))

    assert following(karim) == 7
    assert {model.objects.get().advisor for model in (Surgery, Appointment, Referral)} == {leaver.user}


def test_a_return_gives_back_only_what_follows_the_people(signed_in, site, leaver, karim):
    person, hers = Person.objects.first(), factories.AnyPerson(site=site)
    factories.AnyAssignment(person=hers, advisor=karim)
    factories.AnySurgery(site=site, advisor=leaver.user)
    before = (appointment_of(person, leaver.user), referral_of(person, leaver.user))
    signed_in.post(page_of(leaver), said(karim, reason="AWAY"))
    meanwhile = appointment_of(person, karim, days=8)
    of_his_own = (appointment_of(hers, karim, days=9), referral_of(hers, karim))

    signed_in.post(reverse("desk:handover_return", args=[Handover.objects.get().pk]))

    for row in (*before, meanwhile, *of_his_own):
        row.refresh_from_db()
    assert [row.advisor for row in (*before, meanwhile)] == [leaver.user] * 3
    assert [row.advisor for row in of_his_own] == [karim] * 2
    assert [one.advisor for one in Surgery.objects.filter(ends_on=None)] == [karim]


def test_the_page_counts_what_goes_with_her(signed_in, leaver, karim):
    person = Person.objects.first()
    appointment_of(person, leaver.user)
    referral_of(person, leaver.user)

    plan = signed_in.get(page_of(leaver), said(karim)).context["plan"]

    assert dict(plan.lines) == {"Rendez-vous à venir": 1, "Orientations en cours": 1}


def test_other_rooms_count_and_hear_of_it_in_the_same_transaction(signed_in, leaver, karim, lucie):
    heard = []

    @receiver(caseload_counted)
    def count(sender, *, mandate, since, **kwargs):
        return [("Rendez-vous", 3)]

    @receiver(caseload_handed_over)
    def hear(sender, **told):
        heard.append(told)

    plan = signed_in.get(page_of(leaver), said(karim, lucie)).context["plan"]
    signed_in.post(page_of(leaver), said(karim, lucie))

    assert plan.lines == [("Rendez-vous", 3)]
    (told,) = heard
    assert (told["advisor"], told["to"], told["returning"]) == (leaver.user, karim, False)
    assert sorted(user.pk for user in told["shares"].values()) == sorted([karim.pk] * 4 + [lucie.pk] * 3)


def test_a_room_that_refuses_undoes_the_whole_act(signed_in, leaver, karim):
    class Refused(Exception):
        pass

    @receiver(caseload_handed_over)
    def refuse(sender, **told):
        raise Refused

    with pytest.raises(Refused):
        signed_in.post(page_of(leaver), said(karim))
    assert (following(leaver.user), Handover.objects.count()) == (7, 0)


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.PILOT, Role.FUNDER])
def test_only_a_coordinator_hands_over(client, site, leaver, karim, role):
    user = factories.AnyMandate(role=role, site=site if role == Role.ADVISOR else None).user
    client.force_login(user)

    assert client.get(HANDOVERS).status_code == 404
    assert client.get(page_of(leaver)).status_code == 404
    assert client.post(page_of(leaver), said(karim)).status_code == 404
    assert following(leaver.user) == 7


def test_a_caseload_of_another_organization_does_not_exist(signed_in):
    theirs = factories.AnyMandate()

    assert signed_in.get(page_of(theirs)).status_code == 404


def test_nobody_of_another_organization_takes_it(signed_in, leaver, karim):
    stranger = factories.AnyMandate().user

    assert signed_in.post(page_of(leaver), said(stranger)).status_code == 422
    assert following(leaver.user) == 7


def test_who_arrived_today_cannot_leave_today(signed_in, site, karim):
    new = factories.AnyMandate(site=site, begins_on=timezone.localdate())

    assert signed_in.post(page_of(new), said(karim, seen=0)).status_code == 422


def test_the_list_of_caseloads_costs_the_same_for_one_or_ten(signed_in, site, leaver, django_assert_num_queries):
    # session, user, the hour of her sites, a savepoint and its release, sites, absences, caseloads, demonstration,
    # roles
    with django_assert_num_queries(10) as one:
        signed_in.get(HANDOVERS)
    for _ in range(9):
        factories.AnyMandate(site=site)
    with django_assert_num_queries(len(one)):
        signed_in.get(HANDOVERS)
