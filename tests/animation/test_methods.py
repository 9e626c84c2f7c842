"""The library: written as drafts, published under a licence, taken up by others, withdrawn."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from citeslab.animation import rules, services
from citeslab.animation.enums import Licence
from citeslab.animation.models import Method, Version
from citeslab.animation.values import Step, Text
from citeslab.audit.models import Entry
from citeslab.network.enums import Role
from tests import factories

pytestmark = pytest.mark.django_db
TEXT = Text(
    title="La boîte à idées",
    purpose="Dire une première idée.",
    audience="Dix adultes",
    steps=(Step(20, "Chacune dit son idée."), Step(10, "On choisit.")),
    licence=Licence.CC_BY,
)
FORM = {
    "title": "La boîte à idées",
    "purpose": "Dire une première idée.",
    "audience": "Dix adultes",
    "steps": "20 Chacune dit son idée.\n10 min – On choisit.",
    "licence": "CC_BY",
}


def published(site, **more):
    step = factories.AnyStep(version__method__site=site, version__title="La boîte à idées")
    for name, value in more.items():
        setattr(step.version, name, value)
    step.version.save()
    return step.version.method


def test_a_method_is_written_then_given_to_the_network(signed_in, client, advisor, site):
    made = signed_in.post(reverse("animation:new_method"), FORM)
    method = Method.objects.get()
    colleague = factories.AnyMandate().user

    assert made["Location"] == reverse("desk:method", args=[method.pk])
    assert list(method.versions.get().steps.values_list("place", "minutes", "words")) == [
        (1, 20, "Chacune dit son idée."),
        (2, 10, "On choisit."),
    ]
    assert not Method.objects.visible_to(colleague, on=method.recorded_at.date()).exists()
    signed_in.post(reverse("animation:publication", args=[method.pk]))
    assert Method.objects.visible_to(colleague, on=method.recorded_at.date()).get() == method
    assert (method.site, method.versions.get().published_by) == (site, advisor)
    assert list(Entry.objects.filter(action__startswith="animation").values_list("action", flat=True)) == [
        "animation.version.written",
        "animation.version.published",
    ]


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"licence": ""}, services.NoLicence),
        ({"steps": ()}, services.NoSteps),
    ],
)
def test_a_method_without_a_licence_or_a_step_is_not_published(site, advisor, at, said, refusal):
    draft = services.begin_method(site=site, text=Text(**{**TEXT.__dict__, **said}), by=advisor, at=at)

    with pytest.raises(refusal):
        services.publish(method=draft.method, by=advisor, at=at)
    draft.refresh_from_db()
    assert draft.published_at is None


def test_the_page_says_that_a_licence_is_missing_and_goes_back_to_writing(signed_in, site):
    method = factories.AnyDraft(method__site=site, licence="").method
    answer = signed_in.post(reverse("animation:publication", args=[method.pk]), follow=True)

    assert answer.redirect_chain == [(reverse("animation:new_version", args=[method.pk]), 302)]
    assert "Choisissez une licence" in answer.content.decode()


def test_the_database_refuses_what_is_published_without_a_licence_or_without_its_changes(site):
    with pytest.raises(IntegrityError, match="published_under_a_licence"), transaction.atomic():
        factories.AnyVersion(licence="")
    with pytest.raises(IntegrityError, match="says_what_changes"), transaction.atomic():
        factories.AnyVersion(number=2)


def test_a_new_version_leaves_the_one_before_readable(signed_in, advisor, site):
    method = published(site)
    address = reverse("animation:new_version", args=[method.pk])
    signed_in.post(address, {**FORM, "title": "La boîte à idées, en une heure", "changes": ""})
    refused = signed_in.post(reverse("animation:publication", args=[method.pk]))
    signed_in.post(address, {**FORM, "title": "La boîte à idées, en une heure", "changes": "Plus courte."})
    signed_in.post(reverse("animation:publication", args=[method.pk]))
    page = reverse("desk:method", args=[method.pk])

    assert refused["Location"] == address
    assert list(method.versions.order_by("number").values_list("number", "changes")) == [(1, ""), (2, "Plus courte.")]
    assert signed_in.get(page).context["version"].title == "La boîte à idées, en une heure"
    assert signed_in.get(page, {"version": 1}).context["version"].title == "La boîte à idées"
    assert signed_in.get(page, {"version": 9}).status_code == 404
    assert [one.title for one in Version.objects.current()] == ["La boîte à idées, en une heure"]


def test_a_new_version_is_its_authors_or_the_pilots(client, advisor, pilot, at):
    theirs = published(factories.AnySite())
    client.force_login(advisor)

    assert client.post(reverse("animation:new_version", args=[theirs.pk]), FORM).status_code == 404
    with pytest.raises(services.NotItsAuthor):
        services.write_version(method=theirs, text=TEXT, by=advisor, at=at)
    assert services.write_version(method=theirs, text=TEXT, by=pilot, at=at).number == 2


def test_others_make_one_of_their_own_that_names_its_source(signed_in, advisor, site):
    theirs = published(factories.AnySite(name="CitésLab de Lens"))
    source = theirs.versions.get()
    signed_in.post(f"{reverse('animation:new_method')}?depuis={source.pk}", {**FORM, "title": "La nôtre"})
    made = Method.objects.get(site=site)

    assert made.source == source
    assert "CitésLab de Lens" in signed_in.get(reverse("desk:method", args=[made.pk])).content.decode()
    assert signed_in.get(f"{reverse('animation:new_method')}?depuis=0").status_code == 404


@pytest.mark.parametrize("licence", [Licence.CC_BY_SA, Licence.FREE_ART])
def test_what_comes_from_a_share_alike_method_keeps_its_licence(signed_in, advisor, site, at, licence):
    source = published(factories.AnySite(), licence=licence).versions.get()
    address = f"{reverse('animation:new_method')}?depuis={source.pk}"

    assert rules.licences(source) == [licence]
    assert signed_in.post(address, {**FORM, "licence": "CC0"}).status_code == 422
    draft = services.begin_method(site=site, text=TEXT, source=source, by=advisor, at=at)
    with pytest.raises(services.NotItsLicence):
        services.publish(method=draft.method, by=advisor, at=at)


@pytest.mark.parametrize("steps", ["Chacune dit son idée.", "0 Rien", "20", "20 " + "x" * 301, "5 a\n" * 21])
def test_a_step_begins_with_its_minutes(signed_in, steps):
    answer = signed_in.post(reverse("animation:new_method"), {**FORM, "steps": steps})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["steps"])


def test_a_withdrawn_method_leaves_the_library_and_stays_readable(signed_in, site, advisor):
    method = published(site)
    factories.AnyWorkshop(site=site, method=method)
    signed_in.post(reverse("animation:method_withdrawal", args=[method.pk]))
    signed_in.post(reverse("animation:method_withdrawal", args=[method.pk]))
    method.refresh_from_db()

    assert method.withdrawn_by == advisor
    assert len(signed_in.get(reverse("animation:methods")).context["page"]) == 0
    assert signed_in.get(reverse("desk:method", args=[method.pk])).status_code == 200
    assert Entry.objects.filter(action="animation.method.withdrawn").count() == 1


@pytest.mark.parametrize(("words", "found"), [("boite idees", 1), ("ADULTES", 1), ("lycée", 0)])
def test_the_search_reads_titles_purposes_and_publics(signed_in, words, found):
    factories.AnyVersion()

    assert len(signed_in.get(reverse("animation:methods"), {"words": words}).context["page"]) == found


def test_hers_are_those_of_her_sites(signed_in, site):
    factories.AnyVersion()
    ours = factories.AnyVersion(method__site=site)

    assert list(signed_in.get(reverse("animation:methods"), {"de": "nous"}).context["page"]) == [ours]


@pytest.mark.parametrize("many", [1, 3])
def test_the_library_costs_the_same_for_one_method_or_three(signed_in, many, django_assert_num_queries):
    for _ in range(many):
        factories.AnyStep.create_batch(3, version=factories.AnyVersion())

    with django_assert_num_queries(9):
        assert len(signed_in.get(reverse("animation:methods")).context["page"]) == many


def test_funders_read_figures_and_not_the_library(client):
    client.force_login(factories.AnyMandate(role=Role.FUNDER, site=None).user)

    assert client.get(reverse("animation:methods")).status_code == 404
    assert client.get(reverse("desk:method", args=[published(factories.AnySite()).pk])).status_code == 404
