"""Who reaches which address: one line an address. `tests/house/test_access.py` walks them all.

A new page needs a line in `WHO`; if its address takes an argument that no line of `WHAT` makes yet, one there too.
"""

from datetime import date, timedelta

import shapely
from django.utils import timezone

from citeslab.figures.models import Publication, Report, Target
from citeslab.funding.models import Funder
from citeslab.network.enums import Role
from citeslab.referrals.enums import Kind as ReferralKind
from citeslab.territories import queries as territories
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
# Agreements: the pilot everywhere, a coordinator of her organization; who reads for a funder, those of that funder.
PILOTS = {(role, where) for role, where in EVERYONE if role == PILOT}
WRITES_AGREEMENT = COORDINATES | PILOTS
READS_AGREEMENT = WRITES_AGREEMENT | {(FUNDER, OWN)}
MAKES_REPORTS = {(role, where) for role, where in EVERYONE if role in {ADVISOR, COORDINATOR, PILOT}}
READS_REPORTS = MAKES_REPORTS | {(role, where) for role, where in EVERYONE if role == FUNDER}
SETS_FSE_PLUS = {(role, where) for role, where in EVERYONE if role == PILOT}
MEMBERS = {(role, where) for role, where in EVERYONE if role in {ADVISOR, COORDINATOR, PILOT}}
PILOTS = {(role, where) for role, where in EVERYONE if role == PILOT}
ANNOUNCES = {(role, where) for role, where in EVERYONE if role == PILOT}
GIVES_ACCESS = {(role, where) for role, where in EVERYONE if role in {COORDINATOR, PILOT}}
# Posts and coverage: all of them for the pilot, who alone sets them; a coordinator's own for her.
SETS_NETWORK = SETS_FSE_PLUS
READS_POSTS = SETS_NETWORK | COORDINATES

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
    "agenda:contact": OF_SITE,
    "agenda:contact_answer": OF_SITE,
    "agenda:contact_file": OF_SITE,
    "agenda:contact_parting": OF_SITE,
    "agenda:contacts": SEES_NAMES,
    "agenda:feed": NOBODY,  # a made-up address opens nothing
    "agenda:hers": NOBODY,
    "agenda:move": OF_SITE,
    "agenda:new_surgery": SEES_NAMES,
    "agenda:outcome": OF_SITE,
    "agenda:public_name": SEES_NAMES,
    "agenda:restoration": OF_SITE,
    "agenda:surgeries": SEES_NAMES,
    "agenda:surgery": OF_SITE,
    "agenda:surgery_day": OF_SITE,
    "agenda:surgery_end": OF_SITE,
    "agenda:week": SEES_NAMES,
    # Who takes part in the life of the network; what a site wrote is its own to change.
    "animation:announcement_withdrawal": PILOTS,
    "animation:announcements": MEMBERS,
    "animation:certificate": NOBODY,  # of who was there
    "animation:checking": COORDINATES,  # and the new advisor herself
    "animation:colleagues": MEMBERS,
    "animation:commitment": PILOTS,
    "animation:commitment_end": PILOTS,  # and its owner
    "animation:competences": MEMBERS,
    "animation:decision": PILOTS,
    "animation:decision_withdrawal": PILOTS,
    "animation:enrolment": MEMBERS,
    "animation:evaluation": MEMBERS,
    "animation:first_step_end": PILOTS,
    "animation:first_weeks": MEMBERS,
    "animation:home": MEMBERS,
    "animation:meeting": MEMBERS,
    "animation:meeting_calendar": MEMBERS,
    "animation:meeting_change": PILOTS,
    "animation:meeting_end": PILOTS,
    "animation:meetings": MEMBERS,
    "animation:method_withdrawal": OF_SITE | PILOTS,
    "animation:methods": MEMBERS,
    "animation:new_announcement": GIVES_ACCESS,
    "animation:new_meeting": GIVES_ACCESS,
    "animation:new_method": MEMBERS,
    "animation:new_session": PILOTS,
    "animation:new_training": PILOTS,
    "animation:new_version": OF_SITE | PILOTS,
    "animation:presences": PILOTS,
    "animation:present": PILOTS,
    "animation:publication": OF_SITE | PILOTS,
    "animation:reading": {(ADVISOR, where) for where in (OWN, NEIGHBOR, FOREIGN)},
    "animation:session": MEMBERS,
    "animation:session_calendar": MEMBERS,
    "animation:session_end": PILOTS,
    "animation:training": MEMBERS,
    "animation:training_retirement": PILOTS,
    "animation:trainings": MEMBERS,
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
    "desk:method": MEMBERS,
    "desk:office": MEMBERS,
    "desk:partner_network": MEMBERS,
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
    "figures:block_move": OF_SITE,
    "figures:block_removal": OF_SITE,
    "figures:block_words": OF_SITE,
    "figures:costs": PILOTS,
    "figures:counted": SEES_NAMES,
    "figures:definition": SIGNED_IN,
    "figures:dictionary": SIGNED_IN,
    "figures:draft_file": OF_SITE,
    "figures:new_report": MAKES_REPORTS,
    "figures:public": EVERYONE,
    "figures:published": EVERYONE,
    "figures:published_definitions": EVERYONE,
    "figures:published_file": EVERYONE,
    "figures:outline": OF_SITE,
    "figures:outline_restoration": OF_SITE,
    "figures:report": OF_SITE,
    "figures:reports": READS_REPORTS,
    "figures:sealed_file": OF_SITE,
    "figures:sealed_version": OF_SITE,
    "figures:sealing": COORDINATES,
    "figures:explorer": SEES_NAMES | SEES_NETWORK,
    "figures:journeys": SEES_NAMES | SEES_NETWORK,
    "figures:quality": SEES_NAMES,
    "figures:statements": SIGNED_IN,
    "figures:new_target": GIVES_ACCESS,
    "figures:target_withdrawal": COORDINATES | {(PILOT, where) for where in (OWN, NEIGHBOR, FOREIGN)},
    "figures:targets": SEES_NAMES | SEES_NETWORK,
    "figures:targets_of_sites": GIVES_ACCESS,
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
    "funding:account": PILOTS | {(FUNDER, OWN)},
    "funding:accounts": GIVES_ACCESS,
    "funding:agreement": READS_AGREEMENT,
    "funding:agreements": GIVES_ACCESS,
    "funding:approval": WRITES_AGREEMENT,
    "funding:document": READS_AGREEMENT,
    "funding:document_removal": WRITES_AGREEMENT,
    "funding:end_of_reading": PILOTS,
    "funding:funders": PILOTS,
    "funding:instalment": WRITES_AGREEMENT,
    "funding:instalment_withdrawal": WRITES_AGREEMENT,
    "funding:justification": WRITES_AGREEMENT,
    "funding:new_agreement": GIVES_ACCESS,
    "funding:new_document": WRITES_AGREEMENT,
    "funding:new_instalment": WRITES_AGREEMENT,
    "funding:new_report": WRITES_AGREEMENT,
    "funding:new_share": WRITES_AGREEMENT,
    "funding:own_account": GIVES_ACCESS | {(role, where) for role, where in EVERYONE if role == FUNDER},
    "funding:payment": WRITES_AGREEMENT,
    "funding:posts": GIVES_ACCESS,
    "funding:reading": PILOTS,
    "funding:report_withdrawal": WRITES_AGREEMENT,
    "funding:sending": WRITES_AGREEMENT,
    "funding:share_withdrawal": WRITES_AGREEMENT,
    "funding:signature": WRITES_AGREEMENT,
    "funding:taking_back": WRITES_AGREEMENT,
    "funding:terms": WRITES_AGREEMENT,
    "intake:corrections": OF_SITE,
    "intake:removal": OF_SITE,
    "intake:taking_in": OF_SITE,
    "intake:workbook": OF_SITE,
    "intake:workbooks": SEES_NAMES,
    "mfa_authenticate": EVERYONE,
    "network:accounts": GIVES_ACCESS,
    "network:closing_of_site": SETS_NETWORK,
    "network:closure": COORDINATES,
    "network:contact_of_site": READS_POSTS,
    "network:correction_of_organization": SETS_NETWORK,
    "network:correction_of_post": SETS_NETWORK,
    "network:coverage": GIVES_ACCESS,
    "network:coverage_file": GIVES_ACCESS,
    "network:end_of_coverage": SETS_NETWORK,
    "network:end_of_fse_plus": SETS_FSE_PLUS,
    "network:end_of_mandate": COORDINATES,
    "network:end_of_post": SETS_NETWORK,
    "network:end_of_tenure": READS_POSTS,
    "network:fse_plus": GIVES_ACCESS,
    "network:imports": SETS_NETWORK,
    "network:invitation": NOBODY,  # a made-up link opens nothing
    "network:invitations": GIVES_ACCESS,
    "network:lost_factor": COORDINATES,
    "network:merger": SETS_NETWORK,
    "network:name_of_organization": SETS_NETWORK,
    "network:name_of_site": SETS_NETWORK,
    "network:network": GIVES_ACCESS,
    "network:network_file": GIVES_ACCESS,
    "network:network_import": SETS_NETWORK,
    "network:new_coverage": SETS_NETWORK,
    "network:new_fse_plus": SETS_FSE_PLUS,
    "network:new_organization": SETS_NETWORK,
    "network:new_post": SETS_NETWORK,
    "network:new_site": SETS_NETWORK,
    "network:new_tenure": READS_POSTS,
    "network:organization": READS_POSTS,
    "network:quarter": READS_POSTS,
    "network:removal_of_coverage": SETS_NETWORK,
    "network:removal_of_fse_plus": SETS_FSE_PLUS,
    "network:removal_of_post": SETS_NETWORK,
    "network:removal_of_tenure": READS_POSTS,
    "network:reopening_of_site": SETS_NETWORK,
    "network:site": READS_POSTS,
    "network:taking_in": SETS_NETWORK,
    "network:undoing_of_merger": SETS_NETWORK,
    "network:withdrawal": COORDINATES,
    # The directory is one for the network: who refers people, and the pilot, keep it; she sees no contact.
    "partners:contact": SEES_NAMES,
    "partners:end_of_offer": MEMBERS,
    "partners:network": MEMBERS,
    "partners:new_contact": SEES_NAMES,
    "partners:new_network_offer": MEMBERS,
    "partners:new_offer": MEMBERS,
    "partners:new_office": MEMBERS,
    "partners:office": MEMBERS,
    "partners:offices": MEMBERS,
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
    "workshops:funded": PILOTS | {(FUNDER, OWN)},
    "workshops:guest": OF_SITE,
    "workshops:hers": NOBODY,
    "workshops:invited": NOBODY,
    "workshops:list": OF_SITE,
    "workshops:marking": OF_SITE,
    "workshops:naming": OF_SITE,
    "workshops:new": SEES_NAMES,
    "workshops:paying": OF_SITE,
    "workshops:poster": OF_SITE,
    "workshops:opinion": EVERYONE,  # a made-up code says to scan again
    "workshops:programme": OF_SITE,
    "workshops:public": EVERYONE,
    "workshops:public_entry": EVERYONE,
    "workshops:registering": OF_SITE,
    "workshops:room": OF_SITE,
    "workshops:scan": EVERYONE,
    "workshops:seating": OF_SITE,
    "workshops:sharing": OF_SITE,
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
    "website:accessibility": EVERYONE,
    "website:agreement": OF_SITE,
    "website:announcement": EVERYONE,
    "website:announcement_withdrawal": ANNOUNCES,
    "website:announcements": ANNOUNCES,
    "website:announcements_feed": EVERYONE,
    "website:booking": EVERYONE,
    "website:contact": EVERYONE,
    "website:discover": EVERYONE,
    "website:easy": EVERYONE,
    "website:edit_story": OF_SITE,
    "website:favicon": EVERYONE,
    "website:finding": EVERYONE,
    "website:here": EVERYONE,
    "website:home": EVERYONE,
    "website:legal": EVERYONE,
    "website:message": EVERYONE,
    "website:new_story": SEES_NAMES,
    "website:pathway": EVERYONE,
    "website:picture": OF_SITE,
    "website:picture_file": OF_SITE,
    "website:plan": EVERYONE,
    "website:press": EVERYONE,
    "website:press_text": EVERYONE,
    "website:privacy": EVERYONE,
    "website:publication": COORDINATES,  # of a draft: the pilot sees a story once it is agreed to
    "website:questions": EVERYONE,
    "website:received": EVERYONE,
    "website:received_by": EVERYONE,
    "website:robots": EVERYONE,
    "website:site": EVERYONE,
    "website:sitemap": EVERYONE,
    "website:stories": EVERYONE,
    "website:stories_feed": EVERYONE,
    "website:stories_to_write": {(role, where) for role, where in EVERYONE if role in {ADVISOR, COORDINATOR, PILOT}},
    "website:story": EVERYONE,
    "website:story_picture": EVERYONE,
    "website:withdrawal": OF_SITE,
    "website:workshops_feed": EVERYONE,
    "website:writing_story": OF_SITE,
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


def agreement_at(site, **given):
    """An agreement of the site's host, with a funder of the site's own, so that no other account holds it."""
    funder = Funder.objects.filter(name=f"F{site.pk}").first() or factories.AnyFunder(name=f"F{site.pk}")
    return factories.AnyAgreement(organization=site.organization, funder=funder, **given)


def of_agreement(factory):
    """The key of an object that hangs on an agreement of the site's host."""
    return lambda site: factory(agreement=agreement_at(site)).pk


def fse_plus_at(site):
    """The site's one period: another on the same days would be refused."""
    return (site.fse_plus.first() or factories.AnyFSEPlus(site=site)).pk


def post_at(site):
    return factories.AnyPost(site=site).pk


def tenure_at(site):
    return factories.AnyTenure(post__site=site).pk


def coverage_at(site):
    return factories.AnyCoverage(site=site).pk


def quarter_at(site) -> str:
    """A neighborhood of the 2024 edition that the site covers."""
    release = Release.objects.filter(edition=2024).first() or factories.AnyRelease()
    square = shapely.to_wkb(shapely.box(6.0, 47.2, 6.01, 47.21))
    qpv = factories.AnyQPV(release=release, code=f"QN{site.pk % 100_000:05d}M", outline=square)
    factories.AnyCoverage(site=site, edition=2024, qpv_code=qpv.code, begins_on=date(2024, 1, 1))
    territories.forget()
    return qpv.code


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


def sealed_version(site) -> dict:
    """A report of the site, sealed as the figures room does it."""
    from citeslab.figures.services import seal

    report = report_at(site)
    if not report.versions.exists():
        seal(report=report, by=factories.AnyUser(), at=timezone.now())
    return {"pk": report.pk, "number": 1}


def staffed(site) -> int:
    return factories.AnyMandate(site=site).site_id


def published(_site) -> dict:
    """The one year that is published."""
    made = Publication.objects.first() or factories.AnyPublication()
    return {"year": made.year, "number": made.number}


def report_at(site):
    """The site's one report of a year."""
    return Report.objects.filter(level="site", code=str(site.pk)).first() or factories.AnyReport(site=site)


def target_at(site):
    """The site's one target of a year."""
    return Target.objects.filter(level="site", code=str(site.pk)).first() or factories.AnyTarget(site=site)


def method_at(site):
    """A method of the site that is in the library."""
    return factories.AnyStep(version__method__site=site).version.method_id


# What stands for one argument of an address, at a site: by address, or by room.
WHAT = {
    ("accounts:removal", "pk"): factor,
    ("accounts:new_password", "uidb64"): fixed("MQ"),
    ("accounts:new_password", "token"): fixed("a-b"),
    ("agenda", "pk"): appointment_tomorrow,
    ("agenda", "secret"): fixed(MADE_UP),
    ("agenda:book", "pk"): of(factories.AnyPerson),
    ("agenda:contact", "pk"): of(factories.AnyFirstContact),
    ("agenda:contact_answer", "pk"): of(factories.AnyFirstContact),
    ("agenda:contact_file", "pk"): of(factories.AnyFirstContact),
    ("agenda:contact_parting", "pk"): of(factories.AnyFirstContact),
    ("agenda:surgery", "pk"): of(factories.AnySurgery),
    ("agenda:surgery_day", "pk"): of(factories.AnySurgery),
    ("agenda:surgery_end", "pk"): of(factories.AnySurgery),
    ("animation", "pk"): method_at,
    ("animation:announcement_withdrawal", "pk"): alone(factories.AnyAnnouncement),
    ("animation:certificate", "pk"): lambda site: factories.AnyTrainingPresence().enrolment.session_id,
    ("animation:checking", "pk"): lambda site: factories.AnyWelcomeStep(welcome__mandate__site=site).pk,
    ("animation:commitment", "pk"): alone(factories.AnyNetworkMeeting),
    ("animation:commitment_end", "pk"): alone(factories.AnyCommitment),
    ("animation:decision", "pk"): alone(factories.AnyNetworkMeeting),
    ("animation:decision_withdrawal", "pk"): alone(factories.AnyDecision),
    ("animation:enrolment", "pk"): alone(factories.AnyTrainingSession),
    ("animation:evaluation", "pk"): alone(factories.AnyTrainingSession),
    ("animation:first_step_end", "pk"): alone(factories.AnyFirstStep),
    ("animation:meeting", "pk"): alone(factories.AnyNetworkMeeting),
    ("animation:meeting_calendar", "pk"): alone(factories.AnyNetworkMeeting),
    ("animation:meeting_change", "pk"): alone(factories.AnyNetworkMeeting),
    ("animation:meeting_end", "pk"): alone(factories.AnyNetworkMeeting),
    ("animation:new_session", "pk"): alone(factories.AnyTraining),
    ("animation:presences", "pk"): alone(factories.AnyTrainingSession),
    ("animation:present", "pk"): alone(factories.AnyNetworkMeeting),
    ("animation:reading", "pk"): alone(factories.AnyAnnouncement),
    ("animation:session", "pk"): alone(factories.AnyTrainingSession),
    ("animation:session_calendar", "pk"): alone(factories.AnyTrainingSession),
    ("animation:session_end", "pk"): alone(factories.AnyTrainingSession),
    ("animation:training", "pk"): alone(factories.AnyTraining),
    ("animation:training_retirement", "pk"): alone(factories.AnyTraining),
    ("desk", "pk"): of(factories.AnyPerson),
    ("desk:method", "pk"): method_at,
    ("desk:office", "pk"): alone(factories.AnyOffice),
    ("desk:partner_network", "pk"): alone(factories.AnyNetwork),
    ("figures:definition", "id"): fixed("persons_supported"),
    ("figures:published", "year"): lambda site: published(site)["year"],
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
    ("figures", "pk"): lambda site: report_at(site).pk,
    ("figures:target_withdrawal", "pk"): lambda site: target_at(site).pk,
    ("figures", "format"): fixed("pdf"),
    ("figures", "place"): fixed(0),
    ("followup", "pk"): of(factories.AnyPerson),
    ("followup:later_news", "pk"): lambda site: factories.AnyLaterNews(since__person__site=site).pk,
    ("followup:silence", "pk"): of_person(factories.AnyNoNewsProposal),
    ("funding", "pk"): lambda site: agreement_at(site).pk,
    ("funding:account", "pk"): lambda site: agreement_at(site).funder_id,
    ("funding:reading", "pk"): lambda site: agreement_at(site).funder_id,
    ("funding:end_of_reading", "pk"): lambda site: factories.AnyDelegate(funder=agreement_at(site).funder).pk,
    ("funding:terms", "pk"): lambda site: agreement_at(site, signed_on=None).pk,
    ("funding:document", "pk"): lambda site: factories.AnyStoredFile(owner_id=agreement_at(site).pk).pk,
    ("funding:document_removal", "pk"): lambda site: factories.AnyStoredFile(owner_id=agreement_at(site).pk).pk,
    ("funding:report_withdrawal", "pk"): of_agreement(factories.AnyReportDue),
    ("funding:sending", "pk"): of_agreement(factories.AnyReportDue),
    ("funding:share_withdrawal", "pk"): of_agreement(factories.AnyPostShare),
    **{
        (f"funding:{name}", "pk"): of_agreement(factories.AnyInstalment)
        for name in ("instalment", "approval", "payment", "justification", "taking_back", "instalment_withdrawal")
    },
    ("intake", "pk"): of(factories.AnyWorkbook),
    ("network", "pk"): lambda site: site.pk,
    ("network:closure", "pk"): lambda site: factories.AnyMandate(site=site).user.pk,
    ("network:correction_of_organization", "pk"): lambda site: site.organization_id,
    ("network:correction_of_post", "pk"): post_at,
    ("network:end_of_coverage", "pk"): coverage_at,
    ("network:end_of_fse_plus", "pk"): fse_plus_at,
    ("network:end_of_mandate", "pk"): of(factories.AnyMandate),
    ("network:end_of_post", "pk"): post_at,
    ("network:end_of_tenure", "pk"): tenure_at,
    ("network:invitation", "secret"): fixed(MADE_UP),
    ("network:lost_factor", "pk"): lambda site: factories.AnyMandate(site=site).user.pk,
    ("network:merger", "pk"): lambda site: site.organization_id,
    ("network:name_of_organization", "pk"): lambda site: site.organization_id,
    ("network:network_import", "pk"): alone(factories.AnyImport),
    ("network:new_tenure", "pk"): post_at,
    ("network:organization", "pk"): lambda site: site.organization_id,
    ("network:quarter", "code"): quarter_at,
    ("network:removal_of_coverage", "pk"): coverage_at,
    ("network:removal_of_fse_plus", "pk"): fse_plus_at,
    ("network:removal_of_post", "pk"): post_at,
    ("network:removal_of_tenure", "pk"): tenure_at,
    ("network:taking_in", "pk"): alone(factories.AnyImport),
    ("network:undoing_of_merger", "pk"): lambda site: factories.AnyMerger(into=site.organization).pk,
    ("network:withdrawal", "pk"): of(factories.AnyInvitation),
    ("partners", "pk"): lambda site: factories.AnyContact(office__department=site.department).pk,
    ("partners:end_of_offer", "pk"): alone(factories.AnyOffer),
    ("partners:network", "pk"): alone(factories.AnyNetwork),
    ("partners:new_contact", "pk"): alone(factories.AnyOffice),
    ("partners:new_network_offer", "pk"): alone(factories.AnyNetwork),
    ("partners:new_offer", "pk"): alone(factories.AnyOffice),
    ("partners:office", "pk"): alone(factories.AnyOffice),
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
    ("workshops:funded", "pk"): lambda site: agreement_at(site).funder_id,
    ("workshops:calling", "pk"): lambda site: (
        factories.AnyCall(registration__workshop__site=site, registration__person__site=site).pk
    ),
    ("workshops:public_entry", "pk"): lambda site: factories.AnyWorkshop(site=site, is_public=True).pk,
    ("workshops", "session_pk"): lambda site: factories.AnySession(workshop__site=site).pk,
    ("workshops", "code"): fixed(MADE_UP),
    ("workshops:public", "pk"): lambda site: factories.AnyWorkshop(site=site, is_public=True).pk,
    ("website", "pk"): of(factories.AnyStory),
    **{(f"website:{name}", "pk"): staffed for name in ("booking", "message", "received_by", "site")},
    ("website:announcement", "pk"): alone(factories.AnyPressAnnouncement),
    ("website:announcement_withdrawal", "pk"): alone(factories.AnyPressAnnouncement),
    ("website:picture_file", "pk"): lambda site: factories.AnyPicture(story__site=site).story_id,
    ("website:story", "pk"): of(factories.AnyToldStory),
    ("website:story_picture", "pk"): lambda site: (
        factories.AnyPicture(story=factories.AnyToldStory(site=site), is_agreed=True).story_id
    ),
}

# The arguments of addresses whose objects hang on one another.
TOGETHER = {
    "figures:published_file": lambda site: published(site) | {"name": "cells.csv"},
    "figures:sealed_file": lambda site: sealed_version(site) | {"format": "pdf"},
    "figures:sealed_version": sealed_version,
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
    user = factories.AnyMandate(**mandates[role]).user
    if role == FUNDER:
        factories.AnyDelegate(user=user, funder=agreement_at(site).funder)
    return user
