"""Answers from the timetable of an edition: now, next, a day and its parts, what is free for everyone."""

from dataclasses import replace
from datetime import datetime, timedelta

from actions.expo.hours import is_over, lunch_end, opening
from actions.expo.lists import Listing, all_days, short, talks
from actions.expo.pages import Pages
from actions.expo.wording import clock, named_days
from actions.programme import selection
from actions.reply import Reply, Say
from nlu.programme_words import content_words, says


class Timetable:
    """The timetable of one edition, asked one question."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._edition, self._asked, self._say, self._lists = pages.edition, pages.asked, pages.say, pages.lists

    def now(self) -> Reply:
        if "hour" in self._asked.when:
            return self.next()
        running = selection.on_at(self._edition, self._asked.now)
        pauses = Reply(self._say.pauses(running))
        if not talks(running):
            return pauses.then(Reply((self._pages.status(),))).then(self._upcoming(self._asked.now))
        heading = Say("expo.now.heading", {"time": clock(self._asked.now)})
        return pauses.then(self._pages.page(replace(self._lists.at(self._asked.now), heading=heading), 0))

    def next(self) -> Reply:
        moment = self._pages.moment()
        if moment.start is None or self._asked.when.get("now"):
            upcoming = selection.next_after(self._edition, self._asked.now)
            return (
                self._upcoming(self._asked.now) if upcoming else Reply((Say("expo.list.empty"), self._pages.status()))
            )
        if moment.end is None:
            return self._at(moment.start)
        return self.schedule()

    def _at(self, moment: datetime) -> Reply:
        listing = self._lists.at(moment)
        if listing.sessions:
            return self._pages.page(listing, 0)
        about = {"day": self._say.day_name(moment.date()), "time": clock(moment)}
        pauses = self._say.pauses(selection.on_at(self._edition, moment))
        return Reply(pauses or (Say("expo.at.nothing", about),)).then(self._upcoming(moment))

    def _upcoming(self, moment: datetime) -> Reply:
        """The sessions that start next; nothing once the last has begun."""
        coming = selection.next_after(self._edition, moment)
        if not coming or coming[0].start is None:
            return Reply(())
        start = coming[0].start
        heading = Say("expo.next.heading", {"day": self._say.day_name(start.date()), "time": clock(start)})
        key = f"win:{start:%Y-%m-%d}:{start:%H%M}-{start + timedelta(minutes=1):%H%M}"
        return self._pages.page(Listing(key, heading, coming, with_day=False), 0)

    def schedule(self) -> Reply:
        moment = self._pages.moment()
        named_day = moment.day if "day" in self._asked.when else None
        if named_day and named_day not in all_days(self._edition):
            closed = Say(
                "expo.not_on_day", {"day": self._say.day_name(named_day), "days": named_days(self._edition.days)}
            )
            return Reply((closed,), self._pages.day_choices())
        day = moment.day if moment.day in all_days(self._edition) else self._pages.default_day()
        listing = self._lists.find("day", day.isoformat())
        if moment.start and moment.end and self._asked.when.keys() & {"part", "bound"}:
            lunch = self._asked.when.get("part") == "after_lunch"
            part_start = lunch_end(self._edition, day) if lunch else moment.start.timetz()
            start = max(datetime.combine(day, part_start), opening(self._edition, day)[0])
            listing = self._lists.find("win", f"{day}:{start:%H%M}-{moment.end:%H%M}")
            begun = day == self._asked.now.date() and start < self._asked.now
            goes_on = self._not_over(listing) if listing and begun else None
            if goes_on and goes_on > start:
                listing = self._lists.find("win", f"{day}:{goes_on:%H%M}-{moment.end:%H%M}")
            if listing and not listing.sessions:
                about = {"day": self._say.day_name(day), "time": clock(start)}
                return Reply((Say("expo.window.nothing", about),)).then(self._upcoming(start))
        over = is_over(self._edition, self._asked.now)
        if listing and says(self._asked.text, "left") and day == self._asked.now.date() and not over:
            coming = [session for session in listing.sessions if not self._pages.is_over(session)]
            listing = replace(listing, heading=Say("expo.left.heading"), sessions=coming)
        return Reply((self._pages.status(),) if over else ()).then(
            self._pages.page(listing, 0) if listing else Reply(())
        )

    def _not_over(self, listing: Listing) -> datetime | None:
        """When the first session in a room begins that is not over yet; what lasts all day says nothing of that."""
        return next((s.start for s in listing.sessions if s.room and s.end and s.end > self._asked.now), None)

    def is_public(self) -> bool:
        """Whether something that is open to everyone is about the topic that the question names."""
        about = self._lists.find("public", short(content_words(self._asked.text)))
        return about is not None and bool(about.sessions)

    def public_events(self) -> Reply | None:
        about = short(content_words(self._asked.text)) if self.is_public() else ""
        listing = self._lists.find("public", about)
        if listing and "day" in self._asked.when and (day := self._pages.moment().day):
            of_day = self._lists.find(*f"{listing.key}@{day}".split(":", 1))
            listing = of_day if of_day and of_day.sessions else listing
        return self._pages.page(listing, 0) if listing and listing.sessions else None
