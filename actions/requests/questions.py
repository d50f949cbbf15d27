"""What a message asks about a report: by when, who, what it costs, who learns the name, why all this is kept."""

from actions.phrases import Phrases
from actions.turn import Turn

_BY_WHEN = frozenset({"delay", "hours"})


def asks_by_when(turn: Turn) -> bool:
    """ "ça va prendre combien de temps ?", "wa9tach ghadi tjiw": about a report that is about its deadline."""
    understanding = turn.understanding
    follows_up = understanding is not None and understanding.intent == "request/status"
    return any(
        (entity.value["bare"] or follows_up) and entity.value["aspect"] in _BY_WHEN
        for entity in turn.entities_of("aspect")
    )


def asks_who(turn: Turn) -> bool:
    """ "qui s'en occupe ?", "شكون المسؤول": about a report that is about the office."""
    return any(entity.value["bare"] and entity.value["aspect"] == "who" for entity in turn.entities_of("aspect"))


def is_asked(turn: Turn) -> bool:
    """By its sign or its first word, an "and" or a "please" before it or not."""
    return is_marked(turn) or begins(turn, turn.house.report_words.asks)


def begins(turn: Turn, phrases: Phrases) -> bool:
    """Whether a message begins with one of the phrases, an "and" or a "please" before it or not."""
    report_words = turn.house.report_words
    said = report_words.joins.not_first(report_words.thanks.without(turn.text))
    joined = report_words.and_prefix.are_all_of(said[:1]) and phrases.begin(said[1:])
    return phrases.begin(turn.text) or phrases.begin(said) or joined


def asks_anywhere(turn: Turn) -> bool:
    """The same, wherever the word stands: "oui c'est quoi ça" agrees to nothing."""
    return is_asked(turn) or turn.house.report_words.asks.are_in(turn.text)


def asks_what_now(turn: Turn) -> bool:
    """ "et maintenant ?", "ودابا؟": what comes next of the report that is in hand or was just filed."""
    said = turn.house.report_words
    return said.what_now.are_all_of(said.thanks.without(turn.text))


def asks_if_nobody_comes(turn: Turn) -> bool:
    """ "et si personne ne vient ?", "وإلا ما جاوش", asked of a report."""
    said, text = turn.house.report_words, turn.text
    joined = said.and_prefix.are_all_of(text[:1]) and said.if_not_done.begin(text[1:])
    return (
        joined
        or (is_asked(turn) and said.if_not_done.are_in(text))
        or said.if_not_done.begin(said.joins.not_first(text))
    )


def asks_price(turn: Turn) -> bool:
    """ "c'est gratuit ?", "wach khassni nkhelles": about a report that is about reporting."""
    return any(entity.value["bare"] and entity.value["aspect"] == "cost" for entity in turn.entities_of("aspect"))


def asks_whether_named(turn: Turn) -> bool:
    """ "ils vont savoir que c'est moi ?", "c'est possible de rester anonyme ?"."""
    report_words = turn.house.report_words
    return report_words.who_knows.are_in(turn.text) or (
        is_asked(turn) and (report_words.anonymous.are_in(turn.text) or report_words.own_name.are_in(turn.text))
    )


def asks_whether_shown(turn: Turn) -> bool:
    """The same outside of a report, where a name is spoken of for other reasons, too: it has to be about being shown."""
    said = turn.house.report_words
    named = said.own_name.are_in(turn.text) and said.shown.are_in(turn.text)
    return said.who_knows.are_in(turn.text) or (is_asked(turn) and named)


def is_of_transport(turn: Turn) -> bool:
    """Whether it is about trams and ways, whichever of these it is, and not about the report in hand."""
    likeliest = turn.understanding.ranking[:2] if turn.understanding else ()
    return bool(likeliest) and all(ranked.intent.startswith("transport/") for ranked in likeliest)


def is_a_question(turn: Turn) -> bool:
    return is_marked(turn) or bool(turn.entities_of("aspect"))


def is_marked(turn: Turn) -> bool:
    return "?" in turn.text or "؟" in turn.text
