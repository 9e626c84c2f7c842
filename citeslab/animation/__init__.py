"""The life of the network: methods shared, trainings, meetings, announcements, who is good at what."""
