"""What people write during the trial: each files one request and asks about other things, without waiting for replies."""

from collections.abc import Sequence
from dataclasses import dataclass

_FILING = ("il y a un lampadaire éteint", "c'est devant la mosquée rue {number} à Sidi Othmane", "non", "oui")
_QUESTIONS = ("prix du tram", "merci", "acte de naissance", "salam", "horaires du tram", "carte nationale")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on one of the two channels."""

    number: int
    channel: str
    messages: tuple[str, ...]

    @property
    def address(self) -> str:
        return str(70_000 + self.number) if self.channel == "telegram" else f"whatsapp:+2126{self.number:08d}"


def people(count: int, messages: int, channels: Sequence[str]) -> list[Person]:
    """As many on each channel; the first four messages of each file a request."""
    found = []
    for number in range(count):
        questions = (_QUESTIONS[turn % len(_QUESTIONS)] for turn in range(messages - len(_FILING)))
        texts = (*(text.format(number=100 + number) for text in _FILING), *questions)
        found.append(Person(number, channels[number % len(channels)], texts[:messages]))
    return found
