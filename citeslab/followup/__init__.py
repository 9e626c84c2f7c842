"""The pathway: meetings, stages (dated, journaled) and exits."""
