"""Random strings through the whole pipeline: `make fuzz`. Each must be parsed, none may take long."""

import random
import sys
import time
from collections.abc import Callable, Iterator

from bot.assistant import ensure_model
from bot.settings import PROJECT
from nlu.examples import read_examples
from nlu.runtime import Parser

STRINGS = 100_000
SECONDS_ALLOWED = 0.5
"""For one string of at most `LONGEST` characters. An expression that tries all ways to fail needs minutes, not milliseconds."""
LONGEST = 4_000
_ALPHABETS = (
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإئؤةىڭپڤ ",
    "abcdefghijklmnopqrstuvwxyz ",
    "a'bl-t.1 2:3/h,",
    "0123456789+-. ()",
    "ـًٌٍَُِّْ\u200f\u200e\u2066\u2069\u202e\u200d 🙏🏽👨‍👩‍👧",
    "ÀÉÇœßİıſﬁﷺ㎏Ⅷ①\u0301\u0308 ",
    "\t\n\r \u2028\u00a0\x00_-'’.,;:!?",
)


def strings(number: int, pieces: list[str], seed: int = 0) -> Iterator[str]:
    """Random strings: of any characters, of one alphabet, of repeated pieces, and of messages that were damaged."""
    chance = random.Random(seed)
    makers: tuple[Callable[[random.Random, list[str]], str], ...] = (
        _any,
        _of_one_alphabet,
        _repeated,
        _damaged,
        _joined,
    )
    for _ in range(number):
        # Most are short, as messages are; one in a hundred is as long as can be.
        text = chance.choice(makers)(chance, pieces)
        yield text[: LONGEST if chance.random() < 0.01 else 300]


def _any(chance: random.Random, pieces: list[str]) -> str:
    return "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randrange(60)))


def _of_one_alphabet(chance: random.Random, pieces: list[str]) -> str:
    return "".join(chance.choices(chance.choice(_ALPHABETS), k=chance.randrange(200)))


def _repeated(chance: random.Random, pieces: list[str]) -> str:
    """What catastrophic expressions stumble over: the same again and again, and then something else."""
    piece = chance.choice((chance.choice(pieces)[: chance.randrange(1, 8)], *chance.choice(_ALPHABETS)))
    return piece * (LONGEST // max(len(piece), 1)) + chance.choice("!ا0 ")


def _damaged(chance: random.Random, pieces: list[str]) -> str:
    letters = list(chance.choice(pieces))
    for _ in range(chance.randrange(1, 6)):
        letters[chance.randrange(len(letters))] = chance.choice(chance.choice(_ALPHABETS))
    return "".join(letters)


def _joined(chance: random.Random, pieces: list[str]) -> str:
    return chance.choice(("", " ", ", ", "\n")).join(chance.choices(pieces, k=chance.randrange(1, 60)))


def main() -> int:
    parser = Parser.load(ensure_model(PROJECT, print))
    pieces = [example.text for example in read_examples(PROJECT)]
    slowest, which, began = 0.0, "", time.monotonic()
    for text in strings(STRINGS, pieces):
        # Time of this thread, so that a busy machine is not taken for a slow expression.
        started = time.thread_time()
        understood = parser.parse(text)
        seconds = time.thread_time() - started
        if len(understood.ranking) != 5 or not 0 <= understood.confidence <= 1:
            sys.stdout.write(f"Badly understood: {text!r}\n")
            return 1
        if seconds > slowest:
            slowest, which = seconds, text
    sys.stdout.write(
        f"{STRINGS} strings in {time.monotonic() - began:.0f} s; the slowest took {slowest * 1000:.1f} ms "
        f"({len(which)} characters); allowed are {SECONDS_ALLOWED * 1000:.0f} ms\n"
    )
    return 0 if slowest <= SECONDS_ALLOWED else 1


if __name__ == "__main__":
    sys.exit(main())
