from datetime import date

import pytest

from citeslab.network.enums import Role
from tests import factories


@pytest.fixture
def agreement(site):
    """Of the site's host, signed on 4 January 2016, for that year: 30,000 euros."""
    return factories.AnyAgreement(organization=site.organization, funder__name="Préfecture", reference="CV-2016")


@pytest.fixture
def instalment(agreement):
    return factories.AnyInstalment(agreement=agreement)


@pytest.fixture
def post(site):
    return factories.AnyPost(site=site)


@pytest.fixture
def coordinator(site):
    return factories.AnyMandate(role=Role.COORDINATOR, site=None, organization=site.organization).user


@pytest.fixture
def reader(agreement):
    """Who reads the account of the agreement's funder."""
    user = factories.AnyMandate(role=Role.FUNDER, site=None).user
    factories.AnyDelegate(funder=agreement.funder, user=user, begins_on=date(2016, 1, 1))
    return user
