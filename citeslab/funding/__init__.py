"""Agreements and money: who pays for what, what is promised, paid and justified; each amount in whole cents."""
