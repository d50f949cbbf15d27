"""Words of the normalised message."""

from __future__ import annotations

from typing import Any

from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from nlu.components.views import words_of


class NormalisingTokenizer(Tokenizer):
    """Normalises once, so that every component behind sees one spelling of the same letters (see `nlu.text`)."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        return [Token(word.text, word.start, word.end) for word in words_of(message)]
