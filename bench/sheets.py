"""An attendance sheet of 30 people who signed two half-days: made, and checked. Nothing of it stays."""

import math
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

from bench import Measure
from bench.home import in_process
from bench.pages import median_ms

PEOPLE, POINTS = 30, 60


def measures() -> Iterator[Measure]:
    in_process()
    from django.db import transaction
    from django.utils import timezone

    from citeslab.people.models import Person
    from citeslab.workshops import services
    from citeslab.workshops.enums import Kind
    from citeslab.workshops.models import Presence, Registration, Session, Signature, Workshop
    from citeslab.workshops.readers import sheets

    at = timezone.now()
    people = Person.objects.named().select_related("site").order_by("site", "pk")[:PEOPLE]
    with transaction.atomic():
        by = people[0].recorded_by
        fact = {"recorded_at": at, "recorded_by": by}
        action = Workshop.objects.create(
            site=people[0].site, held_on=at.date(), kind=Kind.GENERAL, title="Oser son idee", **fact
        )
        halves = [
            Session.objects.create(
                workshop=action, starts_at=at + timedelta(hours=n), ends_at=at + timedelta(hours=n + 3)
            )
            for n in (0, 4)
        ]
        for number, person in enumerate(people, 1):
            drawn = [[[100 + 13 * n, int(200 + 150 * math.sin(n / 3 + number))] for n in range(POINTS)]]
            registered = Registration.objects.create(workshop=action, person=person, number=number, **fact)
            for half in halves:
                told = {"session": half, "registration": registered, "told_at": at, **fact}
                Presence.objects.create(state="PRESENT", key=uuid4(), **told)
                Signature.objects.create(strokes=drawn, key=uuid4(), **told)

        def make() -> bytes:
            return services.make_sheet(workshop=action, visible=None, by=by, at=at)[1]

        spent = median_ms(make)
        file = make()
        work = f"sheet of {PEOPLE} people, {2 * PEOPLE} signatures, {len(file) // 1000} kB, made"
        yield Measure(work, f"{spent:.0f} ms", "300 ms", spent <= 300)
        spent = median_ms(lambda: sheets.read(file))
        yield Measure("the same, checked", f"{spent:.0f} ms", "50 ms", spent <= 50 and sheets.read(file).is_intact)
        transaction.set_rollback(True)
