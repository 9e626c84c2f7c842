"""What the network keeps of its own life."""

from citeslab.animation.models.announcements import Announcement, ReadMark
from citeslab.animation.models.meetings import Commitment, Decision, NetworkMeeting
from citeslab.animation.models.methods import Method, Step, Version
from citeslab.animation.models.trainings import (
    Enrolment,
    Evaluation,
    HalfDay,
    Need,
    Presence,
    Skill,
    Training,
    TrainingSession,
)
from citeslab.animation.models.welcomes import FirstStep, Welcome, WelcomeStep

__all__ = [
    "Announcement", "Commitment", "Decision", "Enrolment", "Evaluation", "FirstStep", "HalfDay", "Method", "Need",
    "NetworkMeeting", "Presence", "ReadMark", "Skill", "Step", "Training", "TrainingSession", "Version", "Welcome",
    "WelcomeStep",
]  # fmt: skip
