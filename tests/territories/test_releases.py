"""Official files: what is read, what is refused, and that a refusal changes nothing."""

import gzip
import io
import json
import zipfile
from datetime import date

import pytest
import shapely
from django.core.management import CommandError, call_command

from citeslab.audit.models import Entry
from citeslab.territories import queries
from citeslab.territories.enums import Answer, Edition
from citeslab.territories.models import QPV, Commune, Department, Release
from tests.territories.test_location import drawn, in_2024

pytestmark = pytest.mark.django_db
SQUARE = shapely.box(6.0, 47.2, 6.01, 47.21)


@pytest.fixture(autouse=True)
def _forget():
    queries.forget()
    yield
    queries.forget()


def load(path, *options, edition=2024, release="2026-01-15"):
    call_command("qpv", "load", str(path), "--edition", str(edition), "--release", release, *options)


def refused(path, match, **more):
    with pytest.raises(CommandError, match=match) as refusal:
        load(path, **more)
    assert refusal.value.returncode == 2
    assert not QPV.objects.exists()
    assert not Entry.objects.filter(action="territories.release.loaded").exists()


@pytest.mark.shared_data
def test_the_official_file_is_read_whole_and_repaired(shared_data):
    load(shared_data / "qpv/qpv2024_2026-01.geojson.gz")

    release = Release.objects.get()
    assert (release.qpv_count, release.repaired_count) == (1584, 586)
    outlines = shapely.from_wkb([bytes(row) for row in QPV.objects.values_list("outline", flat=True)])
    assert shapely.is_valid(outlines).all()
    assert set(shapely.get_type_id(outlines)) <= {3, 6}
    assert QPV.objects.get(code="QN00101M").commune_codes == ["01053"]


@pytest.mark.shared_data
def test_the_2015_files_are_read_under_their_own_names(shared_data):
    load(shared_data / "qpv/qpv2015_occitanie.geojson", edition=2015, release="2015-01-01")

    assert QPV.objects.count() == 105
    assert QPV.objects.get(code="QP066007").name == "Bas-Vernet Nouveau QPV"
    assert QPV.objects.get(code="QP066007").department_code == "66"


@pytest.mark.parametrize("form", ["plain", "gz", "zip"])
def test_each_form_of_the_file_gives_the_same(tmp_path, form):
    plain = drawn(tmp_path, SQUARE)
    path = tmp_path / f"file.{form}"
    if form == "plain":
        path = plain
    elif form == "gz":
        path.write_bytes(gzip.compress(plain.read_bytes()))
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("lisez-moi.txt", "x")
            archive.writestr("GEOJSON/QP2024_France_Hexagonale_Outre_Mer_WGS84.geojson", plain.read_bytes())
    load(path)

    assert in_2024(6.005, 47.205).answer == Answer.IN


def test_the_same_file_again_changes_nothing(tmp_path):
    path = drawn(tmp_path, SQUARE)
    load(path)
    before = list(QPV.objects.values_list("pk", flat=True))
    load(path)

    assert list(QPV.objects.values_list("pk", flat=True)) == before
    assert Entry.objects.filter(action="territories.release.loaded").count() == 1


def test_another_file_for_the_same_day_is_refused(tmp_path):
    load(drawn(tmp_path, SQUARE))
    other = drawn(tmp_path, shapely.box(6.1, 47.2, 6.11, 47.21), name="other.geojson")

    with pytest.raises(CommandError, match="already loaded as the release of 2026-01-15"):
        load(other)
    assert in_2024(6.005, 47.205).answer == Answer.IN


def test_releases_stay_side_by_side_and_the_last_published_answers(tmp_path):
    load(drawn(tmp_path, SQUARE), release="2026-01-15")
    load(drawn(tmp_path, shapely.box(6.1, 47.2, 6.11, 47.21), name="b.geojson"), release="2025-10-01")

    assert Release.objects.count() == 2
    assert in_2024(6.005, 47.205).answer == Answer.IN  # loaded first, published last

    load(drawn(tmp_path, shapely.box(6.2, 47.2, 6.21, 47.21), name="c.geojson"), release="2026-06-01")
    assert in_2024(6.005, 47.205).answer == Answer.OUT
    assert in_2024(6.205, 47.205).released_on == date(2026, 6, 1)


@pytest.mark.shared_data
@pytest.mark.parametrize("keep", [0.3, 0.999])
def test_a_truncated_official_file_is_refused(shared_data, tmp_path, keep):
    whole = (shared_data / "qpv/qpv2024_2026-01.geojson.gz").read_bytes()
    cut = tmp_path / "cut.geojson.gz"
    cut.write_bytes(whole[: int(len(whole) * keep)])
    refused(cut, "cut or damaged")

    text = gzip.decompress(whole)
    cut.write_bytes(text[: int(len(text) * keep)])
    refused(cut, "not whole JSON")


def test_far_fewer_qpv_than_the_last_release_is_refused_unless_said(tmp_path):
    many = drawn(tmp_path, *[shapely.box(6 + k / 50, 47.2, 6 + k / 50 + 0.01, 47.21) for k in range(10)])
    few = drawn(tmp_path, SQUARE, name="few.geojson")
    load(many)

    with pytest.raises(CommandError, match="--fewer"):
        load(few, release="2026-06-01")
    assert Release.objects.count() == 1
    load(few, "--fewer", release="2026-06-01")
    assert Release.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "not whole JSON"),
        (b"\x00\xff", "not whole JSON"),
        (b"[]", "not a GeoJSON FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": []}', "holds no QPV"),
        (b'{"type": "FeatureCollection", "features": [3]}', "no properties"),
        (b"[" * 100_000, "not whole JSON"),
        (b"PK\x03\x04 and no more", "cut or damaged"),
    ],
)
def test_what_is_not_the_file_is_refused(tmp_path, content, match):
    path = tmp_path / "file.geojson"
    path.write_bytes(content)
    refused(path, match)


def test_a_zip_without_geojson_is_refused(tmp_path):
    path = tmp_path / "file.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("qp.shp", "x")
    refused(path, "holds no .geojson")


def test_a_zip_with_a_password_is_refused(tmp_path):
    path = tmp_path / "file.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("qp.geojson", drawn(tmp_path, SQUARE).read_bytes())
    content = bytearray(path.read_bytes())
    content[6] |= 1  # the flag of an encrypted member, in its own heading...
    content[content.index(b"PK\x01\x02") + 8] |= 1  # ...and in the list of members
    path.write_bytes(content)
    refused(path, "password")


def test_a_bomb_is_refused_while_it_inflates(tmp_path, monkeypatch):
    monkeypatch.setattr("citeslab.territories.readers.LARGEST_INFLATED", 1_000_000)
    path = tmp_path / "file.geojson.gz"
    path.write_bytes(gzip.compress(b" " * 5_000_000))
    refused(path, "inflates to more than")


def test_a_projected_file_is_refused_with_the_reason(tmp_path):
    refused(drawn(tmp_path, shapely.box(870_000, 6_569_000, 870_100, 6_569_100)), "not a projected one")


@pytest.mark.parametrize(
    ("codes", "match"),
    [(["QP025001"], "is of the 2015 edition"), (["QN1"], "is not a code"), ([""], "is not a code")],
)
def test_codes_tell_the_edition(tmp_path, codes, match):
    refused(drawn(tmp_path, SQUARE, codes=codes), match)


def test_swapped_coordinates_are_refused(tmp_path):
    refused(drawn(tmp_path, shapely.box(47.2, 6.0, 47.21, 6.01)), "outside France.*swapped")


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        3,
        [],
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[["a", 1], [2, 3]]]},
        {"type": "Polygon", "coordinates": [[[6, 47.2], [6.1, 47.2]]]},
        {"type": "Polygon", "coordinates": [[[6, 47.2], [6.1, 47.2], [6, 47.2], [6, 47.2]]]},
        {"type": "Polygon", "coordinates": [[[float("nan"), 47.2], [6.1, 47.2], [6, 47.3], [float("nan"), 47.2]]]},
    ],
)
def test_an_odd_outline_is_refused(tmp_path, geometry):
    path = drawn(tmp_path, SQUARE)
    document = json.loads(path.read_text())
    document["features"][0]["geometry"] = geometry
    path.write_text(json.dumps(document))
    refused(path, "QN02500M")


def test_names_lose_what_a_database_cannot_hold(tmp_path):
    path = drawn(tmp_path, SQUARE)
    document = json.loads(path.read_text())
    document["features"][0]["properties"]["lib_qp"] = " Les\x00 \ud800Planches\n"
    path.write_text(json.dumps(document))
    load(path)

    assert QPV.objects.get().name == "Les Planches"


def test_heights_are_left_out(tmp_path):
    load(drawn(tmp_path, shapely.Polygon([(6.0, 47.2, 9), (6.01, 47.2, 9), (6.01, 47.21, 9), (6.0, 47.21, 9)])))

    assert not shapely.from_wkb(bytes(QPV.objects.get().outline)).has_z
    assert in_2024(6.005, 47.205).answer == Answer.IN


def test_a_code_twice_is_refused(tmp_path):
    refused(drawn(tmp_path, SQUARE, SQUARE, codes=["QN02501M", "QN02501M"]), "stands twice")


def test_a_feature_without_a_polygon_is_refused(tmp_path):
    refused(drawn(tmp_path, shapely.Point(6, 47)), "has no polygon")


def locate_file(tmp_path, text, *options):
    path = tmp_path / "places.csv"
    path.write_text(text, encoding="utf-8")
    out = tmp_path / "answers.csv"
    call_command("qpv", "locate", str(path), "--output", str(out), *options)
    return out.read_text()


def test_locate_keeps_each_column_and_adds_the_answers(tmp_path):
    load(drawn(tmp_path, SQUARE))
    text = "\ufeffid;Longitude;note;LATITUDE\n1;6,005;é;47.205\n2;;;\n3;abc;x;1e400\n4;6.5;;47.2\n5\n"

    lines = locate_file(tmp_path, text, "--on", "2026-05-01").splitlines()

    assert lines[0] == "id;Longitude;note;LATITUDE;qpv_answer;qpv_code;qpv_edition;qpv_release;border_m"
    assert lines[1].startswith("1;6,005;é;47.205;in;QN02500M;2024;2026-01-15;")
    assert lines[2] == "2;;;;not_located;;;;"
    assert lines[3] == "3;abc;x;1e400;not_located;;;;"
    assert lines[4].startswith("4;6.5;;47.2;out;;2024;2026-01-15;")
    assert lines[5] == "5;;;;not_located;;;;"


def test_locate_reads_each_place_in_its_edition(tmp_path):
    load(drawn(tmp_path, SQUARE, codes=["QP025001"]), edition=2015, release="2015-01-01")
    load(drawn(tmp_path, SQUARE, name="new.geojson"))

    text = "longitude,latitude\n6.005,47.205\n"
    assert "QP025001,2015" in locate_file(tmp_path, text, "--on", "2023-12-31")
    assert "QN02500M,2024" in locate_file(tmp_path, text, "--on", "2024-01-01")


@pytest.mark.parametrize("text", ["lon,lat\n1,2\n", "", "\n\n"])
def test_locate_refuses_a_file_without_coordinates_and_writes_nothing(tmp_path, text):
    load(drawn(tmp_path, SQUARE))
    with pytest.raises(CommandError, match="has no column"):
        locate_file(tmp_path, text)
    assert not (tmp_path / "answers.csv").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".answers")] == []


def test_locate_passes_over_blank_lines_and_empty_extra_cells(tmp_path):
    load(drawn(tmp_path, SQUARE))
    lines = locate_file(tmp_path, "longitude,latitude\n\n6.005,47.205,,\n\n", "--on", "2026-05-01").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("6.005,47.205,in,QN02500M,2024,")


def test_locate_refuses_a_line_wider_than_its_heading(tmp_path):
    load(drawn(tmp_path, SQUARE))
    with pytest.raises(CommandError, match="Line 3 has more values") as refusal:
        locate_file(tmp_path, "longitude,latitude\n6.005,47.205\n6,005,47,205\n")
    assert refusal.value.returncode == 2
    assert not (tmp_path / "answers.csv").exists()


def test_locate_says_when_the_edition_in_force_is_not_loaded(tmp_path, capsys):
    load(drawn(tmp_path, SQUARE))
    assert "not_located" in locate_file(tmp_path, "longitude,latitude\n6.005,47.205\n", "--on", "2020-01-01")
    assert "1 places are not located" in capsys.readouterr().err


def test_locate_without_any_release_says_what_to_run(tmp_path):
    with pytest.raises(CommandError, match="^No QPV file is loaded. Run: ") as refusal:
        locate_file(tmp_path, "longitude,latitude\n6.005,47.205\n")
    assert refusal.value.returncode == 2


def test_locate_refuses_an_output_that_cannot_be_written(tmp_path):
    load(drawn(tmp_path, SQUARE))
    path = tmp_path / "places.csv"
    path.write_text("longitude,latitude\n6.005,47.205\n")
    for output in (tmp_path / "none" / "answers.csv", tmp_path):
        with pytest.raises(CommandError, match="No such file|Is a directory") as refusal:
            call_command("qpv", "locate", str(path), "--output", str(output))
        assert refusal.value.returncode == 2


def test_locate_writes_to_standard_output_by_default(tmp_path, capsys):
    load(drawn(tmp_path, SQUARE))
    path = tmp_path / "places.csv"
    path.write_text("longitude,latitude\n6.005,47.205\n")

    call_command("qpv", "locate", str(path))

    out = list(io.StringIO(capsys.readouterr().out))
    assert len(out) == 2
    assert ",in,QN02500M,2024," in out[1]


@pytest.mark.shared_data
def test_communes_come_from_the_csv_with_their_departments(shared_data):
    path = str(shared_data / "communes/communes_2026.csv")
    call_command("communes", "load", path)
    call_command("communes", "load", path)

    besancon = Commune.objects.get(code="25056")
    assert (besancon.name, besancon.sort_key, besancon.department_id) == ("Besançon", "besancon", "25")
    assert "25000" in besancon.postal_codes
    assert Commune.objects.count() == 35_014
    assert Department.objects.filter(code__in=["2A", "974", "93"]).count() == 3


def test_communes_come_from_the_package(db):
    call_command("communes", "load")

    assert Commune.objects.get(code="25056").name == "Besançon"
    assert Department.objects.get(code="974").name == "La Réunion"
    assert Commune.objects.current().count() > 34_000


def test_a_cut_list_of_communes_is_refused(tmp_path):
    path = tmp_path / "communes.csv"
    path.write_text("code,nom,type,departement\n01001,X,commune-actuelle,01\n")
    with pytest.raises(CommandError, match="it is cut"):
        call_command("communes", "load", str(path))
    assert not Commune.objects.exists()
    path.write_text(json.dumps([]))
    with pytest.raises(CommandError, match="lacks the columns"):
        call_command("communes", "load", str(path))


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("c.csv", b"code,nom,type,departement\n01001,X,hamlet,01\n", "hamlet"),
        ("c.csv", b"code,nom,type,departement,population\n01001,X,commune-actuelle,01,many\n", "many"),
        ("c.csv", b"\xff\xfe", "invalid start byte"),
        ("c.json", b'{"a"', "Expecting"),
        ("c.json", b"[3]", "TypeError"),
    ],
)
def test_what_does_not_list_communes_is_refused(tmp_path, name, content, match):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CommandError, match=match) as refusal:
        call_command("communes", "load", str(path))
    assert refusal.value.returncode == 2
    assert not Commune.objects.exists()


def test_editions_are_those_of_the_law():
    assert [int(edition) for edition in Edition] == [2015, 2024]
