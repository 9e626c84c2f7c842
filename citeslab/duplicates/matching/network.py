"""The whole network compared with itself, by Splink in DuckDB, with the levels and weights of `model`.

Names stay in this process's memory: DuckDB is given no file to spill to.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa
from splink import DuckDBAPI, Linker, SettingsCreator

from citeslab.duplicates.enums import Band, Level, Trait
from citeslab.duplicates.matching import model
from citeslab.duplicates.matching.model import Traits

MEMORY = "2GB"
THREADS = 2

# How each level is asked in SQL, in the order of `model.levels`; what none of them takes is OTHER.
FIRST, FAMILY = "first_name", "family_name"


def near(one: str, other: str) -> str:
    shorter = f"least(length({one}), length({other}))"
    allowed = f"CASE WHEN {shorter} < {model.TWO_SLIPS_FROM} THEN 1 ELSE 2 END"
    return f"({shorter} >= {model.NEAR_FROM} AND damerau_levenshtein({one}, {other}) <= {allowed})"


def part(one: str, other: str) -> str:
    both = f"len({one}) > 0 AND len({other}) > 0"
    return f"({both} AND (list_has_all({one}, {other}) OR list_has_all({other}, {one})))"


def turned(first: str, its_family: str, other: str, others_family: str) -> str:
    return f"({near(first, others_family)} AND {near(its_family, other)})"


TURNED = turned(f"{FIRST}_l", f"{FAMILY}_l", f"{FIRST}_r", f"{FAMILY}_r")
LEVELS: dict[Trait, tuple[str, dict[Level, str]]] = {
    Trait.FIRST: (
        FIRST,
        {
            Level.SAME: f"{FIRST}_l = {FIRST}_r",
            Level.TURNED: f"(whole_l = whole_r OR {TURNED})",
            Level.PART: part(f"{FIRST}_parts_l", f"{FIRST}_parts_r"),
            Level.NEAR: near(f"{FIRST}_l", f"{FIRST}_r"),
        },
    ),
    Trait.FAMILY: (
        FAMILY,
        {
            Level.SAME: f"{FAMILY}_l = {FAMILY}_r",
            Level.TURNED: f"{FIRST}_l <> {FIRST}_r AND (whole_l = whole_r OR {TURNED})",
            Level.PART: part(f"{FAMILY}_parts_l", f"{FAMILY}_parts_r"),
            Level.NEAR: near(f"{FAMILY}_l", f"{FAMILY}_r"),
        },
    ),
    Trait.BORN: (
        "born",
        {
            Level.SAME: "born_l = born_r",
            Level.TURNED: "born_turned_l = born_r",
            Level.NEAR: "damerau_levenshtein(born_l, born_r) <= 1",
            Level.YEAR: "born_year_l = born_year_r",
        },
    ),
    Trait.PHONE: ("phone", {Level.SAME: "phone_l = phone_r"}),
    Trait.EMAIL: ("email", {Level.SAME: "email_l = email_r"}),
    Trait.PLACE: ("place", {Level.SAME: "place_l = place_r"}),
    Trait.SEX: ("sex", {Level.SAME: "sex_l = sex_r"}),
}

AGREEING_FIRST_NAMES = " OR ".join(
    [
        f"(l.{FIRST} = r.{FIRST}",
        near(f"l.{FIRST}", f"r.{FIRST}"),
        part(f"l.{FIRST}_parts", f"r.{FIRST}_parts"),
        turned(f"l.{FIRST}", f"l.{FAMILY}", f"r.{FIRST}", f"r.{FAMILY}") + ")",
    ]
)
# Which pairs are compared: each rule takes few, and all want first names that agree. Told in docs/domain/duplicates.md.
BLOCKS = [
    "l.whole = r.whole",
    f"l.born = r.born AND l.first_letter = r.first_letter AND {AGREEING_FIRST_NAMES}",
    f"l.born = r.born AND l.first_letter = r.family_letter AND {AGREEING_FIRST_NAMES}",
    f"l.born = r.born AND l.family_letter = r.first_letter AND {AGREEING_FIRST_NAMES}",
    f"l.born = r.born AND l.family_letter = r.family_letter AND {AGREEING_FIRST_NAMES}",
    f"l.born = r.born_turned AND {AGREEING_FIRST_NAMES}",
    f"l.phone = r.phone AND {AGREEING_FIRST_NAMES}",
    f"l.email = r.email AND {AGREEING_FIRST_NAMES}",
    f"l.family_start = r.family_start AND l.born_year = r.born_year AND {AGREEING_FIRST_NAMES}",
]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two files, the smaller key first, and what was found."""

    first: int
    second: int
    bits: float
    band: Band
    evidence: list[str]


def compared(people: Sequence[Traits]) -> Iterator[Pair]:
    """Every pair worth a look, in no order."""
    connection = duckdb.connect(":memory:")
    try:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(f"SET threads = {THREADS}")
        connection.execute("SET temp_directory = ''")
        connection.register("files", table(people))
        connection.execute("CREATE TABLE people AS SELECT * FROM files")
        connection.unregister("files")
        database = DuckDBAPI(connection=connection)
        linker = Linker(database.register("people"), settings(), log_level="ERROR")
        for trait, known in model.shares(people).items():
            column = LEVELS[trait][0]
            linker.table_management.register_term_frequency_lookup(database.register(shares(column, known)), column)
        found = linker.inference.predict(threshold_match_weight=model.POSSIBLE_FROM, warning_mode="never").physical_name
        columns = ", ".join(f"gamma_{column}" for column, _levels in LEVELS.values())
        answer = connection.execute(f"SELECT unique_id_l, unique_id_r, match_weight, {columns} FROM {found}")
        while rows := answer.fetchmany(10_000):
            yield from (pair for row in rows if (pair := read(*row)))
    finally:
        connection.close()


def read(one: int, other: int, weight: float, *gammas: int) -> Pair | None:
    levels = {
        trait: level_of(gamma, [*asked, Level.OTHER])
        for (trait, (_column, asked)), gamma in zip(LEVELS.items(), gammas, strict=True)
    }
    band = model.band(levels, weight)
    if band is None:
        return None
    return Pair(min(one, other), max(one, other), weight, band, model.evidence(levels))


def level_of(gamma: int, asked: list[Level]) -> Level:
    """Splink numbers levels from the last, 0, to the first; -1 is "not known"."""
    return Level.UNKNOWN if gamma < 0 else asked[len(asked) - 1 - gamma]


def settings() -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        probability_two_random_records_match=2**model.PRIOR_BITS / (1 + 2**model.PRIOR_BITS),
        comparisons=[comparison(trait, column, asked) for trait, (column, asked) in LEVELS.items()],
        blocking_rules_to_generate_predictions=[{"blocking_rule": rule, "sql_dialect": "duckdb"} for rule in BLOCKS],
        retain_matching_columns=True,
    )


def comparison(trait: Trait, column: str, asked: dict[Level, str]) -> dict:
    levels: list[dict] = [
        {
            "sql_condition": f"{column}_l IS NULL OR {column}_r IS NULL",
            "label_for_charts": Level.UNKNOWN.value,
            "is_null_level": True,
        }
    ]
    for level, condition in [*asked.items(), (Level.OTHER, "ELSE")]:
        m, u = model.WEIGHTS[trait][level]
        said = {
            "sql_condition": condition,
            "label_for_charts": level.value,
            "m_probability": m,
            "u_probability": u,
        }
        if trait in model.UNSEEN and level == Level.SAME:
            said |= {"tf_adjustment_column": column, "tf_adjustment_weight": 1.0}
        levels.append(said)
    return {"output_column_name": column, "comparison_levels": levels}


def table(people: Sequence[Traits]) -> pa.Table:
    """The files in columns; empty text becomes "not known", and so does what too many people share."""
    phones, emails = Counter(one.phone for one in people), Counter(one.email for one in people)
    text = pa.string()

    def column(values) -> pa.Array:
        return pa.array([value or None for value in values], text)

    return pa.table(
        {
            "unique_id": pa.array([one.key for one in people], pa.int64()),
            FIRST: column(one.first for one in people),
            FAMILY: column(one.family for one in people),
            f"{FIRST}_parts": pa.array([sorted(one.first_parts) for one in people], pa.list_(text)),
            f"{FAMILY}_parts": pa.array([sorted(one.family_parts) for one in people], pa.list_(text)),
            "whole": column(one.whole for one in people),
            "first_letter": column(one.first[:1] for one in people),
            "family_letter": column(one.family[:1] for one in people),
            "family_start": column(one.family[:4] for one in people),
            "born": column(one.born for one in people),
            "born_turned": column(one.born_turned for one in people),
            "born_year": column(one.born[:4] for one in people),
            "phone": column(one.phone if phones[one.phone] <= model.MANY else "" for one in people),
            "email": column(one.email if emails[one.email] <= model.MANY else "" for one in people),
            "place": column(one.place for one in people),
            "sex": column(one.sex for one in people),
        }
    )


def shares(column: str, known: dict[str, float]) -> pa.Table:
    return pa.table(
        {column: pa.array(list(known), pa.string()), f"tf_{column}": pa.array(list(known.values()), pa.float64())}
    )
