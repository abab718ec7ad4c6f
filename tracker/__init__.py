"""Wiring only: settings, environment, addresses, the timetable. The domain is in promises/."""
