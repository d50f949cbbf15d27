"""What goes wrong at the local Twilio, by seeded chance."""

import random
from dataclasses import dataclass


@dataclass
class Faults:
    """Chances of what goes wrong with one `messages.create`, and how long a time-out hangs, in seconds."""

    too_many: float = 0.0
    server_error: float = 0.0
    lost_request: float = 0.0
    """Hangs, and was not accepted."""
    lost_answer: float = 0.0
    """Accepted, then hangs: the caller cannot know."""
    duplicate_webhook: float = 0.0
    seed: int = 0
    hang: float = 30.0

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)

    def draw(self) -> str | None:
        """What goes wrong this time."""
        point = self.random.random()
        for name in ("too_many", "server_error", "lost_request", "lost_answer"):
            point -= getattr(self, name)
            if point < 0:
                return name
        return None
