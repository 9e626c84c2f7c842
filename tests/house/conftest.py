"""The years of the network's history are not what the walks are about: they cost seconds each."""

from datetime import date

import pytest


@pytest.fixture
def a_young_network(monkeypatch):
    from citeslab.figures import queries

    monkeypatch.setattr(queries, "FIRST_YEAR", date.today().year - 1)
