"""A visitor's own programme of the expo: starred sessions, reminders, news of changes, a calendar file, feedback."""
