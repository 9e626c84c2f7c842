"""What is asked of who writes for the network."""

from citeslab.animation.forms.announcements import AnnouncementForm
from citeslab.animation.forms.meetings import CommitmentForm, DecisionForm, MeetingForm, PresentForm
from citeslab.animation.forms.methods import MethodFilter, MethodText, of_version
from citeslab.animation.forms.trainings import (
    ColleaguesFilter,
    CompetencesForm,
    EvaluationForm,
    Presences,
    SessionForm,
    TrainingForm,
)
from citeslab.animation.forms.welcomes import FirstStepForm

__all__ = [
    "AnnouncementForm", "ColleaguesFilter", "CommitmentForm", "CompetencesForm", "DecisionForm", "EvaluationForm",
    "FirstStepForm", "MeetingForm", "MethodFilter", "MethodText", "PresentForm", "Presences", "SessionForm",
    "TrainingForm", "of_version",
]  # fmt: skip
