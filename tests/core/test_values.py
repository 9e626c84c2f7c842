import pytest

from citeslab.core.values import folded, is_siret, sort_key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Étapes  DÉBUT ", "etapes debut"),
        ("Cœur d’Orly", "coeur d'orly"),
        ("Référence\n", "reference"),
        ("Yılmaz", "yılmaz"),
    ],
)
def test_folded_forgets_accents_case_and_doubled_spaces(text, expected):
    assert folded(text) == expected


def test_sort_key_reads_hyphens_and_apostrophes_as_spaces():
    assert sort_key("N'Diaye", "Marie-Ève") == "n diaye marie eve"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("73282932000074", True),
        ("73282932000075", False),
        ("7328293200007", False),
        ("35600000000048", True),  # La Poste, its seat
        ("35600000049837", True),  # one of its offices: the digits sum to a multiple of five
        ("35600000049838", False),
        ("7328293200007A", False),
        ("", False),
    ],
)
def test_a_siret_is_known_by_its_key(number, expected):
    assert is_siret(number) is expected
