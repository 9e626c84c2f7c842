import pytest

from citeslab.core.values import folded, sort_key


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
