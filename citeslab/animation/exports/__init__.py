"""Papers and files of the life of the network."""

from citeslab.animation.exports.calendars import meeting_entry, session_entry
from citeslab.animation.exports.certificates import certificate

__all__ = ["certificate", "meeting_entry", "session_entry"]
