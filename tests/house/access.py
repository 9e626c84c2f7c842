"""Who reaches which address: one line an address. `tests/house/test_access.py` walks them all.

A new page needs a line in `WHO`; if its address takes an argument that no line of `WHAT` makes yet, one there too.
"""

from datetime import timedelta

from django.utils import timezone

from citeslab.network.enums import Role
from citeslab.referrals.enums import Kind as ReferralKind
from citeslab.territories.enums import Answer
from citeslab.territories.models import Release
from tests import factories

MADE_UP = "a-made-up-secret"

ANONYMOUS, ADVISOR, ENDED, COORDINATOR, PILOT, FUNDER = (
    "anonymous",
    "advisor",
    "ended",
    "coordinator",
    "pilot",
    "funder",
)
ROLES = (ANONYMOUS, ADVISOR, ENDED, COORDINATOR, PILOT, FUNDER)
# Where the object is, for who asks: her site; another site of the same organization; another organization's.
OWN, NEIGHBOR, FOREIGN = "own", "neighbor", "foreign"

EVERYONE = {(role, where) for role in ROLES for where in (OWN, NEIGHBOR, FOREIGN)}
SIGNED_IN = {(role, where) for role, where in EVERYONE if role != ANONYMOUS}
NOBODY: set = set()  # 404, whoever asks: shut in production, or the object is somebody else's alone
# Pages about no one object, for who sees names somewhere.
SEES_NAMES = {(role, where) for role, where in EVERYONE if role in {ADVISOR, COORDINATOR}}
SEES_NETWORK = {(role, where) for role, where in EVERYONE if role in {PILOT, FUNDER}}
# An object of a site: its advisors, and the coordinators of its organization.
OF_SITE = {(ADVISOR, OWN), (COORDINATOR, OWN), (COORDINATOR, NEIGHBOR)}
# What a coordinator alone does for the sites of her organization.
COORDINATES = {(COORDINATOR, OWN), (COORDINATOR, NEIGHBOR)}
SETS_FSE_PLUS = {(role, where) for role, where in EVERYONE if role == PILOT}
GIVES_ACCESS = {(role, where) for role, where in EVERYONE if role in {COORDINATOR, PILOT}}

WHO = {
    "account_login": EVERYONE,
    "accounts:application": SIGNED_IN,
    "accounts:confirmation": SIGNED_IN,
    "accounts:end_of_sessions": SIGNED_IN,
    "accounts:forgotten_password": EVERYONE,
    "accounts:identity": NOBODY,  # no identity provider is configured
    "accounts:identity_return": NOBODY,
    "accounts:new_password": EVERYONE,
    "accounts:passkey": SIGNED_IN,
    "accounts:password": SIGNED_IN,
    "accounts:recovery_codes": SIGNED_IN,
    "accounts:removal": NOBODY,
    "accounts:second_factor": SIGNED_IN,
    "accounts:second_step": EVERYONE,
    "accounts:security": SIGNED_IN,
    "accounts:sign_in": EVERYONE,
    "accounts:sign_out": EVERYONE,
    "agenda:appointment": OF_SITE,
    "agenda:book": OF_SITE,
    "agenda:calendar": SEES_NAMES,
    "agenda:cancellation": OF_SITE,
    "agenda:closures": SEES_NAMES,
    "agenda:feed": NOBODY,  # a made-up address opens nothing
    "agenda:hers": NOBODY,
    "agenda:move": OF_SITE,
    "agenda:new_surgery": SEES_NAMES,
    "agenda:outcome": OF_SITE,
    "agenda:restoration": OF_SITE,
    "agenda:surgeries": SEES_NAMES,
    "agenda:surgery": OF_SITE,
    "agenda:surgery_day": OF_SITE,
    "agenda:surgery_end": OF_SITE,
    "agenda:week": SEES_NAMES,
    "demo:sign_in": NOBODY,
    "desk:bulk": SEES_NAMES,
    "desk:bulk_act": NOBODY,  # of who did it
    "desk:bulk_undoing": NOBODY,
    "desk:elsewhere": SEES_NAMES,
    "desk:export": NOBODY,  # of who asked for it
    "desk:export_file": NOBODY,
    "desk:exports": SEES_NAMES,
    "desk:handover": COORDINATES,
    "desk:handover_return": COORDINATES,
    "desk:handovers": {(role, where) for role, where in EVERYONE if role == COORDINATOR},
    "desk:home": SIGNED_IN,
    "desk:people": SEES_NAMES,
    "desk:person": OF_SITE,
    "desk:saved_filter_name": NOBODY,  # of who saved it
    "desk:saved_filter_removal": NOBODY,
    "desk:saved_filters": SEES_NAMES,
    "desk:write": SEES_NAMES,
    "duplicates:agreement": OF_SITE,
    "duplicates:asked_while_typing": NOBODY,  # of who typed
    "duplicates:difference": OF_SITE,
    "duplicates:join": OF_SITE,
    "duplicates:join_creation": OF_SITE,
    "duplicates:join_undoing": OF_SITE,
    "duplicates:likenesses": SEES_NAMES,
    "duplicates:pair": OF_SITE,
    "duplicates:question": OF_SITE,
    "duplicates:request": OF_SITE,
    "duplicates:request_closure": OF_SITE,
    "duplicates:request_difference": OF_SITE,
    "duplicates:while_typing": SEES_NAMES,
    "figures:dictionary": SIGNED_IN,
    "figures:statements": SIGNED_IN,
    "figures:year_of_site": SEES_NAMES,
    "followup:attention": OF_SITE,
    "followup:later": SEES_NAMES,
    "followup:later_news": OF_SITE,
    "followup:next_step": OF_SITE,
    "followup:note": OF_SITE,
    "followup:plan": OF_SITE,
    "followup:plan_step": OF_SITE,
    "followup:silence": OF_SITE,
    "followup:silences": SEES_NAMES,
    "followup:step": OF_SITE,
    "followup:steps": OF_SITE,
    "followup:withdrawal": OF_SITE,
    "followup:words": OF_SITE,
    "intake:corrections": OF_SITE,
    "intake:removal": OF_SITE,
    "intake:taking_in": OF_SITE,
    "intake:workbook": OF_SITE,
    "intake:workbooks": SEES_NAMES,
    "mfa_authenticate": EVERYONE,
    "network:accounts": GIVES_ACCESS,
    "network:closure": COORDINATES,
    "network:end_of_fse_plus": SETS_FSE_PLUS,
    "network:end_of_mandate": COORDINATES,
    "network:fse_plus": GIVES_ACCESS,
    "network:invitation": NOBODY,  # a made-up link opens nothing
    "network:invitations": GIVES_ACCESS,
    "network:lost_factor": COORDINATES,
    "network:new_fse_plus": SETS_FSE_PLUS,
    "network:removal_of_fse_plus": SETS_FSE_PLUS,
    "network:withdrawal": COORDINATES,
    # The directory is one for the network: who refers people reads and corrects it, wherever the office is.
    "partners:contact": SEES_NAMES,
    "partners:new_contact": SEES_NAMES,
    "partners:new_office": SEES_NAMES,
    "partners:offices": SEES_NAMES,
    "partners:retirement": SEES_NAMES,
    "people:addresses": SEES_NAMES,
    "people:commune_map": SEES_NAMES,
    "people:communes": SEES_NAMES,
    "people:decision": OF_SITE,
    "people:decision_undoing": OF_SITE,
    "people:edit": OF_SITE,
    "people:household": OF_SITE,
    "people:household_end": OF_SITE,
    "people:new": SEES_NAMES,
    "people:residence": OF_SITE,
    "people:same_contact": SEES_NAMES,
    "people:to_check": SEES_NAMES,
    "referrals:answer": NOBODY,  # a made-up link opens nothing
    "referrals:delays": SEES_NAMES,
    "referrals:noting": OF_SITE,
    "referrals:referral": OF_SITE,
    "referrals:referrals": SEES_NAMES,
    "referrals:resending": OF_SITE,
    "referrals:revocation": OF_SITE,
    "referrals:sending": OF_SITE,
    "referrals:taking_back": OF_SITE,
    "referrals:undoing": OF_SITE,
    "referrals:withdrawal": OF_SITE,
    "rights:answer": OF_SITE,
    "workshops:agenda": EVERYONE,
    "workshops:agenda_feed": EVERYONE,
    "workshops:acts": OF_SITE,
    "workshops:balance": SEES_NAMES,
    "workshops:block": EVERYONE,
    "workshops:calling": OF_SITE,
    "workshops:calling_off": OF_SITE,
    "workshops:check": EVERYONE,
    "workshops:closing": OF_SITE,
    "workshops:codes": OF_SITE,
    "workshops:counting": OF_SITE,
    "workshops:door": NOBODY,  # a made-up address opens nothing
    "workshops:doors": OF_SITE,
    "workshops:embedding": EVERYONE,
    "workshops:entry": NOBODY,
    "workshops:file": OF_SITE,
    "workshops:guest": OF_SITE,
    "workshops:hers": NOBODY,
    "workshops:invited": NOBODY,
    "workshops:list": OF_SITE,
    "workshops:marking": OF_SITE,
    "workshops:naming": OF_SITE,
    "workshops:new": SEES_NAMES,
    "workshops:poster": OF_SITE,
    "workshops:opinion": EVERYONE,  # a made-up code says to scan again
    "workshops:programme": OF_SITE,
    "workshops:public": EVERYONE,
    "workshops:public_entry": EVERYONE,
    "workshops:registering": OF_SITE,
    "workshops:room": OF_SITE,
    "workshops:scan": EVERYONE,
    "workshops:seating": OF_SITE,
    "workshops:sheet": OF_SITE,
    "workshops:unregistering": OF_SITE,
    "workshops:worker": SIGNED_IN,
    "workshops:workshop": OF_SITE,
    "workshops:workshops": SEES_NAMES,
    "rights:asking": EVERYONE,
    "rights:code": OF_SITE,
    "rights:consent": OF_SITE,
    "rights:door": EVERYONE,
    "rights:download": NOBODY,  # a person's own space, while she has it open
    "rights:erasure": OF_SITE,
    "rights:file": NOBODY,
    "rights:hold": OF_SITE,
    "rights:information": EVERYONE,
    "rights:leaving": NOBODY,  # back to the door, where she came from or not
    "rights:my_consent": NOBODY,
    "rights:my_news": NOBODY,
    "rights:my_request": NOBODY,
    "rights:notice": OF_SITE,
    "rights:person": OF_SITE,
    "rights:still_in_touch": OF_SITE,
    "rights:waiting": SEES_NAMES,
    "set_language": EVERYONE,
    "ui:look": NOBODY,
}


def factor(site):
    """A second factor of somebody who works at the site: nobody else's business."""
    from allauth.mfa.models import Authenticator

    return Authenticator.objects.create(user=factories.AnyUser(), type="totp", data={"secret": "x"}).pk


def of(factory, **given):
    """The key of an object of the site, made by a factory that has a `site`."""
    return lambda site: factory(site=site, **given).pk


def of_person(factory, **given):
    """The key of an object that hangs on a person of the site."""
    return lambda site: factory(person=factories.AnyPerson(site=site), **given).pk


def alone(factory):
    """The key of an object that belongs to one user, not to a site."""
    return lambda site: factory().pk


def fixed(value):
    """The same for each site."""
    return lambda site: value


def person_and(argument, factory, **given):
    """A person of the site, and something of hers."""

    def both(site):
        person = factories.AnyPerson(site=site)
        return {"pk": person.pk, argument: factory(person=person, **given).pk}

    return both


def person_and_tie(site):
    person = factories.AnyPerson(site=site)
    return {"pk": person.pk, "tie": factories.AnyHouseholdTie(one=person, other=factories.AnyPerson(site=site)).pk}


def sent_referral(site):
    """A referral that has left, with the agreement it rests on."""
    referral = factories.AnyReferral(person__site=site)
    factories.AnySheetConsent(referral=referral)
    factories.AnyAnswer(referral=referral)
    return referral.pk


def referral_and_answer(site):
    referral = sent_referral(site)
    return {"pk": referral, "answer_pk": factories.AnyAnswer(referral_id=referral, kind=ReferralKind.SEEN).pk}


def workshop_and_session(site) -> dict:
    session = factories.AnySession(workshop__site=site)
    return {"pk": session.workshop_id, "session_pk": session.pk}


def workshop_and_registration(site):
    workshop = factories.AnyWorkshop(site=site)
    registered = factories.AnyRegistration(workshop=workshop, person=factories.AnyPerson(site=site))
    return {"pk": workshop.pk, "registration_pk": registered.pk}


def fse_plus_at(site):
    """The site's one period: another on the same days would be refused."""
    return (site.fse_plus.first() or factories.AnyFSEPlus(site=site)).pk


def answer_to_check(site):
    release = Release.objects.first() or factories.AnyRelease()
    return factories.AnyResidenceAnswer(residence__person__site=site, release=release, answer=Answer.TO_CHECK)


def likeness_at(site):
    """Two files of the site."""
    first = factories.AnyPerson(site=site)
    return factories.AnyLikeness(first=first, second=factories.AnyPerson(site=site)).pk


def likeness_with_elsewhere(site):
    """A file of the site, and one of a site that nobody here works at."""
    return factories.AnyLikeness(first=factories.AnyPerson(site=site), second=factories.AnyPerson()).pk


def appointment_tomorrow(site):
    starts_at = timezone.now() + timedelta(days=1)
    return factories.AnyAppointment(person=factories.AnyPerson(site=site), starts_at=starts_at).pk


# What stands for one argument of an address, at a site: by address, or by room.
WHAT = {
    ("accounts:removal", "pk"): factor,
    ("accounts:new_password", "uidb64"): fixed("MQ"),
    ("accounts:new_password", "token"): fixed("a-b"),
    ("agenda", "pk"): appointment_tomorrow,
    ("agenda", "secret"): fixed(MADE_UP),
    ("agenda:book", "pk"): of(factories.AnyPerson),
    ("agenda:surgery", "pk"): of(factories.AnySurgery),
    ("agenda:surgery_day", "pk"): of(factories.AnySurgery),
    ("agenda:surgery_end", "pk"): of(factories.AnySurgery),
    ("desk", "pk"): of(factories.AnyPerson),
    ("desk:bulk_act", "pk"): alone(factories.AnyBulkAct),
    ("desk:bulk_undoing", "pk"): alone(factories.AnyBulkAct),
    ("desk:export", "pk"): alone(factories.AnyExport),
    ("desk:export_file", "pk"): alone(factories.AnyExport),
    ("desk:handover", "pk"): of(factories.AnyMandate),
    ("desk:handover_return", "pk"): lambda site: factories.AnyHandover(mandate__site=site).pk,
    ("desk:saved_filter_name", "pk"): of(factories.AnySavedFilter),
    ("desk:saved_filter_removal", "pk"): of(factories.AnySavedFilter),
    ("duplicates", "pk"): likeness_at,
    ("duplicates:agreement", "pk"): lambda site: factories.AnyJoinRequest(ours__site=site).pk,
    ("duplicates:asked_while_typing", "pk"): alone(factories.AnyInquiry),
    ("duplicates:join", "pk"): lambda site: factories.AnyJoin(kept_site=site).pk,
    ("duplicates:join_undoing", "pk"): lambda site: factories.AnyJoin(kept_site=site).pk,
    ("duplicates:question", "pk"): likeness_with_elsewhere,
    ("duplicates:request", "pk"): lambda site: factories.AnyJoinRequest(ours__site=site).pk,
    ("duplicates:request_closure", "pk"): lambda site: factories.AnyJoinRequest(theirs__site=site).pk,
    ("duplicates:request_difference", "pk"): lambda site: factories.AnyJoinRequest(theirs__site=site).pk,
    ("followup", "pk"): of(factories.AnyPerson),
    ("followup:later_news", "pk"): lambda site: factories.AnyLaterNews(since__person__site=site).pk,
    ("followup:silence", "pk"): of_person(factories.AnyNoNewsProposal),
    ("intake", "pk"): of(factories.AnyWorkbook),
    ("network:closure", "pk"): lambda site: factories.AnyMandate(site=site).user.pk,
    ("network:end_of_fse_plus", "pk"): fse_plus_at,
    ("network:end_of_mandate", "pk"): of(factories.AnyMandate),
    ("network:invitation", "secret"): fixed(MADE_UP),
    ("network:lost_factor", "pk"): lambda site: factories.AnyMandate(site=site).user.pk,
    ("network:removal_of_fse_plus", "pk"): fse_plus_at,
    ("network:withdrawal", "pk"): of(factories.AnyInvitation),
    ("partners", "pk"): lambda site: factories.AnyContact(office__department=site.department).pk,
    ("partners:new_contact", "pk"): lambda site: factories.AnyOffice(department=site.department).pk,
    ("people", "pk"): of(factories.AnyPerson),
    ("people:decision", "pk"): lambda site: answer_to_check(site).pk,
    ("people:decision_undoing", "pk"): lambda site: answer_to_check(site).pk,
    ("referrals", "pk"): sent_referral,
    ("referrals:answer", "secret"): fixed(MADE_UP),
    ("referrals:sending", "person_pk"): of(factories.AnyPerson),
    ("rights", "pk"): of(factories.AnyPerson),
    ("rights:answer", "pk"): of_person(factories.AnyCorrectionRequest),
    ("rights:download", "shape"): fixed("json"),
    ("workshops", "pk"): of(factories.AnyWorkshop),
    ("workshops", "secret"): fixed(MADE_UP),
    ("workshops:calling", "pk"): lambda site: (
        factories.AnyCall(registration__workshop__site=site, registration__person__site=site).pk
    ),
    ("workshops:public_entry", "pk"): lambda site: factories.AnyWorkshop(site=site, is_public=True).pk,
    ("workshops", "session_pk"): lambda site: factories.AnySession(workshop__site=site).pk,
    ("workshops", "code"): fixed(MADE_UP),
    ("workshops:public", "pk"): lambda site: factories.AnyWorkshop(site=site, is_public=True).pk,
}

# The arguments of addresses whose objects hang on one another.
TOGETHER = {
    "followup:next_step": person_and("step", factories.AnyNextStep),
    "followup:plan_step": person_and("step", factories.AnyPlanStep),
    "followup:step": person_and("step", factories.AnyTransition),
    "followup:withdrawal": person_and("step", factories.AnyTransition),
    "followup:words": person_and("meeting", factories.AnyMeeting),
    "people:household_end": person_and_tie,
    "referrals:undoing": referral_and_answer,
    "workshops:codes": workshop_and_session,
    "workshops:room": workshop_and_session,
    "workshops:seating": workshop_and_registration,
    "workshops:unregistering": workshop_and_registration,
}

# What an address must be told to answer at all, as a query or a form.
SAYS = {
    "agenda:closures": lambda site: {"avec": factories.AnyMandate(site=site).user.pk},
    "desk:bulk": fixed({"act": "ASSIGN"}),
    "people:household": lambda site: {"other": factories.AnyPerson(site=site).pk},
    "rights:consent": fixed({"purpose": "INVITATIONS", "said": "YES"}),
}


def user_of(role: str, site):
    """Somebody who holds this role where the site is."""
    mandates = {
        ADVISOR: {"site": site},
        ENDED: {"site": site, "ends_on": timezone.localdate()},
        COORDINATOR: {"role": Role.COORDINATOR, "site": None, "organization": site.organization},
        PILOT: {"role": Role.PILOT, "site": None},
        FUNDER: {"role": Role.FUNDER, "site": None},
    }
    return factories.AnyMandate(**mandates[role]).user
