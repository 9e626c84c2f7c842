"""Collective actions: what was held, who came, how many heads."""
