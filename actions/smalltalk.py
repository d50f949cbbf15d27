"""Greetings, help, and the ways out when nothing else fits."""

from collections.abc import Sequence

from actions.faq import OUT_OF_SCOPE, talk_about
from actions.reply import Choice, Reply, Say, Words, say
from actions.turn import Turn, button, with_choices
from nlu.negation import denies
from nlu.understanding import Decision, Language

_WORDS_OF_A_PROBLEM = 3
_WORDS_BESIDE_A_SIGH, _WORDS_BESIDE_HASTE = 2, 4
_SURE_IN_ANGER = 0.7
MENU = (
    "faq/birth_certificate",
    "report/other",
    "request/list",
    "transport/directions",
    "expo/overview",
    "talk_to_human",
)
_REFUSED = {code: f"refused.{code}" for code in ("too_large", "not_a_photo", "no_room")} | {"voice": "smalltalk.voice"}
"""What is said of files that could not be taken, by `Incoming.other`; of a voice note the same as of one that is kept."""


def greet(turn: Turn) -> Reply:
    return with_choices(say("smalltalk.greet"), *_menu_choices(turn))


def welcome(turn: Turn) -> Reply:
    """Somebody opened the chat without a word."""
    return with_choices(say("smalltalk.welcome"), *_menu_choices(turn))


def short_of_time(turn: Turn) -> Reply | None:
    """ "g pas bcp de temps" is neither thanks nor a no: how to get it done in one message. In a report it is left to the report."""
    said = turn.house.report_words
    if turn.incoming.text is None or turn.state.form is not None or not said.no_time.are_in(turn.text):
        return None
    rest = said.thanks.without(said.no_time.without(turn.text))
    return (
        with_choices(say("smalltalk.be_quick"), *_menu_choices(turn)[:3])
        if len(rest.split()) <= _WORDS_BESIDE_HASTE
        else None
    )


def goodbye(turn: Turn) -> Reply:
    return say("smalltalk.goodbye")


def thanks(turn: Turn) -> Reply:
    """In the middle of a report nothing is done yet, which is what is said instead (`filing.resume`)."""
    in_report = turn.state.form is not None and turn.state.form.asking != "elsewhere"
    return Reply(()) if in_report else say("smalltalk.thanks")


def help_(turn: Turn) -> Reply:
    return with_choices(say("smalltalk.help"), *_menu_choices(turn))


def who_are_you(turn: Turn) -> Reply:
    return with_choices(say("smalltalk.who"), turn.intent_choice("help"), turn.intent_choice("talk_to_human"))


def wrong_answer(turn: Turn) -> Reply:
    return with_choices(say("smalltalk.wrong_answer"), turn.intent_choice("help"), turn.intent_choice("talk_to_human"))


def affirm_nothing(turn: Turn) -> Reply:
    """A yes or no to no question."""
    return with_choices(say("smalltalk.acknowledged"), *_menu_choices(turn)[:3])


def nothing_to_cancel(turn: Turn) -> Reply:
    return with_choices(say("smalltalk.nothing_to_cancel"), *_menu_choices(turn)[:3])


def out_of_scope(turn: Turn) -> Reply:
    talk_about(turn, OUT_OF_SCOPE)
    return with_choices(say("smalltalk.out_of_scope"), *_menu_choices(turn)[:3], turn.intent_choice("talk_to_human"))


def lost(turn: Turn) -> Reply:
    """The menu and a human; the second time in a row it says how to write so that it works."""
    turn.state.lost_in_a_row += 1
    key = "smalltalk.lost" if turn.state.lost_in_a_row == 1 else "smalltalk.lost_again"
    return with_choices(say(key), *_menu_choices(turn))


def ask_which(turn: Turn, intents: Sequence[str]) -> Reply:
    """Asks which of two was meant, or whether it was the one; who may be in danger has the numbers before the question."""
    phrases = [Words(turn.house.knowledge.phrase(intent, turn.language)) for intent in intents]
    question = (
        say("smalltalk.ask_which", first=phrases[0], second=phrases[1])
        if len(phrases) == 2
        else say("smalltalk.ask_whether", first=phrases[0])
    )
    if "emergency" in intents:
        question = say("smalltalk.if_danger").then(question)
    return with_choices(
        question, *(turn.intent_choice(intent) for intent in intents), button("button.something_else", "i:help")
    )


def unreadable(turn: Turn) -> Reply:
    """Nothing in it that can be read: empty, signs only, digits only."""
    return with_choices(say("smalltalk.unreadable"), *_menu_choices(turn)[:3], turn.intent_choice("talk_to_human"))


def which_number(turn: Turn) -> Reply:
    """A number where there is no list, or a shorter one."""
    return with_choices(say("smalltalk.which_number"), *_menu_choices(turn)[:3])


def voice(turn: Turn) -> Reply:
    return with_choices(say("smalltalk.voice"), *_menu_choices(turn))


def cannot_use(turn: Turn) -> Reply:
    return with_choices(_refused(turn, "smalltalk.cannot_use"), *_menu_choices(turn)[:3])


def only_words(turn: Turn) -> Reply:
    """What is said before the answer to the words under a file that could not be taken."""
    return _refused(turn, "smalltalk.only_words")


def _refused(turn: Turn, otherwise: str) -> Reply:
    return say(_REFUSED.get(turn.incoming.other or "", otherwise))


def change_language(turn: Turn) -> Reply:
    """Switches to the language that is named, or offers all of them."""
    named = turn.entities_of("language")
    if not named:
        choices = [Choice(Say(f"language.{language.value}"), f"l:{language.value}") for language in Language]
        return with_choices(say("smalltalk.which_language"), *choices)
    wanted, written = Language(named[0].value), turn.understanding.language if turn.understanding else None
    if denies(turn.text) and written is not None and written is not wanted:
        wanted = written  # "I don't speak Arabic"
    return fix_language(turn, wanted)


def fix_language(turn: Turn, language: Language) -> Reply:
    turn.state.language, turn.state.fixed_language = language, True
    turn.language = language
    return with_choices(say("smalltalk.language_fixed"), *_menu_choices(turn)[:3])


def _menu_choices(turn: Turn) -> tuple[Choice, ...]:
    return tuple(turn.intent_choice(intent) for intent in MENU)


def is_abuse(turn: Turn) -> bool:
    """Whether a message only insults, or only says that somebody has had enough: when it names a problem or asks something too,
    that is what counts."""
    abusive, weary = turn.house.report_words.abusive, turn.house.report_words.weary
    if turn.incoming.text is None or turn.understanding is None:
        return False
    if not abusive.are_in(turn.text):
        left = weary.without(turn.text)
        return weary.are_in(turn.text) and (len(left.split()) < _WORDS_BESIDE_A_SIGH or not _tells(turn, left))
    rest = weary.without(abusive.without(turn.text))
    return len(rest.split()) < _WORDS_OF_A_PROBLEM or not _tells(turn, rest)


def _tells(turn: Turn, rest: str) -> bool:
    """Whether something is meant by what is left of an angry message."""
    meant = turn.house.parser.parse(rest)
    sure = meant.decision is Decision.ANSWER and meant.confidence >= _SURE_IN_ANGER
    return sure and meant.intent not in ("out_of_scope", "bot_challenge", "wrong_answer")


def calm(turn: Turn) -> Reply:
    """Anger is answered with patience and a way on."""
    return with_choices(
        say("smalltalk.calm"),
        turn.intent_choice("report/other"),
        turn.intent_choice("request/list"),
        turn.intent_choice("talk_to_human"),
    )
