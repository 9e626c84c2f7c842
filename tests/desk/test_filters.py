"""Questions kept under a name."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from citeslab.desk.models import SavedFilter
from citeslab.desk.services import filters
from citeslab.desk.values import Question
from citeslab.rights import services as rights
from citeslab.rights.enums import Cause
from tests import factories

pytestmark = pytest.mark.django_db
FILTERS, LIST = reverse("desk:saved_filters"), reverse("desk:people")


@pytest.fixture
def signed_in(client, advisor):
    client.force_login(advisor)
    return client


def save(client, name="Silent ones", query="view=silent", **more):
    return client.post(f"{FILTERS}?{query}", {"name": name, **more})


def chips(client) -> list[str]:
    return [chip["label"] for chip in client.get(LIST).context["saved"]]


def test_a_filter_is_saved_and_opens_the_same_list(signed_in):
    response = save(signed_in, query="view=silent&stage=EMER&page=3&sort=name&csrf=x&stage2=EMER")

    saved = SavedFilter.objects.get()
    assert saved.query == "view=silent&stage=EMER&sort=name"
    assert response["Location"] == f"{LIST}?{saved.query}"
    assert signed_in.get(response["Location"]).context["saved"] == [
        {"label": "Silent ones", "url": f"?{saved.query}", "current": True}
    ]


@pytest.mark.parametrize("query", ["stage=ZZZZ&answer=x", "view=%00&advisor=1;drop", "sort=password"])
def test_what_no_list_understands_is_not_kept(query):
    assert Question.kept(query).query == ""


def test_a_name_is_used_once(signed_in):
    save(signed_in)

    assert save(signed_in, query="view=left").status_code == 422
    assert SavedFilter.objects.count() == 1


def test_hers_alone_is_seen_by_nobody_else(signed_in, client, site, advisor):
    save(signed_in)
    client.force_login(factories.AnyMandate(site=site).user)
    saved = SavedFilter.objects.get()

    assert chips(client) == []
    for name in ("desk:saved_filter_name", "desk:saved_filter_removal"):
        assert client.post(reverse(name, args=[saved.pk]), {"name": "x"}).status_code == 404


def test_shared_with_the_site_is_seen_by_its_colleagues_only_and_changed_by_none(signed_in, client, site):
    save(signed_in, site=site.pk)
    saved = SavedFilter.objects.get()
    client.force_login(factories.AnyMandate().user)
    assert chips(client) == []
    client.force_login(factories.AnyMandate(site=site).user)

    assert chips(client) == ["Silent ones"]
    assert client.post(reverse("desk:saved_filter_removal", args=[saved.pk])).status_code == 404


def test_it_cannot_be_shared_with_another_site(signed_in):
    assert save(signed_in, site=factories.AnySite().pk).status_code == 422


def test_it_is_renamed_removed_and_brought_back(signed_in):
    save(signed_in)
    saved = SavedFilter.objects.get()
    removal = reverse("desk:saved_filter_removal", args=[saved.pk])

    signed_in.post(reverse("desk:saved_filter_name", args=[saved.pk]), {"name": "To call"})
    assert chips(signed_in) == ["To call"]
    signed_in.post(removal)
    assert chips(signed_in) == []
    assert [one.name for one in signed_in.get(FILTERS).context["removed"]] == ["To call"]
    signed_in.post(removal, {"back": "1"})
    assert chips(signed_in) == ["To call"]


def test_it_comes_back_under_no_name_taken_meanwhile(signed_in):
    save(signed_in)
    removal = reverse("desk:saved_filter_removal", args=[SavedFilter.objects.get().pk])
    signed_in.post(removal)
    save(signed_in)

    assert signed_in.post(removal, {"back": "1"}).status_code == 422


def test_a_removed_one_is_forgotten_the_day_after(signed_in):
    save(signed_in)
    signed_in.post(reverse("desk:saved_filter_removal", args=[SavedFilter.objects.get().pk]))

    filters.forget_removed(at=timezone.now())
    assert SavedFilter.objects.exists()
    filters.forget_removed(at=timezone.now() + timedelta(days=3))
    assert not SavedFilter.objects.exists()


def test_html_in_a_name_stays_text(signed_in):
    save(signed_in, name="<script>alert(1)</script>")

    assert "<script>alert" not in signed_in.get(LIST).content.decode()


def test_my_people_the_site_and_nobody_yet(signed_in, site, advisor):
    mine, hers, free = (factories.AnyPerson(site=site, preferred_name=name) for name in ("Mienne", "Sienne", "Libre"))
    colleague = factories.AnyMandate(site=site).user
    factories.AnyAssignment(person=mine, advisor=advisor)
    factories.AnyAssignment(person=hers, advisor=advisor, ends_on=timezone.localdate())
    factories.AnyAssignment(person=hers, advisor=colleague, begins_on=timezone.localdate())

    def names(said):
        return {person.preferred_name for person in signed_in.get(LIST, {"advisor": said}).context["page"]}

    assert names("me") == {"Mienne"}
    assert names(str(colleague.pk)) == {"Sienne"}
    assert names("nobody") == {"Libre"}
    assert names("") == names("12x") == {"Mienne", "Sienne", "Libre"}


@pytest.mark.parametrize(
    "words",
    ["Khelifi", "khel", "Samira K", "Kelifi besancon", "06 39 98 01 42", "samira@example.org", "P00012"],
)
def test_the_words_that_may_name_her_go_with_her_name(site, advisor, at, words):
    her = factories.AnyPerson(
        site=site, first_name="Samira", preferred_name="Khelifi", reference="P00012",
        email="samira@example.org", phone="+33639980142",
    )  # fmt: skip
    kept = factories.AnySavedFilter(query=Question(words=words, view="silent").query)
    alone = factories.AnySavedFilter(query=Question(words=words, sort="name").query)
    removed = factories.AnySavedFilter(query=Question(words=words, stage="EMER").query, removed_at=at)
    others = factories.AnySavedFilter(query="words=Wozniak&view=silent", name="Relances")

    rights.anonymise(people=[her.pk], cause=Cause.REQUEST, by=advisor, at=at)

    assert dict(SavedFilter.objects.values_list("pk", "query")) == {
        kept.pk: "view=silent", removed.pk: "stage=EMER", others.pk: "words=Wozniak&view=silent",
    }  # fmt: skip
    assert not SavedFilter.objects.filter(pk=alone.pk).exists()


def test_a_filter_called_by_her_name_becomes_a_number(site, advisor, at):
    her = factories.AnyPerson(site=site, first_name="Samira", preferred_name="Khelifi")
    called = factories.AnySavedFilter(name="Dossier KHÉLIFI", query="view=silent")
    other = factories.AnySavedFilter(name="Silencieuses", query="view=silent")

    rights.anonymise(people=[her.pk], cause=Cause.RETENTION, by=advisor, at=at)

    assert dict(SavedFilter.objects.values_list("pk", "name")) == {
        called.pk: f"Filtre {called.pk}", other.pk: "Silencieuses",
    }  # fmt: skip
