"""The words of what leaves: a person is named by her initials, the rest is behind the link."""

from typing import TypedDict

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citeslab.referrals import rules
from citeslab.referrals.enums import Occasion
from citeslab.referrals.models import Answer, Link, Referral
from citeslab.ui.values import day

# Partners and advisors are written to in French; their pages have both languages.
LANGUAGE = settings.LANGUAGE_CODE


class Words(TypedDict):
    """What `notifications.post` takes of a message."""

    subject: str
    body: str


def answer_url(secret: str) -> str:
    return settings.PUBLIC_URL + reverse("referrals:answer", args=[secret])


def to_contact(referral: Referral, link: Link, secret: str) -> Words:
    """Subject and body of the message that carries a link."""
    with translation.override(LANGUAGE):
        values = {
            "name": referral.contact.name,
            "initials": rules.initials(referral.person),
            "advisor": referral.advisor.name,
            "site": referral.person.site.name,
            "purpose": referral.get_purpose_display(),
            "url": answer_url(secret),
            "day": day(referral.open_until),
            "sent": day(referral.sent_at),
        }
        subject = {
            Occasion.SENDING: _("%(site)s refers someone to you"),
            Occasion.REMINDER: _("Your answer is awaited: a referral from %(site)s"),
            Occasion.RESENDING: _("A new link for a referral from %(site)s"),
            Occasion.RENEWAL: _("The new link that you asked for"),
        }[Occasion(link.occasion)]
        first = {
            Occasion.SENDING: _("%(advisor)s, of %(site)s, refers %(initials)s to you for: %(purpose)s."),
            Occasion.REMINDER: _(
                "On %(sent)s, %(advisor)s, of %(site)s, referred %(initials)s to you, who is waiting for your answer."
            ),
            Occasion.RESENDING: _("%(advisor)s, of %(site)s, sends you the sheet of %(initials)s again."),
            Occasion.RENEWAL: _("Here is a new link to the sheet of %(initials)s. The former ones open nothing now."),
        }[Occasion(link.occasion)]
        body = _(
            "Good day %(name)s,\n\n%(first)s\n\n"
            "To see the sheet and answer in one click, without an account:\n%(url)s\n\n"
            "This link is yours alone: please do not forward it. It works until %(day)s.\n\n"
            "Thank you: your answer, even a no, moves someone forward.\nCitésLab"
        )
        return {"subject": subject % values, "body": body % {**values, "first": first % values}}


def closed_to_contact(referral: Referral) -> Words:
    """To the partner, when the referral is withdrawn or the person took her agreement back."""
    with translation.override(LANGUAGE):
        values = {
            "name": referral.contact.name,
            "initials": rules.initials(referral.person),
            "site": referral.person.site.name,
        }
        return {
            "subject": _("A referral from %(site)s is withdrawn") % values,
            "body": _(
                "Good day %(name)s,\n\nThe referral of %(initials)s is withdrawn: the sheet is closed and the link "
                "opens nothing now.\nPlease delete what you may have noted from it.\n\nThank you.\nCitésLab"
            )
            % values,
        }


def answered_to_advisor(answer: Answer) -> Words:
    """To the advisor, when a partner answered."""
    referral = answer.referral
    with translation.override(LANGUAGE):
        values = {
            "network": referral.contact.office.network.name,
            "initials": rules.initials(referral.person),
            "url": referral_url(referral),
        }
        return {
            "subject": _("%(network)s answered a referral") % values,
            "body": _("%(network)s answered the referral of %(initials)s:\n%(url)s\n\nCitésLab") % values,
        }


def reminded_to_advisor(referrals: list[Referral]) -> Words:
    """The day's line to an advisor: who was reminded for her."""
    with translation.override(LANGUAGE):
        lines = "\n".join(
            f"- {rules.initials(referral.person)}, {referral.contact.office.network.name}: {referral_url(referral)}"
            for referral in referrals
        )
        count = len(referrals)
        return {
            "subject": ngettext("%(count)s partner reminded for you", "%(count)s partners reminded for you", count)
            % {"count": count},
            "body": _(
                "These referrals still wait for an answer; their partners were reminded today:\n%(lines)s\n\nCitésLab"
            )
            % {"lines": lines},
        }


def expired_to_advisor(referral: Referral) -> Words:
    with translation.override(LANGUAGE):
        values = {
            "network": referral.contact.office.network.name,
            "initials": rules.initials(referral.person),
            "url": referral_url(referral),
        }
        return {
            "subject": _("A referral has expired"),
            "body": _(
                "The referral of %(initials)s to %(network)s has expired without an end. You can send it again, or "
                "refer her elsewhere:\n%(url)s\n\nCitésLab"
            )
            % values,
        }


def referral_url(referral: Referral) -> str:
    return settings.PUBLIC_URL + reverse("referrals:referral", args=[referral.pk])
