"""The dated setting that says where FSE+ items are asked."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from citeslab.audit.models import Entry
from citeslab.network.models import FSEPlus
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_period_is_set_by_command_and_journaled(site):
    call_command("fse_plus", site.code, "FSE-1", "2026-01-01", "2027-01-01")

    period = FSEPlus.objects.get()
    assert (period.site, period.begins_on, period.ends_on) == (site, date(2026, 1, 1), date(2027, 1, 1))
    assert Entry.objects.get(action="network.fse_plus.set").subject_id == period.pk


@pytest.mark.parametrize("days", [["2026-06-01"], ["2026-01-01", "2025-01-01"]])
def test_days_that_overlap_or_go_backwards_are_refused(site, days):
    factories.AnyFSEPlus(site=site, begins_on=date(2026, 3, 1))

    with pytest.raises(CommandError), transaction.atomic():
        call_command("fse_plus", site.code, "FSE-2", *days)
    assert FSEPlus.objects.count() == 1


def test_an_unknown_site_is_refused():
    with pytest.raises(CommandError, match="No site"):
        call_command("fse_plus", "NOWHERE", "FSE-1", "2026-01-01")


def test_one_agreement_pays_on_a_day(site):
    factories.AnyFSEPlus(site=site)
    with pytest.raises(IntegrityError, match="network_fseplus_one_at_a_time"), transaction.atomic():
        factories.AnyFSEPlus(site=site)
