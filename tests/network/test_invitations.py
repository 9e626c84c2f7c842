"""Accounts come from invitations, are managed by who answers for them, and close."""

import re
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citeslab.accounts.models import User
from citeslab.audit.models import Entry
from citeslab.network import services
from citeslab.network.enums import Role
from citeslab.network.models import Invitation, Mandate, Tenure
from citeslab.notifications.models import Message
from tests import factories

pytestmark = pytest.mark.django_db
ACCOUNTS, INVITE = reverse("network:accounts"), reverse("network:invitations")
PASSWORD = "une phrase assez longue"
TODAY = timezone.localdate


@pytest.fixture
def coordinator(site):
    return factories.AnyMandate(role=Role.COORDINATOR, site=None, organization=site.organization).user


def path_of(message) -> str:
    return re.search(r"http://127\.0\.0\.1:8000(/invitation/\S+/)", message.body).group(1)


def invited(site, by, **more):
    at = timezone.now()
    asked = {"email": "nadia@exemple.fr", "role": Role.ADVISOR, "site": site, "begins_on": TODAY()} | more
    return services.invite(by=by, at=at, **asked)


def test_a_coordinator_invites_and_the_account_opens_with_its_mandate(client, coordinator, site):
    client.force_login(coordinator)
    client.post(INVITE, {"email": "Nadia@exemple.fr", "site": site.pk, "begins_on": TODAY(), "ends_on": ""})
    path = path_of(Message.objects.get())
    visitor = Client()
    page = visitor.get(path)
    weak = visitor.post(path, {"name": "Nadia Belkacem", "password": "nadia"})
    done = visitor.post(path, {"name": "Nadia Belkacem", "password": PASSWORD})

    assert (page.status_code, page["Referrer-Policy"], weak.status_code) == (200, "same-origin", 422)
    assert done["Location"] == "/"
    nadia = User.objects.get(email="Nadia@exemple.fr")
    assert nadia.mandates.get().site == site
    # she is in, and led to her second factor before any name
    assert visitor.get(reverse("desk:people"))["Location"] == reverse("accounts:second_factor")
    told = Entry.objects.filter(action__startswith="network.invitation").values_list("action", "actor_id")
    assert list(told) == [
        ("network.invitation.sent", coordinator.pk),
        ("network.invitation.accepted", nadia.pk),
    ]


def test_a_link_is_good_once(client, coordinator, site):
    _invitation, secret = invited(site, coordinator)
    path = reverse("network:invitation", args=[secret])
    client.post(path, {"name": "Nadia", "password": PASSWORD})
    again = Client()

    assert again.get(path).status_code == 404
    assert again.post(path, {"name": "Autre", "password": PASSWORD}).status_code == 404
    assert User.objects.filter(email="nadia@exemple.fr").count() == 1


def test_a_link_is_good_for_seven_days_and_until_it_is_taken_back(client, coordinator, site):
    invitation, secret = invited(site, coordinator)
    other, other_secret = invited(site, coordinator, email="autre@exemple.fr")
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now())
    client.force_login(coordinator)
    client.post(reverse("network:withdrawal", args=[other.pk]))

    for one in (secret, other_secret, "made-up"):
        assert Client().get(reverse("network:invitation", args=[one])).status_code == 404
    assert Message.objects.filter(about_id=other.pk).count() == 0


def test_a_new_link_ends_the_one_before(coordinator, site):
    _first, first = invited(site, coordinator)
    _second, second = invited(site, coordinator, email="NADIA@exemple.fr")

    assert Client().get(reverse("network:invitation", args=[first])).status_code == 404
    assert Client().get(reverse("network:invitation", args=[second])).status_code == 200


def test_the_secret_is_not_kept(coordinator, site):
    invitation, secret = invited(site, coordinator)
    assert secret not in str(Invitation.objects.filter(pk=invitation.pk).values())


def test_an_invitation_opens_one_account_even_asked_twice_at_once(coordinator, site):
    invitation, _secret = invited(site, coordinator)
    at = timezone.now()
    services.accept_invitation(invitation=invitation, name="N", password=PASSWORD, at=at)
    with pytest.raises(services.InvitationOver):
        services.accept_invitation(invitation=invitation, name="N", password=PASSWORD, at=at)


def test_who_has_an_account_accepts_with_it_and_nobody_else_does(client, coordinator, site):
    nadia = factories.AnyUser(email="nadia@exemple.fr")
    _invitation, secret = invited(site, coordinator)
    path = reverse("network:invitation", args=[secret])
    stranger = Client()
    assert b'name="password"' not in stranger.get(path).content
    stranger.post(path, {"name": "X", "password": PASSWORD})
    stranger.force_login(factories.AnyUser())
    stranger.post(path)
    assert not nadia.mandates.exists()
    client.force_login(nadia)
    client.post(path)

    assert nadia.mandates.get().site == site


def test_a_coordinator_staffs_her_sites_alone(client, coordinator, site):
    foreign = factories.AnySite()
    client.force_login(coordinator)

    assert client.post(INVITE, {"email": "x@exemple.fr", "site": foreign.pk, "begins_on": TODAY()}).status_code == 422
    asked = {"email": "x@exemple.fr", "organization": foreign.organization_id, "begins_on": TODAY()}
    assert client.post(INVITE, asked).status_code == 422
    assert not Invitation.objects.exists()


def test_the_pilot_invites_coordinators(client, pilot, site):
    client.force_login(pilot)
    asked = {"email": "s@exemple.fr", "organization": site.organization_id, "begins_on": TODAY()}
    assert client.post(INVITE, asked).status_code == 302

    assert Invitation.objects.get().role == Role.COORDINATOR
    assert client.post(INVITE, {**asked, "organization": "", "site": site.pk}).status_code == 422


def test_an_end_before_the_beginning_is_refused(client, coordinator, site):
    client.force_login(coordinator)
    asked = {"email": "x@exemple.fr", "site": site.pk, "begins_on": "2026-05-02", "ends_on": "2026-05-02"}
    assert client.post(INVITE, asked).status_code == 422


def test_ending_a_mandate_takes_the_access_away_that_day(client, coordinator, advisor, site):
    mandate = advisor.mandates.get()
    hers = Client()
    hers.force_login(advisor)
    assert hers.get(reverse("desk:people")).status_code == 200
    client.force_login(coordinator)
    client.post(reverse("network:end_of_mandate", args=[mandate.pk]), {"ends_on": TODAY()})

    assert hers.get(reverse("desk:people")).status_code == 404
    assert Entry.objects.get(action="network.mandate.ended").details["user_id"] == advisor.pk
    assert [one.user_id for one in client.get(ACCOUNTS).context["ended"]] == [advisor.pk]


def test_a_mandate_does_not_end_before_it_begins(coordinator, at):
    mandate = factories.AnyMandate(begins_on=date(2030, 1, 1))
    with pytest.raises(services.BeganThatDay):
        services.end_mandate(mandate=mandate, ends_on=date(2026, 1, 1), by=coordinator, at=at)
    assert Mandate.objects.get(pk=mandate.pk).ends_on is None


def test_closing_an_account_ends_its_mandates_and_its_sessions(client, coordinator, advisor, site):
    hers = Client()
    hers.force_login(advisor)
    client.force_login(coordinator)
    client.post(reverse("network:closure", args=[advisor.pk]))

    assert hers.get("/").status_code == 302
    assert advisor.mandates.get().ends_on == TODAY()
    assert not User.objects.get(pk=advisor.pk).is_active
    assert client.post(reverse("network:closure", args=[advisor.pk])).status_code == 404


def test_a_closed_account_holds_no_post(client, coordinator, site, advisor):
    today = timezone.localdate()
    running = factories.AnyTenure(user=advisor, post__site=site)
    new = factories.AnyTenure(user=advisor, post__site=site, begins_on=today)
    over = factories.AnyTenure(user=advisor, post__site=site, ends_on=date(2020, 1, 1))
    following = factories.AnyTenure(user=advisor, post__site=site, begins_on=today + timedelta(days=9))
    client.force_login(coordinator)
    path = reverse("network:closure", args=[advisor.pk])

    assert "3 postes" in client.get(path).content.decode()
    told = [str(said) for said in client.post(path, follow=True).context["messages"]]

    assert len(told) == 1
    assert "poste" in told[0]
    ends = dict(Tenure.objects.values_list("pk", "ends_on"))
    assert ends == {running.pk: today, over.pk: date(2020, 1, 1)}
    lines = Entry.objects.filter(action__startswith="network.tenure.").order_by("pk")
    assert sorted(lines.values_list("action", "subject_id")) == [
        ("network.tenure.ended", running.pk),
        ("network.tenure.removed", new.pk),
        ("network.tenure.removed", following.pk),
    ]
    assert set(lines.values_list("actor_id", flat=True)) == {coordinator.pk}


def test_the_page_of_closing_speaks_of_posts_only_when_there_is_one(client, coordinator, advisor):
    client.force_login(coordinator)
    path = reverse("network:closure", args=[advisor.pk])

    assert "poste" not in client.get(path).content.decode().split("<main")[1]
    assert "poste" not in str(*client.post(path, follow=True).context["messages"])


def test_an_account_that_works_elsewhere_too_is_not_closed_by_one_organization(client, coordinator, advisor):
    factories.AnyMandate(user=advisor)
    client.force_login(coordinator)

    assert client.get(reverse("network:closure", args=[advisor.pk])).status_code == 404


def test_nobody_closes_her_own_account(coordinator, at):
    with pytest.raises(services.OwnAccount):
        services.close_account(user=coordinator, by=coordinator, at=at, on=at.date())


@pytest.mark.parametrize("people", [1, 8])
def test_the_page_costs_the_same_for_one_or_eight(client, coordinator, site, people, django_assert_num_queries):
    factories.AnyMandate.create_batch(people, site=site)
    factories.AnyInvitation.create_batch(people, site=site)
    client.force_login(coordinator)
    with django_assert_num_queries(18):
        assert client.get(ACCOUNTS).status_code == 200


def test_the_first_account_of_an_installation_is_invited_by_command(capsys, db):
    call_command("account", "invite", "agnes@exemple.fr", "--role", "PILOT")
    path = capsys.readouterr().out.strip().removeprefix("http://127.0.0.1:8000")
    client = Client()
    client.post(path, {"name": "Agnes", "password": PASSWORD})

    assert client.get("/").status_code == 200
    assert Mandate.objects.get().role == Role.PILOT


@pytest.mark.parametrize(
    "arguments",
    [
        ["nobody", "--role", "PILOT"],
        ["a@exemple.fr", "--role", "ADVISOR"],
        ["a@exemple.fr", "--role", "ADVISOR", "--site", "NOPE"],
        ["a@exemple.fr", "--role", "COORDINATOR", "--organization", "Nope"],
    ],
)
def test_a_command_that_cannot_be_obeyed_says_why(arguments, db):
    with pytest.raises(CommandError):
        call_command("account", "invite", *arguments)
    assert not Invitation.objects.exists()


def test_an_old_invitation_is_over_at_its_instant(coordinator, site):
    invitation, _secret = invited(site, coordinator)
    with pytest.raises(services.InvitationOver):
        services.accept_invitation(
            invitation=invitation, name="N", password=PASSWORD, at=timezone.now() + timedelta(days=7, seconds=1)
        )


def test_a_lost_phone_is_taken_away_by_who_manages_the_account(client, coordinator, advisor):
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=advisor, type="totp", data={"secret": "x"})
    hers, stranger = Client(), Client()
    hers.force_login(advisor)
    stranger.force_login(
        factories.AnyMandate(role=Role.COORDINATOR, site=None, organization=factories.AnyHostOrganization()).user
    )
    path = reverse("network:lost_factor", args=[advisor.pk])
    assert stranger.post(path).status_code == 404
    client.force_login(coordinator)
    client.post(path)

    assert not Authenticator.objects.exists()
    assert hers.get("/")["Location"].startswith("/connexion/")
    assert Message.objects.get().recipient == advisor.email
    assert Entry.objects.get(action="accounts.second_factor.forgotten").actor_id == coordinator.pk
