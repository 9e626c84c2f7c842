"""What the export, the anonymisation and the retention know of the models. A house test keeps these lists whole.

A model is named `app.model`, a field `app.model.field`. Models that hold a foreign-key path to `Person` need no line
to be exported and scrubbed: their `PERSONAL` fields are enough.
"""

from django.utils.translation import gettext_lazy as _

NOTICE_VERSION = "2026-11"  # of the text at /mes-donnees/information/

# Rows that are a contact: the day it took place. The last one starts the 24 months.
CONTACTS = {
    "followup.meeting": "held_on",
    "workshops.attendance": "workshop__held_on",
    "rights.stillintouch": "said_on",
    "agenda.appointment": "booked_at",
    "followup.laternews": "settled_at",
    "referrals.answer": "occurred_on",
}

# Of these, the rows that count; all of them where nothing is said.
THAT_COUNT: dict[str, dict[str, object]] = {
    "followup.laternews": {"outcome": "ANSWERED"},
    "referrals.answer": {"kind__in": ["FIRST_MEETING", "OUTCOME"]},
}

# Rows that reach a person and are no contact, with the reason.
NOT_CONTACTS = {
    "people.person": "the file itself; its first day counts when nothing else does",
    "people.residence": "an address",
    "people.residenceanswer": "computed",
    "projects.project": "an idea",
    "projects.projectholder": "an idea",
    "followup.transition": "may be written without her: a closing for want of news",
    "rights.notice": "goes with a meeting",
    "rights.consent": "goes with a meeting, or is taken back from a distance",
    "rights.accesscode": "asking is not being accompanied",
    "rights.correctionrequest": "asking is not being accompanied",
    "rights.closing": "announced for want of a contact",
    "rights.hold": "decided without her",
    "people.opening": "someone read her file",
    "people.householdtie": "decided without her",
    "people.assignment": "decided without her",
    "followup.note": "goes with a meeting",
    "followup.gesture": "goes with a meeting",
    "followup.nextstep": "to come",
    "workshops.registration": "to come; the attendance is the contact",
    "workshops.presence": "goes with an attendance",
    "workshops.signature": "goes with an attendance",
    "workshops.call": "goes with a registration",
    "workshops.act": "how an attendance reached us",
    "followup.planstep": "to come",
    "followup.nonewsproposal": "for want of a contact",
    "followup.fseanswer": "goes with a meeting, or with news that she gives",
    "agenda.personlink": "goes with an appointment",
    "agenda.firstcontact": "asking is not being accompanied; what followed is a meeting",
    "agenda.contactanswer": "an advisor tried to call",
    "agenda.moverequest": "goes with an appointment",
    "referrals.referral": "goes with a meeting",
    "referrals.consent": "goes with a meeting",
    "referrals.link": "sent to a partner",
    "referrals.knock": "someone tried a link",
    "duplicates.likeness": "computed",
    "duplicates.difference": "decided without her",
    "duplicates.inquiry": "someone else was looked for",
    "duplicates.joinrequest": "decided without her",
    "duplicates.agreement": "decided without her",
    "duplicates.join": "decided without her",
    "website.story": "written to be published; the meeting where it was told is the contact",
    "website.picture": "goes with a story",
    "figures.anonymoustraits": "what is left of a file",
    "figures.personyear": "computed",
}

# Personal fields that outlive the person's name, with the reason.
KEPT = {
    "people.person.sex": "one of three values; the share of women of past years rests on it",
    "followup.laternews.situation": "one of a few values; answers and silences are counted",
    "followup.laternews.business_alive": "yes or no, counted",
    "followup.laternews.jobs": "a small number, counted",
}

# Text that is not personal on a model that reaches a person, with the reason.
IMPERSONAL = {
    "people.residenceanswer.qpv_code": "the code of a neighborhood of some thousands; figures count it",
    "projects.project.sector": "a letter",
    "figures.personyear.qpv_code": "the code of a neighborhood of some thousands; figures count it",
    "figures.personyear.qpv": "likewise",
    "figures.personyear.situation": "one of five values; figures count it",
    "rights.notice.version": "the version of our text",
    "referrals.referral.form_key": "drawn at random",
    "referrals.answer.form_key": "drawn at random",
    "agenda.appointment.key": "drawn at random",
    "agenda.personlink.digest": "of a secret drawn at random",
    "referrals.link.digest": "of a secret drawn at random",
    "referrals.knock.source": "where a partner's link was tried from; dropped with the name",
    "duplicates.inquiry.digest": "of words that an advisor typed; dropped with the name",
}

# Models that reach a person and are not in her export, with the reason.
NOT_EXPORTED = {
    "rights.accesscode": "the digest of a code says nothing to her; her visits are in the journal",
    "projects.projectholder": "says that a project is hers: her projects are told",
    "followup.gesture": "how a note reached us; the note is told",
    "agenda.personlink": "the digest of a link says nothing to her",
    "agenda.contactanswer": "how often an advisor called; what she wrote is told",
    "workshops.call": "that she is to be called: the registration is told",
    "workshops.act": "how an attendance reached us; the attendance is told",
    "referrals.link": "the digest of a link says nothing to her",
    "referrals.knock": "where a partner's link was tried from: about the partner",
    "duplicates.inquiry": "about someone else, whom an advisor was writing down",
    "duplicates.agreement": "about two files: would tell about another person",
    "figures.personyear": "made each night of her meetings, steps and residence: these are told",
}

# Rows that make no sense without a name behind them: dropped, not scrubbed.
DROPPED = {
    "rights.notice": "proves that she was told; nothing is left to prove",
    "rights.consent": "allows what can no longer be done",
    "rights.accesscode": "opens nothing any more",
    "rights.correctionrequest": "was answered, or is void",
    "rights.closing": "has happened",
    "rights.stillintouch": "has run out",
    "rights.hold": "has run out",
    "followup.note": "words; the meeting stays",
    "followup.fseanswer": "together they say much of one person; the fund's own file has them",
    "people.opening": "its reason quotes her; the journal tells the reading",
    "agenda.personlink": "opens nothing any more",
    "workshops.signature": "her own hand; the attendance stays",
    "workshops.call": "nobody is to be called any more",
    "agenda.moverequest": "was settled, or is void",
    "referrals.link": "opens nothing any more",
    "referrals.knock": "opens nothing any more",
    "duplicates.inquiry": "a digest of a name",
    "duplicates.agreement": "about two files, one of which is nobody's",
    "website.picture": "may show her",
}

# Models that name people by plain numbers, without a foreign key: what they hold of someone is found by these fields.
BY_NUMBER = {
    "duplicates.join": ("kept_key", "gone_key"),
    "figures.personyear": ("person_id",),
}

# Copies that may hold anyone of a site: emptied whenever someone is forgotten.
COPIES = {
    "desk.export": {"query": "", "content": None},
}

# Fields never shown to her, nor to anyone: keys of order and of secrets.
UNSAID = frozenset({"id", "sort_key", "digest", "anonymised_at"})

# Personal fields on models that reach nobody by foreign key: who they are about, and how they are forgotten.
ELSEWHERE = {
    "accounts.user": "staff, not people accompanied",
    "notifications.message": "about one of her rows, or sent to her: blanked with her file, and after 30 days",
    "intake.workbook": "dropped at her site with her file, and after 30 days",
    "accounts.identity": "staff",
    "agenda.publicname": "staff, as she agreed to be named",
    "accounts.session": "staff; closed after eight hours",
    "animation.networkmeeting": "who came to a meeting of the network: staff and partners",
    "animation.skill": "staff, in her own words",
    "files.storedfile": "documents of agreements, erased on their day; none is about a person accompanied",
    "network.hostorganization": "who answers for an organization: staff",
    "network.import": "files of posts and who holds them: staff",
    "network.invitation": "staff",
    "partners.contact": "partners, not people accompanied",
    "desk.savedfilter": "words that staff chose for their lists; those that may name her go with her name",
    "desk.export": "emptied with her file, and after a day",
}

HERSELF = "the-person@citeslab.invalid"  # the actor of what a person does in her own space; it cannot sign in

# Acts of the journal in words for her: by their whole name, or by their last word.
ACTS = {
    "read": _("opened your file"),
    "exported": _("took your file out in a list"),
    "people.person.opened_elsewhere": _("opened your file, from another site"),
    "duplicates.files.joined": _("joined two files of yours"),
    "duplicates.files.parted": _("parted two files that had been joined"),
    "duplicates.likeness.hinted": _("learned that another site may have a file of yours"),
    "rights.notice.given": _("noted that you were told about your data"),
    "rights.consent.said": _("noted what you agree to"),
    "rights.person.said_still_in_touch": _("noted that you are still in touch"),
    "rights.person.held": _("noted that the law asks to keep your file"),
    "rights.person.released": _("noted that nothing asks to keep your file any more"),
    "rights.code.given": _("gave you a code"),
    "rights.code.asked": _("asked for a code"),
    "rights.space.opened": _("opened this space"),
    "rights.file.downloaded": _("downloaded the whole file"),
    "rights.request.asked": _("asked for a change"),
    "rights.request.answered": _("answered what you asked"),
}
OTHER_ACT = _("wrote in your file")
