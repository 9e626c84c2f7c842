"""Funders and who reads for them; agreements and what they promise; what was paid, and for what."""

from citeslab.funding.models.agreements import Agreement, ReportDue
from citeslab.funding.models.funders import Delegate, Funder
from citeslab.funding.models.money import Instalment, Payment, Progress
from citeslab.funding.models.shares import PostShare

__all__ = ["Agreement", "Delegate", "Funder", "Instalment", "Payment", "PostShare", "Progress", "ReportDue"]
