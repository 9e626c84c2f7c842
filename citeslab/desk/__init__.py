"""Pages that show several rooms at once: home, list of people, a person's page."""
