"""An action that was held becomes a method that others may follow."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.animation import services as animation
from citeslab.animation.models import Method
from citeslab.animation.values import Text
from citeslab.audit import services as audit
from citeslab.workshops import queries
from citeslab.workshops.models import Workshop
from citeslab.workshops.services.registering import locked


class NotToShare(Exception):
    def __str__(self):
        return _("An action becomes a method once it was held, and once only.")


@transaction.atomic
def share(*, workshop: Workshop, text: Text, by: User, at: datetime) -> Method:
    """The draft of a method, which this action is the first to follow: what it gave is told with it. Raises
    `NotToShare`.
    """
    workshop = locked(workshop)
    if not queries.may_become_a_method(workshop):
        raise NotToShare
    draft = animation.begin_method(site=workshop.site, text=text, by=by, at=at)
    workshop.method = draft.method
    workshop.save(update_fields=["method"])
    audit.record("workshops.workshop.shared", workshop, by=by, at=at, method_id=draft.method_id)
    return draft.method
