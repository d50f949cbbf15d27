"""Dates in words, as people in Morocco say them."""

from datetime import date

from actions.reply import Say


def spoken_date(day: date) -> Say:
    """ "23 novembre 2026", "23 نونبر 2026": the month by its Moroccan name."""
    return Say("date.full", {"day": day.day, "month": Say(f"date.month.{day.month}"), "year": day.year})
