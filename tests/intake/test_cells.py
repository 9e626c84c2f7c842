"""One cell at a time: habits accepted, and only what would be wrong refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeslab.intake import values
from citeslab.intake.rules import cells
from citeslab.intake.rules.cells import Bad

TODAY = date(2026, 11, 20)


def refusal(reader, *args, **options) -> str:
    with pytest.raises(Bad) as bad:
        reader(*args, **options)
    return bad.value.code


def answer(reader, *args):
    """The value, or the code of the refusal."""
    try:
        return reader(*args)
    except Bad as bad:
        return bad.code


@given(st.dates(min_value=date(1900, 1, 1)))
def test_a_day_is_read_back_from_each_of_its_forms(day):
    forms = [
        day.isoformat(),
        f"{day:%Y-%m-%d} 00:00:00",
        f"{day:%d/%m/%Y}",
        f"{day.day}/{day.month}/{day.year}",
        f" {day:%d.%m.%Y} ",
        f"{day:%d-%m-%Y}",
    ]
    if day.year >= 1000:
        assert [cells.day(form) for form in forms] == [day] * len(forms)


@given(st.text(max_size=40))
def test_any_text_is_a_day_nothing_or_a_refusal(text):
    found = answer(cells.day, text)

    assert found is None or isinstance(found, date) or found in NO_DAY


NO_DAY = {"not_a_day", "no_such_day", "short_year", "unreadable_character", "too_long"}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("29/02/2023", "no_such_day"),
        ("31/04/2024", "no_such_day"),
        ("00/01/2024", "no_such_day"),
        ("2024-13-01", "no_such_day"),
        ("31/12/24", "short_year"),
        ("45312", "not_a_day"),
        ("demain", "not_a_day"),
        ("12/2024", "not_a_day"),
    ],
)
def test_what_is_no_day_says_why(said, code):
    assert refusal(cells.day, said) == code


def test_births_go_from_1900_to_today():
    assert cells.birth("20/11/2026", today=TODAY) == TODAY
    assert cells.birth("", today=TODAY) is None
    assert refusal(cells.birth, "21/11/2026", today=TODAY) == "future"
    assert refusal(cells.birth, "31/12/1899", today=TODAY) == "too_early"


def test_an_act_is_neither_to_come_nor_before_any_workbook():
    assert cells.act("20/11/2026", today=TODAY) == TODAY
    assert refusal(cells.act, "", today=TODAY) == "required"
    assert refusal(cells.act, "21/11/2026", today=TODAY) == "future"
    assert cells.act("21/11/2026", today=TODAY, may_come=True) == date(2026, 11, 21)
    assert refusal(cells.act, "31/12/0201", today=TODAY) == "too_early"


@pytest.mark.parametrize(
    ("said", "sex"),
    [("F", "WOMAN"), ("femme", "WOMAN"), ("MME", "WOMAN"), ("Mme", "WOMAN"), ("Féminin", "WOMAN")]
    + [
        ("h", "MAN"),
        ("Homme", "MAN"),
        ("M.", "MAN"),
        ("M", "MAN"),
        ("NC", "UNKNOWN"),
        ("", "UNKNOWN"),
        (" ", "UNKNOWN"),
    ],
)
def test_each_habit_for_sex_is_understood(said, sex):
    assert cells.word(said, values.SEXES) == sex


@given(st.text(max_size=20))
def test_any_text_is_one_of_three_answers_for_sex_or_a_refusal(text):
    assert answer(cells.word, text, values.SEXES) in {"WOMAN", "MAN", "UNKNOWN", "unknown_word", "unreadable_character"}


def test_every_word_is_of_the_room_that_keeps_it():
    """The tables of words give values that the models accept, and all of them."""
    from citeslab.followup.enums import ExitReason, Nature, Stage
    from citeslab.people.enums import Sex
    from citeslab.workshops.enums import Kind

    assert set(values.SEXES) == set(Sex.values)
    assert set(values.NATURES) == set(Nature.values)
    assert set(values.STAGE_WORDS) == set(Stage.values)
    assert set(values.EXIT_REASONS) == set(ExitReason.values)
    assert set(values.KINDS) == set(Kind.values)


@pytest.mark.parametrize(
    "said", ["06 12 34 56 78", "06.12.34.56.78", "0612345678", "612345678", "+33 6 12 34 56 78", "0033612345678"]
)
def test_each_french_form_of_a_phone_number_is_one_number(said):
    assert cells.phone(said) == ("+33612345678", True)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("0692 12 34 56", "+262692123456"),
        ("0690 12 34 56", "+590690123456"),
        ("0694 20 12 34", "+594694201234"),
        ("0696 20 12 34", "+596696201234"),
        ("0639 09 12 34", "+262639091234"),
        ("+689 87 12 34 56", "+68987123456"),
    ],
)
def test_numbers_of_overseas_get_their_own_country_code(said, number):
    assert cells.phone(said) == (number, True)


@pytest.mark.parametrize("said", ["pas de téléphone", "06 12", "voir sa soeur"])
def test_a_phone_that_is_not_understood_is_kept_as_written(said):
    assert cells.phone(said) == (said, False)


@given(st.text(alphabet="0123456789 .+-()/x", max_size=32))
def test_any_digits_are_a_phone_or_kept_as_written(text):
    number, is_understood = cells.phone(text)

    assert number.startswith("+") if is_understood and number else number == " ".join(text.split())


@pytest.mark.parametrize(
    ("raw", "tidy"),
    [
        ("  Élodie   Marie ", "Élodie Marie"),
        ("E\u0301lodie", "Élodie"),
        ("N\u2019Diaye\u200b", "N\u2019Diaye"),
        ("\u202bليلى\u202c", "ليلى"),
        ("12\u00a0rue\ndu\tBac", "12 rue du Bac"),
    ],
)
def test_text_is_tidied(raw, tidy):
    assert cells.text(raw, most=200) == tidy


@pytest.mark.parametrize("raw", ["a\0b", "a\x07b", f"a{chr(0xD800)}b", "a\ufffdb"])
def test_a_character_that_no_one_can_read_is_refused(raw):
    assert refusal(cells.text, raw, most=200) == "unreadable_character"


def test_a_name_of_five_thousand_letters_is_refused():
    assert refusal(cells.text, "a" * 5_000, most=200) == "too_long"


@pytest.mark.parametrize(
    ("said", "minutes"), [("45", 45), ("45 min", 45), ("1h30", 90), ("1 h", 60), ("", None), ("0", 0)]
)
def test_durations(said, minutes):
    assert cells.minutes(said) == minutes


@pytest.mark.parametrize(
    ("said", "code"),
    [("-30", "negative"), ("1441", "out_of_range"), ("longue", "not_a_duration"), ("1e9", "not_a_duration")],
)
def test_durations_that_are_not(said, code):
    assert refusal(cells.minutes, said) == code


@pytest.mark.parametrize(
    ("said", "code"),
    [("482.5", "out_of_range"), ("est", "not_a_number"), ("1e400", "not_a_number"), ("nan", "not_a_number")],
)
def test_coordinates_that_are_not(said, code):
    assert refusal(cells.degrees, said, most=90) == code


def test_coordinates_may_have_a_comma():
    assert cells.degrees("48,8534", most=90) == 48.8534


@pytest.mark.parametrize(("said", "section"), [("c", "C"), ("C - Industrie", "C"), ("", "")])
def test_sections_of_the_activity_code(said, section):
    assert cells.section(said) == section


def test_an_unknown_section_is_refused():
    assert refusal(cells.section, "Z") == "unknown_word"


def test_references_in_a_list_are_said_once():
    assert cells.references("P1; P2 ;;P1") == ("P1", "P2")
