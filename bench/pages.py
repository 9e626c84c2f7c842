"""Pages at demonstration size, asked of the application in process, signed in, templates included."""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date

from bench import Measure
from bench.home import in_process

TIMES = 15


def median_ms(act: Callable[[], object]) -> float:
    act()
    spent = []
    for _ in range(TIMES):
        start = time.perf_counter()
        act()
        spent.append(time.perf_counter() - start)
    return statistics.median(spent) * 1000


def measures() -> Iterator[Measure]:
    in_process()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, setup_test_environment
    from django.utils import timezone

    from citeslab.followup.models import Meeting
    from citeslab.people.models import Person

    setup_test_environment()
    settings.DEMO = True  # one click signs in, without a second factor
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]

    def visitor(account: str) -> Client:
        client = Client()
        client.post("/demonstration/connexion/", {"account": account})
        return client

    def page(client: Client, address: str) -> Callable[[], object]:
        def ask():
            response = client.get(address)
            assert response.status_code == 200, (address, response.status_code)
            return response

        return ask

    pilot, advisor = visitor("pilot"), visitor("advisor")
    network = page(pilot, f"/?annee={date.today().year}")
    warm = median_ms(network)
    yield Measure("home of the pilot, warm", f"{warm:.0f} ms", "150 ms", warm <= 150)

    person = Person.objects.filter(meetings=None).first() or Person.objects.order_by("pk").first()
    before = network().context["numbers"]["persons_met"].count
    meeting = Meeting.objects.create(
        person=person, site=person.site, held_on=timezone.localdate(), recorded_at=timezone.now(), recorded_by_id=1
    )
    start = time.perf_counter()
    after = network().context["numbers"]["persons_met"].count
    seen = time.perf_counter() - start
    right = after == before + 1
    yield Measure("right after a new record", f"{seen:.2f} s" if right else "wrong", "5 s", right and seen <= 5)
    meeting.delete()
    network()

    for name, address in [
        ("home of an advisor", "/"),
        ("list of people", "/personnes/"),
        ("list of people, searched", "/personnes/?words=martin"),
        ("list of people, sorted by name", "/personnes/?sort=name&page=40"),
    ]:
        spent = median_ms(page(advisor, address))
        yield Measure(name, f"{spent:.0f} ms", "100 ms", spent <= 100)

    explorer = "/chiffres/explorer/"
    of_nord = "?perimetre=department:59&annee=2024"
    for name, client, address in [
        ("explorer, by sex and age, of a site", advisor, f"{explorer}?par=sex&et=age&annee=2024"),
        ("explorer, by department and sex, protected", pilot, f"{explorer}?par=department&et=sex&annee=2016"),
        ("explorer, since 2010 by region, protected", pilot, f"{explorer}?par=region&depuis=2010&annee=2024"),
        ("explorer, a department by residence and sex", pilot, f"{explorer}{of_nord}&par=residence&et=sex"),
        ("explorer, a department by neighborhood, its map", pilot, f"{explorer}{of_nord}&par=qpv"),
        ("targets site by site, protected", pilot, "/chiffres/objectifs/antennes/"),
    ]:
        spent = median_ms(page(client, address))
        yield Measure(name, f"{spent:.0f} ms", "300 ms", spent <= 300)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            page(advisor, address)()
        return len(asked)

    one = Person.objects.filter(site__mandates__user__email="advisor@exemple.fr").first()
    few, many = queries(f"/personnes/?words={one.reference}"), queries("/personnes/?words=a")
    yield Measure("queries of the list, 1 row and a page", f"{few} and {many}", "equal", few == many)
