"""The public figures: what is published and nothing else, light, the same for everyone, in two languages."""

import gzip
import hashlib
import io
import re
import zipfile
from datetime import UTC, date, datetime

import brotli
import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from citeslab.figures import exports, queries, services
from citeslab.figures.definitions.indicators import BY_ID, INDICATORS
from citeslab.figures.definitions.statements import BY_STATEMENT
from citeslab.figures.models import Publication
from citeslab.figures.queries import Check
from citeslab.people.enums import Sex
from tests import factories
from tests.figures.test_definitions import YEAR, supported
from tests.figures.test_published import AT, ON

pytestmark = pytest.mark.django_db


def page(client, name="figures:public", *args, headers=None, **query):
    return client.get(reverse(name, args=args), query, headers=headers)


def publish(year=YEAR):
    return services.publish(prepared=services.prepare(year=year, on=ON), by=factories.AnyUser(), at=AT)


def numbers_of(html: str) -> set[str]:
    """Every number that the page writes, thousands together."""
    text = re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>", " ", html, flags=re.DOTALL)
    return set(re.findall(r"\d+", re.sub(r"(?<=\d)[\u202f\u00a0,](?=\d{3})", "", text)))


# -- what is shown ----------------------------------------------------------------------------------------------------


def test_before_any_publication_it_says_so_and_shows_no_number(client, world):
    with translation.override("en"):
        answer = page(client, langue="en")
    said = answer.content.decode()

    assert answer.status_code == 200
    assert "No year is published yet" in said
    assert "60" not in numbers_of(said)
    assert reverse("workshops:agenda") in said
    assert page(client, "figures:published", YEAR).status_code == 404


def test_a_year_is_shown_as_it_was_published_whatever_is_written_since(client, world, site):
    made = publish()
    before = page(client).content
    for _ in range(7):
        supported(site, sex=Sex.WOMAN)

    assert page(client).content == before
    found = queries.published(YEAR)
    assert found.reference == f"{YEAR}-1" == made.reference
    assert found.at("supported_by_region_and_sex") == 60
    assert page(client, "figures:published", YEAR).content.decode().count("60") == before.decode().count("60")


def test_no_hidden_count_is_in_the_page_or_in_its_files(client, site):
    """Counts that stand nowhere else, so that one of them in a page would be seen."""
    for sex, total in ((Sex.WOMAN, 73), (Sex.MAN, 97), (Sex.UNKNOWN, 3)):
        for _ in range(total):
            supported(site, sex=sex, born_on=date(1980, 1, 1))
    made = publish()
    hidden = {str(count) for _table, _indicator, _by, count, is_gone in made.cells if is_gone}
    found = queries.published(YEAR)

    unseen = hidden & {"73", "97"}
    assert "3" in hidden
    assert unseen
    assert list(found.classes("supported_by_region_and_sex", "sex").values()).count(None) > 1
    said = page(client, langue="en").content.decode()
    assert numbers_of(said) & unseen == set()
    assert "173" in numbers_of(said)
    rows = [
        line.split(",")
        for name in ("cells.csv", "dictionary.csv", "territories.csv")
        for line in page(client, "figures:published_file", YEAR, 1, name).content.decode().splitlines()
    ]
    assert {value for row in rows for value in row} & unseen == set()
    assert page(client).context["share_of_women"] is None  # it would tell it too


def test_every_number_of_the_page_is_a_published_one(client, world, site):
    for place in range(40):
        factories.AnyProject(site=site, started_on=date(YEAR - 1 + place % 2, 3, 1), sector="G")
    made = publish()
    shown = {str(count) for *_rest, count, is_gone in made.cells if not is_gone}
    answer = page(client, langue="en")
    context = answer.context
    written = [one["written"] for one in context["numbers"]]
    for name in ("situation", "sex", "residence"):
        written += [cell for row in context[name]["table"].rows for cell in row[1:]]
    written += [row[1] for row in context["map"].table.rows]

    counts = {
        said.replace(",", "") for said in map(strip_tags, written) if "%" not in said and said not in {"hidden", "–"}
    }
    assert counts <= shown
    assert [point.value for point in context["curve"].series[0].points] == [20, 40]


def test_a_year_with_few_projects_leaves_the_curve_out_everywhere(client, site):
    for place in range(30):
        factories.AnyProject(site=site, started_on=date(YEAR - 1 if place < 4 else YEAR, 3, 1))
    made = publish()

    assert "projects_by_year" not in {row[0] for row in made.cells}
    assert page(client).context["curve"] is None


def test_the_last_year_is_shown_and_the_others_keep_their_address(client, site):
    for number in (1, 2):
        factories.AnyPublication(year=2014, number=number)
    factories.AnyPublication(year=2016, number=1)

    assert queries.published_years() == [2016, 2014]
    answer = page(client)
    assert answer.context["year"] == 2016
    assert reverse("figures:published", args=[2014]) in answer.content.decode()
    assert page(client, "figures:published", 2014).context["found"].number == 2


# -- statements -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "value", "of", "published", "holds"),
    [
        ("women", 0.46349, 19_800, 0.463, True),
        ("women", 0.46349, 2_999, 0.46, True),
        ("women", 0.46349, 299, None, None),
        ("projects", 65_412, 65_412, 65_410, True),
        ("supported", 6_612.3, 19_837, 6_610, True),
        ("advisors", 82, None, 82, True),
        ("own_funds", None, None, None, None),
    ],
)
def test_a_statement_is_published_with_the_digits_that_leave_people_in_doubt(id, value, of, published, holds):
    check = Check(BY_STATEMENT[id], value, None if value is None else True, of).as_published()
    assert (check.value, check.holds) == (published, holds)


def test_statements_are_those_of_the_publication(client, world):
    made = publish()
    kept = {one["id"]: one for one in made.summary["statements"]}
    checks = page(client).context["checks"]

    assert list(kept) == [check.statement.id for check in checks]
    assert kept["supported"]["value"] is None  # sixty people are few
    for one in queries.statements():
        assert kept[one.statement.id]["value"] == one.as_published().value


def test_a_statement_that_is_no_longer_told_is_left_out(client):
    summary = factories.AnyPublication.build().summary
    factories.AnyPublication(summary=summary | {"statements": [{"id": "gone", "value": 1, "holds": True}]})
    assert page(client).context["checks"] == ()


def test_a_year_keeps_the_meaning_that_it_was_published_with(client):
    made = factories.AnyPublication.build()
    cells = [*made.cells, ["actions_by_kind", "actions_held.total", {"kind": "*"}, 512, False]]
    factories.AnyPublication(cells=cells, summary=made.summary | {"versions": {"actions_held.total": 1}})
    shown = {one["defined"].id: one for one in page(client).context["numbers"]}

    assert shown["actions_held.total"]["defined"].version == 1
    assert strip_tags(shown["actions_held.total"]["written"]) == "512"
    assert "heads_counted" not in shown  # no table of it was published


def test_files_are_of_one_language_whoever_asks(client):
    made = factories.AnyPublication(number=1)
    for language in ("en", "fr"):
        exports.files_of_publication.cache_clear()
        answer = page(
            client, "figures:published_file", made.year, 1, "datapackage.json", headers={"accept-language": language}
        )
        assert "chiffres de 2016" in answer.json()["title"]


# -- files ------------------------------------------------------------------------------------------------------------


def test_files_are_those_that_were_written(client, world, tmp_path):
    call_command("figures", "publish", year=YEAR, output=tmp_path / "made")
    made = Publication.objects.get()
    for path in (tmp_path / "made").iterdir():
        answer = page(client, "figures:published_file", YEAR, 1, path.name)
        assert answer.content == path.read_bytes(), path.name
    cells = page(client, "figures:published_file", YEAR, 1, "cells.csv")
    assert hashlib.sha256(cells.content).hexdigest() == made.digest
    archive = page(client, "figures:published_file", YEAR, 1, f"citeslab-{made.reference}.zip")
    with zipfile.ZipFile(io.BytesIO(archive.content)) as opened:
        assert set(opened.namelist()) == {path.name for path in (tmp_path / "made").iterdir()}


def test_a_file_is_kept_a_day_and_a_made_up_one_is_not_found(client):
    factories.AnyPublication(number=1)
    answer = page(client, "figures:published_file", 2016, 1, "cells.csv")

    assert answer["Cache-Control"] == "public, max-age=86400"
    again = page(client, "figures:published_file", 2016, 1, "cells.csv", headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for number, name in ((1, "secrets.csv"), (1, "..%2fcells.csv"), (2, "cells.csv")):
        assert client.get(f"/reperes/2016/{number}/{name}").status_code == 404


# -- the wire ---------------------------------------------------------------------------------------------------------


def test_it_sets_no_cookie_asks_no_script_and_nobody_else(client, world):
    publish()
    for name, args in (("figures:public", ()), ("figures:published", (YEAR,)), ("figures:published_definitions", ())):
        answer = page(client, name, *args)
        said = answer.content.decode()
        assert answer.cookies == {}
        assert answer["Cache-Control"] == "public, max-age=60"
        assert "<script" not in said
        assert "csrfmiddlewaretoken" not in said
        # Its own addresses in each language are told, and asked by nobody who reads it.
        told = re.sub(r'<link rel="(?:canonical|alternate)"[^>]*>', "", said)
        asked = re.findall(r'<(?:link|img|iframe|source|use)\b[^>]*?(?:href|src)="([^"]*)"', told)
        assert asked
        assert [one for one in asked if not one.startswith("/static/")] == []
        again = page(client, name, *args, headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(("taken", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_it_is_compressed_for_who_takes_it(client, taken, unpack):
    factories.AnyPublication()
    plain, small = page(client), page(client, headers={"accept-encoding": taken})
    assert (small["Content-Encoding"], unpack(small.content)) == (taken, plain.content)


def test_it_costs_the_same_for_one_year_or_many(client, django_assert_num_queries):
    factories.AnyDepartment(code="25")
    factories.AnyPublication(year=2016)
    page(client)
    # the years, the last publication, names of departments; is it the demonstration?
    with django_assert_num_queries(4) as once:
        page(client)
    for year in range(2003, 2016):
        factories.AnyPublication(year=year)
    with django_assert_num_queries(len(once)):
        page(client)


def test_who_is_signed_in_is_served_a_page_of_her_own(client, advisor):
    client.force_login(advisor)
    assert "no-store" in page(client)["Cache-Control"]


@pytest.mark.parametrize(("language", "said"), [("fr", "Le réseau en chiffres"), ("en", "The network in figures")])
def test_the_address_may_say_the_language(client, language, said):
    factories.AnyPublication()
    other = {"fr": "en", "en": "fr"}[language]
    answer = page(client, headers={"accept-language": other}, langue=language).content.decode()
    assert f'<html lang="{language}">' in answer
    assert said in answer
    assert f'href="/reperes/?langue={other}"' in answer
    assert f'href="/reperes/definitions/?langue={language}' in answer


def test_the_definitions_say_each_indicator_with_its_version(client):
    said = page(client, "figures:published_definitions", langue="en").content.decode()
    for one in INDICATORS:
        assert f"<code>{one.id}</code>, version {one.version} since" in said, one.id
    assert str(BY_ID["actions_held.total"].changed).replace("'", "&#x27;") in said


def test_the_sign_in_page_leads_to_it(client):
    assert f'href="{reverse("figures:public")}"' in client.get(reverse("accounts:sign_in")).content.decode()


def test_datetime_of_the_publication_is_that_of_paris(client):
    factories.AnyPublication(made_at=datetime(2017, 12, 31, 23, 30, tzinfo=UTC))
    assert page(client).context["made_on"] == date(2018, 1, 1)
