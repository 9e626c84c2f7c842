import pytest

from citeslab.network.enums import Role
from tests import factories


@pytest.fixture
def signed_in(client, advisor):
    client.force_login(advisor)
    return client


@pytest.fixture
def coordinator(site):
    return factories.AnyMandate(role=Role.COORDINATOR, site=None, organization=site.organization).user
