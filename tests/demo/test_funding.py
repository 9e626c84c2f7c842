"""The demonstration's money: since 2002, more than seven million of own funds, and something that waits."""

from datetime import date, timedelta

import pytest
from django.db.models import Sum

from citeslab.demo.services.accounts import email_of
from citeslab.files.models import StoredFile
from citeslab.funding import queries
from citeslab.funding.enums import FunderKind
from citeslab.funding.models import Agreement, Delegate, Instalment, Payment, PostShare
from citeslab.network.models import Post
from citeslab.workshops.models import ActionShare
from tests.demo.test_demonstration import make

pytestmark = pytest.mark.django_db
UNTIL = date(2020, 6, 15)


def test_everything_is_paid_for_since_2002_and_some_things_wait():
    make(until=UNTIL)
    agreements = Agreement.objects.all()

    assert agreements.order_by("begins_on").first().begins_on == date(2002, 1, 1)
    assert set(agreements.values_list("funder__kind", flat=True)) >= {
        FunderKind.PILOT, FunderKind.STATE, FunderKind.REGION, FunderKind.TOWN, FunderKind.EUROPE, FunderKind.DEPARTMENT
    }  # fmt: skip
    own = Payment.objects.filter(instalment__agreement__funder__kind=FunderKind.PILOT).exclude(use="POST")
    paid = own.filter(paid_on__range=(date(2010, 1, 1), date(2017, 12, 22)))
    assert paid.aggregate(cents=Sum("amount_cents"))["cents"] == 730_000_000
    assert not Payment.objects.filter(paid_on__gt=UNTIL).exists()

    late = queries.late_instalments(agreements, on=UNTIL)
    assert 0 < late.count() < Instalment.objects.count() // 50
    posts = queries.funded(list(Post.objects.on(UNTIL)), on=UNTIL)
    assert {one.missing for one in posts} == {0, 2_000}
    assert PostShare.objects.values("post").distinct().count() == len(posts)
    assert ActionShare.objects.filter(share=10_000).exists()
    assert ActionShare.objects.filter(share=4_000).exists()

    delegate = Delegate.objects.get()
    assert delegate.user.email == email_of("funder")
    assert Agreement.objects.visible_to(delegate.user, on=UNTIL).count() == delegate.funder.agreements.count() > 1
    assert StoredFile.objects.count() == 6
    assert StoredFile.objects.filter(kept_until__gt=UNTIL + timedelta(days=3_000)).count() == 6
