"""Everyone compared with everyone, at the size of the network; and one file, as it is typed."""

import os
import resource
import shutil
import statistics
import sys
import time
from collections.abc import Iterator

from bench import Measure
from bench.crowd import Crowd, crowd
from bench.home import HOME, citeslab

SCRATCH = HOME.with_name(f"{HOME.name}-duplicates")
PEOPLE = 65_000
SITES = 75
TYPED = 200


def measures() -> Iterator[Measure]:
    shutil.rmtree(SCRATCH, ignore_errors=True)
    citeslab("migrate", home=SCRATCH)
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {"CITESLAB_HOME": str(SCRATCH), "DJANGO_SETTINGS_MODULE": "config.settings"}
    import django

    django.setup()
    made = crowd(PEOPLE)
    keys = written(made)
    yield from network(made, keys)
    yield from one_file(keys)


def written(made: Crowd) -> list[int]:
    """The crowd in the database, over the sites of the network; gives the key of each place."""
    from django.db import connection
    from django.utils import timezone

    from citeslab.accounts.services import command_line_user
    from citeslab.core.values import sort_key
    from citeslab.network.models import HostOrganization, Site
    from citeslab.people.models import Person, Residence

    at = timezone.now()
    by = command_line_user(at=at)
    host = HostOrganization.objects.create(name="Bench")
    sites = [
        Site.objects.create(code=f"B{n}", name=f"Bench {n}", sort_key=f"bench {n}", organization=host, opened_on=at)
        for n in range(SITES)
    ]
    people = Person.objects.bulk_create(
        [
            Person(
                site=sites[place % SITES],
                first_name=one.first_name,
                preferred_name=one.preferred_name,
                sort_key=sort_key(one.preferred_name, one.first_name),
                born_on=one.born_on,
                phone=one.phone,
                email=one.email,
                sex=one.sex or "UNKNOWN",
                recorded_at=at,
                recorded_by=by,
            )
            for place, one in enumerate(made.files)
        ],
        batch_size=5_000,
    )
    Residence.objects.bulk_create(
        [
            Residence(person=person, postal_code=one.place, recorded_at=at, recorded_by=by)
            for person, one in zip(people, made.files, strict=True)
        ],
        batch_size=5_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [person.pk for person in people]


def network(made: Crowd, keys: list[int]) -> Iterator[Measure]:
    from django.utils import timezone

    from citeslab.accounts.services import command_line_user
    from citeslab.duplicates.enums import Band
    from citeslab.duplicates.models import Likeness
    from citeslab.duplicates.services import finding
    from citeslab.people.models import Person

    at = timezone.now()
    by = command_line_user(at=at)
    start = time.perf_counter()
    finding.find(by=by, at=at)
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    place = {key: place for place, key in enumerate(keys)}
    found = {
        (place[first], place[second]): band
        for first, second, band in Likeness.objects.values_list("first", "second", "band")
    }
    sure = {pair for pair, band in found.items() if band == Band.SAME}
    truth = made.true_pairs
    right = len(truth & found.keys())
    precision, recall = right / len(found), right / len(truth)
    f1 = 2 * precision * recall / (precision + recall)
    yield Measure(
        f"{PEOPLE:,} people compared, {len(truth):,} pairs planted",
        f"{seconds:.1f} s, {memory:.0f} MB",
        "60 s",
        seconds <= 60,
    )
    yield Measure("proposed", f"F1 {f1:.3f}: precision {precision:.3f}, recall {recall:.3f}", "F1 0.950", f1 >= 0.95)
    yield Measure(
        "'very likely the same'",
        f"precision {len(sure & truth) / len(sure):.4f}, of {len(sure):,} pairs",
        "0.99",
        len(sure & truth) / len(sure) >= 0.99,
    )
    for name, pairs in [
        ("couples on one phone", made.couples),
        ("siblings on one phone", made.siblings),
        ("twins", made.twins),
        ("twins called alike", made.alike),
        ("parent and child of one name", made.namesakes),
    ]:
        taken, looked_at = len(pairs & sure), len(pairs & found.keys())
        yield Measure(f"{len(pairs)} {name}", f"{taken} taken for one person, {looked_at} to look at", "0", taken == 0)
    there = Person.objects.count()
    yield Measure("joined without a person", f"{PEOPLE - there}", "0", there == PEOPLE)
    first = list(Likeness.objects.order_by("pk").values())
    finding.find(by=by, at=timezone.now())
    same = first == list(Likeness.objects.order_by("pk").values())
    yield Measure("run again", "nothing changed" if same else "CHANGED", "nothing changed", same)


def one_file(keys: list[int]) -> Iterator[Measure]:
    from citeslab.duplicates import queries
    from citeslab.people.models import Person

    spent = []
    for key in keys[:: len(keys) // TYPED]:
        person = Person.objects.get(pk=key)
        start = time.perf_counter()
        queries.likenesses_of(person)
        spent.append((time.perf_counter() - start) * 1000)
    p95 = statistics.quantiles(spent, n=20)[-1]
    yield Measure(
        "one file among them", f"median {statistics.median(spent):.0f} ms, p95 {p95:.0f} ms", "50 ms", p95 <= 50
    )
