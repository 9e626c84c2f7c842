"""Her own space: a code and something she knows open it once, for half an hour, on her own file alone."""

import json
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from citeslab.audit import services as audit
from citeslab.audit.models import Entry
from citeslab.notifications.enums import Channel
from citeslab.notifications.models import Message
from citeslab.rights import definitions, services, values
from citeslab.rights.models import AccessCode, Attempt, Consent, CorrectionRequest, StillInTouch
from tests import factories

pytestmark = pytest.mark.django_db
DOOR, ASK, FILE = reverse("rights:door"), reverse("rights:asking"), reverse("rights:file")


@pytest.fixture
def samira(site):
    return factories.AnyPerson(
        site=site,
        first_name="Samira",
        preferred_name="Khelifi",
        phone="+33639980142",
        email="samira@exemple.fr",
        born_on=date(1987, 3, 12),
    )


@pytest.fixture
def code(samira, advisor):
    return services.give_code(person=samira, by=advisor, at=timezone.now())[1]


def opened(client, code, answer="12/03/1987"):
    return client.post(DOOR, {"code": code, "answer": answer})


@pytest.mark.parametrize("answer", ["12/03/1987", "12 3 1987", "1987-03-12", "12031987", "0142", "01 42"])
def test_a_code_and_what_she_knows_open_her_file(client, code, answer):
    response = opened(client, code.lower().replace("-", " "), answer)

    assert (response.status_code, response["Location"]) == (302, FILE)
    page = client.get(FILE)
    assert "Samira" in page.content.decode()
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("same-origin", "noindex")
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("answer", ["13/03/1987", "0143", "142", "", "0000", "samira", "१२३४"])
def test_a_wrong_answer_opens_nothing_and_does_not_say_what_was_wrong(client, code, answer):
    wrong = opened(client, code, answer or " x")
    unknown = opened(client, "ACDEF-GHJKM")

    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()
    assert client.get(FILE).status_code == 302


def test_a_code_opens_once(client, code):
    opened(client, code)
    client.post(reverse("rights:leaving"))

    assert client.get(FILE).status_code == 302
    assert opened(client, code).status_code == 422


def test_a_code_is_tried_five_times_from_wherever(client, code):
    for number in range(5):
        client.post(DOOR, {"code": code, "answer": "0000"}, REMOTE_ADDR=f"10.0.0.{number}")

    response = client.post(DOOR, {"code": code, "answer": "0142"}, REMOTE_ADDR="10.0.0.9")
    assert response.status_code == 422
    assert AccessCode.objects.get().closed_at is not None


def test_an_address_tries_five_times_in_a_quarter_of_an_hour(client, code):
    for _ in range(5):
        assert opened(client, "ACDEF-GHJKM").status_code == 422

    assert opened(client, code).status_code == 429
    assert client.post(DOOR, {"code": code, "answer": "0142"}, REMOTE_ADDR="10.0.0.9").status_code == 302
    Attempt.objects.update(at=timezone.now() - timedelta(minutes=16))
    client.post(reverse("rights:leaving"))
    assert opened(client, code).status_code == 422  # tried again, and told the truth: it was used


def test_a_code_of_a_week_ago_opens_nothing(client, code):
    AccessCode.objects.update(expires_at=timezone.now())

    assert opened(client, code).status_code == 422


def test_a_new_code_ends_the_one_before(client, samira, code, advisor):
    other = services.give_code(person=samira, by=advisor, at=timezone.now())[1]

    assert opened(client, code).status_code == 422
    assert opened(client, other).status_code == 302


def test_only_a_keyed_digest_of_the_code_is_kept(samira, code):
    import hashlib

    row = AccessCode.objects.get()
    plain = values.plain_code(code)
    assert len(plain) == 10
    assert set(plain) <= set(values.ALPHABET)
    assert row.digest not in {plain, hashlib.sha256(plain.encode()).hexdigest()}


def test_no_code_is_given_when_nothing_could_be_asked_beside_it(site, advisor, at):
    person = factories.AnyPerson(site=site, phone="", born_on=None)

    with pytest.raises(services.NothingToCheck):
        services.give_code(person=person, by=advisor, at=at)


def test_her_space_closes_after_half_an_hour_and_with_her_file(client, samira, code, advisor):
    opened(client, code)
    AccessCode.objects.update(opened_at=timezone.now() - timedelta(minutes=31))
    assert client.get(FILE).status_code == 302
    AccessCode.objects.update(opened_at=timezone.now())
    assert client.get(FILE).status_code == 200

    services.erase(person=samira, by=advisor, at=timezone.now())
    assert client.get(FILE).status_code == 302


@pytest.mark.parametrize("cookie", ["1", "1:x:y", "", "9" * 400])
def test_a_made_up_cookie_opens_nothing(client, code, cookie):
    client.cookies["citeslab_space"] = cookie

    assert client.get(FILE).status_code == 302


def test_her_space_and_the_staffs_sessions_know_nothing_of_each_other(client, samira, code, advisor):
    opened(client, code)
    assert "sessionid" not in client.cookies
    assert client.get("/").status_code == 302
    assert client.get(reverse("desk:person", args=[samira.pk])).status_code == 302

    client.cookies.clear()
    client.force_login(advisor)
    assert client.get(FILE)["Location"] == DOOR


def test_nobody_elses_file_is_in_hers(client, samira, code, site):
    other = factories.AnyPerson(site=site, first_name="Autrui", preferred_name="Secret")
    shared = factories.AnyProject(site=site, title="À deux")
    for person in (samira, other):
        factories.AnyProjectHolder(project=shared, person=person)
        factories.AnyMeeting(person=person, project=shared, minutes=37 if person == other else 45)
    opened(client, code)

    for address in (FILE, reverse("rights:download", args=["json"])):
        page = client.get(address).content.decode()
        assert "À deux" in page
        assert "Secret" not in page
        assert "37" not in [str(row.get("minutes")) for row in all_rows(client)]


def all_rows(client):
    told = json.loads(client.get(reverse("rights:download", args=["json"])).content)
    return [row for kind in told["records"].values() for row in kind["rows"]]


# -- asking for a code by message -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contact", "channel"),
    [("Samira@Exemple.fr", Channel.EMAIL), ("06 39 98 01 42", Channel.SMS), ("+33 6 39 98 01 42", Channel.SMS)],
)
def test_a_code_comes_by_message_to_the_address_on_file(client, samira, contact, channel):
    assert client.post(ASK, {"contact": contact, "born_on": "12/03/1987"}).status_code == 200

    message = Message.objects.get()
    assert (message.channel, message.recipient) == (
        channel,
        samira.email if channel == Channel.EMAIL else samira.phone,
    )
    assert "Samira" not in message.subject + message.body
    code = message.body.split(" : ", 1)[-1].split(": ", 1)[-1][:11]
    assert opened(client, code, "0142").status_code == 422  # who holds the phone knows its number
    assert opened(client, code).status_code == 302


def test_who_asks_learns_nothing(client, samira):
    factories.AnyPerson(phone=samira.phone, born_on=samira.born_on, first_name="Jumelle", sort_key="khelifi jumelle")
    answers = [
        client.post(ASK, {"contact": contact, "born_on": born_on}).content
        for contact, born_on in [
            ("samira@exemple.fr", "12/03/1987"),
            ("personne@exemple.fr", "12/03/1987"),
            ("samira@exemple.fr", "13/03/1987"),
            (samira.phone, "12/03/1987"),
        ]
    ]

    plain = {re.sub(rb'"[0-9A-Za-z]{64}"', b"", answer) for answer in answers}
    assert len(plain) == 1
    assert Message.objects.count() == 1  # not the twins' phone


def test_codes_are_asked_three_times_for_a_target_and_ten_from_an_address(client, samira):
    asked = {"contact": samira.email, "born_on": "12/03/1987"}
    statuses = [client.post(ASK, asked).status_code for _ in range(11)]

    assert statuses == [200] * 10 + [429]
    assert Message.objects.count() == 3


def test_a_date_that_is_none_is_said(client):
    response = client.post(ASK, {"contact": "x@exemple.fr", "born_on": "99/99/1987"})

    assert response.status_code == 422
    assert not Attempt.objects.exists()


# -- what she sees and does -------------------------------------------------------------------------------------------


def test_she_sees_who_read_her_file_with_role_and_site_and_why(client, samira, code, advisor, site):
    audit.record("people.person.read", samira, by=advisor, at=timezone.now())
    audit.record("people.person.read", samira, by=advisor, at=timezone.now())
    stranger = factories.AnyUser(name="Paul Ailleurs")
    audit.record("people.person.read", samira, by=stranger, at=timezone.now(), reason="She moved here")
    opened(client, code)

    readings = client.get(FILE).context["readings"]

    told = [(reading.name, reading.role, reading.reason) for reading in readings]
    assert [line for line in told if line[0] == "Paul Ailleurs"] == [("Paul Ailleurs", "", "She moved here")]
    mine = [reading for reading in readings if reading.name == advisor.name]
    assert len({reading.act for reading in mine}) == len(mine) == 2  # read once a day, and the code given
    assert site.name in mine[0].role


def test_an_agreement_taken_back_is_taken_back_at_once(client, samira, code, advisor, at):
    from citeslab.rights import queries

    services.say_consent(person=samira, purpose="PHOTO", said="YES", way="SPOKEN", by=advisor, at=at)
    on = timezone.localdate()
    assert queries.has_consent(samira, "PHOTO", on) is (on >= at.date())
    opened(client, code)

    client.post(reverse("rights:my_consent"), {"purpose": "PHOTO", "said": "NO"})

    assert queries.has_consent(samira, "PHOTO", max(on, at.date())) is False
    assert [row.said for row in Consent.objects.order_by("pk")] == ["YES", "NO"]


def test_a_request_goes_to_the_advisor_and_its_answer_comes_back(client, samira, code, advisor):
    opened(client, code)
    asked = {"wish": "CORRECTION", "text": "Mon nom s’écrit Khélifi."}
    for _ in range(2):  # sent twice by a thumb
        assert client.post(reverse("rights:my_request"), asked).status_code == 302
    request = CorrectionRequest.objects.get()

    staff = type(client)()
    staff.force_login(advisor)
    assert "Khélifi" in staff.get(reverse("rights:waiting")).content.decode()
    assert "Khélifi" in staff.get("/").content.decode()
    staff.post(reverse("rights:answer", args=[request.pk]), {"answer": "C’est corrigé."})
    assert "Khélifi" not in staff.get(reverse("rights:waiting")).content.decode()

    assert "C’est corrigé." in client.get(FILE).content.decode()
    message = Message.objects.get(key__startswith="rights.request.answered")
    assert (message.recipient, "corrigé" in message.body) == (samira.email, False)


def test_another_sites_advisor_answers_nothing(client, samira):
    request = factories.AnyCorrectionRequest(person=samira)
    client.force_login(factories.AnyMandate().user)

    assert client.post(reverse("rights:answer", args=[request.pk]), {"answer": "x"}).status_code == 404
    for name in ("person", "erasure"):
        assert client.get(reverse(f"rights:{name}", args=[samira.pk])).status_code == 404
    for name in ("notice", "consent", "code", "still_in_touch", "hold", "erasure"):
        assert client.post(reverse(f"rights:{name}", args=[samira.pk])).status_code == 404


def test_she_says_that_she_is_still_on_her_way(client, samira, code):
    opened(client, code)
    client.post(reverse("rights:my_news"))

    assert StillInTouch.objects.get().said_on == timezone.localdate()


def test_her_downloads_are_journaled_and_anything_else_is_not_found(client, samira, code):
    opened(client, code)

    for shape in ("json", "pdf"):
        response = client.get(reverse("rights:download", args=[shape]))
        assert response.status_code == 200
        assert response["Content-Disposition"].endswith(f'.{shape}"')
    assert client.get(reverse("rights:download", args=["xlsx"])).status_code == 404
    acts = Entry.objects.filter(action="rights.file.downloaded").order_by("pk").values_list("details", flat=True)
    assert list(acts) == [{"shape": "json"}, {"shape": "pdf"}]


def test_one_tap_notes_that_she_was_told(client, samira, advisor):
    client.force_login(advisor)
    page = reverse("desk:person", args=[samira.pk])
    assert client.get(page).context["rights"].notice is None

    for _ in range(2):
        response = client.post(reverse("rights:notice", args=[samira.pk]), {"way": "SPOKEN", "from": "person"})
    assert response["Location"] == page

    notice = client.get(page).context["rights"].notice
    assert (notice.version, notice.given_on) == (definitions.NOTICE_VERSION, timezone.localdate())
    assert samira.notices.count() == 1


def test_erasing_from_the_desk(client, samira, advisor):
    client.force_login(advisor)
    factories.AnyHold(person=samira, until=date(2090, 1, 1))
    address = reverse("rights:erasure", args=[samira.pk])
    assert client.post(address).status_code == 422

    client.post(reverse("rights:hold", args=[samira.pk]), {"release": "1"})
    assert client.post(address)["Location"] == reverse("desk:people")
    assert client.get(address).status_code == 404


def test_the_code_is_shown_once_with_where_to_go(client, samira, advisor):
    client.force_login(advisor)

    response = client.post(reverse("rights:code", args=[samira.pk]))

    assert response.context["code"] in response.content.decode()
    assert response.context["address"].endswith("/mes-donnees/")
    assert "no-store" in response["Cache-Control"]


def test_text_from_people_is_never_read_as_html(client, samira, code):
    factories.AnyCorrectionRequest(person=samira, text="<script>alert(1)</script>")
    opened(client, code)

    assert "<script>alert" not in client.get(FILE).content.decode()
