"""An identity that no account knows came with an invitation."""

from django.dispatch import receiver

from citeslab.accounts.signals import invited_identity_came
from citeslab.core.values import digest_of
from citeslab.network import services
from citeslab.network.models import Invitation


@receiver(invited_identity_came)
def accept(sender, *, email, name, invitation, at, **kwargs):
    """The account, when the invitation was sent to this very address and nobody has it yet."""
    found = Invitation.objects.open(at).filter(digest=digest_of(invitation), email__iexact=email).first()
    if found is None:
        return None
    try:
        return services.accept_invitation(invitation=found, name=name, password=None, at=at)
    except (services.InvitationOver, services.AccountExists):
        return None
