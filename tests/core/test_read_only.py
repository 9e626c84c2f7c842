"""A page that only reads cannot write."""

import pytest
from django.db import connection

from citeslab.core.middleware import PageThatReadsTriedToWrite, ReadOnlyPages
from citeslab.network.models import Site
from tests import factories

pytestmark = pytest.mark.django_db


def through(method, act, rf):
    return ReadOnlyPages(lambda request: act())(rf.generic(method, "/"))


def test_a_get_that_writes_is_refused(rf):
    with pytest.raises(PageThatReadsTriedToWrite):
        through("GET", factories.AnySite, rf)


def test_a_get_that_reads_is_served(rf):
    site = factories.AnySite()
    assert through("GET", Site.objects.get, rf) == site


def test_a_post_may_write(rf):
    assert through("POST", factories.AnySite, rf).pk


@pytest.mark.parametrize("sql", ["DELETE FROM network_site", "TRUNCATE network_site", "  insert into network_site"])
def test_raw_writes_are_refused_too(rf, sql):
    def act():
        with connection.cursor() as cursor:
            cursor.execute(sql)

    with pytest.raises(PageThatReadsTriedToWrite):
        through("GET", act, rf)


def test_a_cte_that_writes_is_refused(rf):
    def act():
        with connection.cursor() as cursor:
            cursor.execute("WITH gone AS (DELETE FROM network_site RETURNING 1) SELECT * FROM gone")

    with pytest.raises(PageThatReadsTriedToWrite):
        through("GET", act, rf)
