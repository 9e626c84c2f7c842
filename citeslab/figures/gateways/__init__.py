"""The engines that hold facts: each compiles an expression to its own words and answers with rows."""

from citeslab.figures.gateways.operational import Operational

__all__ = ["Operational"]
