"""When and where one meets: surgeries, slots, appointments, reminders, calendars."""
