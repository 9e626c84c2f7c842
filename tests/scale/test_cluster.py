"""The same definitions on a cluster: Spark answers as PostgreSQL does, after any edits."""

import pytest

from bench.standalone import cluster
from citeslab.figures import queries, services
from citeslab.figures.definitions.facts import Scope
from citeslab.figures.gateways import Operational
from citeslab.figures.gateways.cluster import Cluster, connect
from tests.figures.test_engines import facts
from tests.figures.worlds import FIRST, LAST, World, answer, asked

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # the gateway's own socket, closed when Java ends
]


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    place = tmp_path_factory.mktemp("spark")
    with cluster(place) as master:
        session = connect(
            master,
            **{
                "spark.driver.host": "127.0.0.1",
                "spark.driver.bindAddress": "127.0.0.1",
                "spark.executor.memory": "768m",
                "spark.sql.shuffle.partitions": "2",
                "spark.sql.warehouse.dir": str(place / "warehouse"),
            },
        )
        try:
            yield session
        finally:
            session.stop()


def test_two_workers_answer_as_the_database_does(session, tmp_path):
    world = World(7, people=30)
    for _ in range(30):
        world.edit()
    live, spark = Operational(), Cluster(session, services.make_snapshot(folder=tmp_path).folder)

    assert facts(spark) == facts(live)
    scope = Scope(year=LAST, since=FIRST)
    by = ("qpv", "sex", "situation")
    expected = queries.tabulated("persons_supported", by=by, scope=scope)
    assert queries.tabulated("persons_supported", by=by, scope=scope, engine=spark) == expected
    counted = 0
    session.conf.set("spark.sql.codegen.wholeStage", "false")  # compiling takes longer than a world so small
    for place, (base, by, scope) in enumerate(asked(world.sites)):
        if by and scope.shape != Scope(year=2024).shape and place % 12:
            continue  # a question takes Spark a second: every breakdown of one year, one in twelve of the others
        expected = answer(live, base, by, scope)
        assert answer(spark, base, by, scope) == expected, (base, by, scope)
        counted += sum(map(sum, expected.values()))
    assert counted > 1000
    assert session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() == 3  # the driver and two workers
