"""The demonstration network: invented people, a fixed seed, true sizes."""
