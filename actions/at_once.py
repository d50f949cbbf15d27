"""Somebody at the expo who asks everything in one message: "when does it start, where is it, how much, and what's on today?"."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from actions.acting import act_on
from actions.expo import meant
from actions.programme.reading import read
from actions.reply import Part, Reply
from actions.turn import Turn
from nlu.programme_words import is_lost, says
from nlu.text import normalise, words
from nlu.understanding import Decision, Understanding

_OF_THE_EXPO: Mapping[str, str] = {"cost": "expo/registration", "where": "expo/venue", "hours": "expo/dates"}
"""What a bare aspect is about, said beside other questions for the expo."""
_SERVED = ("expo/", "transport/")
_QUESTIONS, _KINDS, _ANSWERED = 3, 2, 4
_SHORT = 8
"""Words of a question that is no more than an aspect: "how much it costs"."""


async def questions(turn: Turn) -> Reply | None:
    """The answers one after the other, where a message has three questions or more, of two kinds at least; None for any other."""
    if turn.state.form is not None or turn.understanding is None or not meant.is_topical(turn):
        return None
    if is_lost(turn.text):
        return None  # Whoever is late or lost asks one thing, and tells the rest.
    asked = _clauses(turn)
    if len(asked) < _QUESTIONS:
        return None
    found: dict[str, tuple[str, Understanding]] = {}
    for clause in asked:
        understanding = turn.house.parser.parse(clause)
        intent = _intent(turn, clause, understanding)
        if intent is not None:
            found.setdefault(intent, (clause, understanding))
    if len(found) < _KINDS:
        return None
    whole = turn.incoming, turn.understanding
    told: list[Part] = []
    reply = Reply(())
    for intent, (clause, understanding) in list(found.items())[:_ANSWERED]:
        turn.incoming = replace(turn.incoming, text=clause)
        turn.understanding = replace(understanding, intent=intent, decision=Decision.ANSWER)
        reply = await act_on(turn, intent)
        told = [part for part in told if part not in reply.parts] + list(reply.parts)
    turn.incoming, turn.understanding = whole
    return Reply(tuple(told), reply.choices, reply.shows)


def _clauses(turn: Turn) -> Sequence[str]:
    """The parts of the message between signs and words that join questions, those without a letter left out."""
    text, parts, begin = normalise(turn.text), list[str](), 0
    joins = turn.house.plain_words.joins_questions
    found = words(text)
    for word, following in zip(found, [*found[1:], None], strict=True):
        gap = text[word.end : following.start] if following else ""
        if joins.are_all_of(word.text):
            parts.append(text[begin : word.start])
            begin = word.end
        elif any(sign in gap for sign in ",;?!.:"):
            parts.append(text[begin : word.end])
            begin = word.end
    return [clause for part in (*parts, text[begin:]) if (clause := part.strip(" ,;?!.:-"))]


def _intent(turn: Turn, clause: str, understanding: Understanding) -> str | None:
    aspects = [str(entity.value["aspect"]) for entity in understanding.entities_of("aspect")]
    edition = turn.expo.edition
    if edition is None:
        return None
    about = next((_OF_THE_EXPO[aspect] for aspect in aspects if aspect in _OF_THE_EXPO), None)
    reading = read(edition, clause, understanding.entities)
    named = reading.names_sessions or reading.topic
    of_a_way = says(clause, "transit") or says(clause, "session") or bool(understanding.entities_of("place"))
    if about is not None and len(clause.split()) <= _SHORT and not of_a_way:
        return about
    if understanding.decision is Decision.ANSWER:
        return understanding.intent if understanding.intent.startswith(_SERVED) else None
    likely = understanding.intent.startswith(_SERVED) and understanding.decision is Decision.ASK
    return "expo/session" if named and reading.is_bare else understanding.intent if likely else None
