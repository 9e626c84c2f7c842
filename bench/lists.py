"""The search of people, in one's site and over everyone, and the acts of the list, at demonstration size."""

import time
from collections.abc import Iterator

from bench import Measure
from bench.home import in_process, signed_in
from bench.pages import median_ms

# Right, nearly right (a letter missing, one too many, two swapped), two words, a number, a reference, a beginning.
ASKED = ["martin", "kelifi", "bernnard", "amrtin", "martni sohpie", "diallo aminata", "063998", "P000123", "be", "a"]


def measures() -> Iterator[Measure]:
    in_process()
    from django.db import transaction
    from django.test.utils import setup_test_environment
    from django.utils import timezone

    from citeslab.accounts.models import User
    from citeslab.desk import exports, queries
    from citeslab.network.models import Site
    from citeslab.people.models import Person

    setup_test_environment()
    on = timezone.localdate()
    advisor = User.objects.get(email="advisor@exemple.fr")

    def slowest(visible) -> tuple[float, str]:
        def ask(words):
            with transaction.atomic():
                return queries.search(visible, words, 20)

        spent = {words: median_ms(lambda words=words: ask(words)) for words in ASKED}
        words = max(spent, key=spent.__getitem__)
        return spent[words], words

    keys = list(Site.objects.order_by("pk").values_list("pk", flat=True))
    for name, visible in [
        ("of one's site", Person.objects.visible_to(advisor, on=on)),
        ("of half the network", Person.objects.filter(site__in=keys[::2])),
        ("of everyone", Person.objects.all()),
    ]:
        count, (spent, words) = visible.count(), slowest(visible)
        yield Measure(
            f"search {name}, {count:,} people, the slowest ({words})", f"{spent:.0f} ms", "60 ms", spent <= 60
        )

    # Everyone as one site: what a coordinator of the whole would see.
    with transaction.atomic():
        site = Site.objects.get(pk=keys[0])
        Person.objects.exclude(site=site).update(site=site, reference="")
        visible = Person.objects.filter(site__in=[site.pk])
        spent, words = slowest(visible)
        yield Measure(f"search of everyone as one site, the slowest ({words})", f"{spent:.0f} ms", "60 ms", spent <= 60)
        transaction.set_rollback(True)

    client = signed_in(User.objects.get(email="coordinator@exemple.fr"))
    pages = {"/personnes/?words=kelifi": 150, "/personnes/?advisor=nobody": 300, "/passation/": 150}
    for address, most in pages.items():
        assert client.get(address).status_code == 200, address
        spent = median_ms(lambda address=address: client.get(address))
        yield Measure(f"{address} of the coordinator", f"{spent:.0f} ms", f"{most} ms", spent <= most)

    keys = list(Person.objects.order_by("pk").values_list("pk", flat=True)[:65_000])
    start = time.perf_counter()
    file = exports.writer("XLSX", list(exports.COLUMNS))
    for batch in exports.rows(keys, list(exports.COLUMNS), on=on):
        file.write(batch)
    size = len(file.finished())
    spent = time.perf_counter() - start
    yield Measure(f"{len(keys):,} people to a workbook of {size / 1e6:.0f} MB", f"{spent:.0f} s", "120 s", spent <= 120)
