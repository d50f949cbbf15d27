"""Arabic-letter Darija rewritten in Latin letters the ways people do, to make training examples.

Only for training: a Darija sentence that was written in Arabic letters also teaches its Latin spelling.
"""

import random

from nlu.text import normalise, words

_SPELLINGS: dict[str, tuple[str, ...]] = {
    "ا": ("a", "a", "a", "e"),
    "ب": ("b",),
    "ت": ("t",),
    "ث": ("t", "th"),
    "ج": ("j",),
    "ح": ("7", "7", "h"),
    "خ": ("kh", "kh", "5"),
    "د": ("d",),
    "ذ": ("d",),
    "ر": ("r",),
    "ز": ("z",),
    "س": ("s",),
    "ش": ("ch", "ch", "sh"),
    "ص": ("s",),
    "ض": ("d",),
    "ط": ("t",),
    "ظ": ("d",),
    "ع": ("3", "3", "3", "a"),
    "غ": ("gh", "gh", "8"),
    "ف": ("f",),
    "ق": ("9", "9", "k", "q"),
    "ك": ("k",),
    "ڭ": ("g",),
    "ل": ("l",),
    "م": ("m",),
    "ن": ("n",),
    "ه": ("h",),
    "و": ("ou", "o", "w"),
    "ي": ("i", "i", "y"),
    "ء": ("",),
}
_ONE_LETTER_WORDS = {"و": "w", "ف": "f", "ب": "b", "ل": "l"}
_VOWEL_BETWEEN_CONSONANTS = 0.35


def romanise(text: str, *, seed: int) -> str:
    """One plausible Arabizi spelling of a Darija text; the same seed gives the same spelling. Latin words stay."""
    chance = random.Random(seed)
    # A writer has habits: one spelling of a letter throughout one message.
    habit = {letter: chance.choice(options) for letter, options in _SPELLINGS.items()}
    return " ".join(_word(word.text, habit, chance) if word.is_arabic else word.text for word in words(normalise(text)))


def _word(word: str, habit: dict[str, str], chance: random.Random) -> str:
    if word in _ONE_LETTER_WORDS:
        return _ONE_LETTER_WORDS[word]
    if word.startswith("ال") and len(word) > 3:
        word = word[1:]
    ending = "a" if word.endswith("ه") and len(word) > 2 else ""
    letters = word[:-1] if ending else word
    written = ""
    for position, letter in enumerate(letters):
        spelling = habit.get(letter, letter)
        if letter == "و" and position == 0:
            spelling = "w"
        if letter == "ي" and position == 0:
            spelling = "y"
        follows_consonant = position > 1 and letters[position - 1] not in "اوي" and letter not in "اوي"
        if follows_consonant and chance.random() < _VOWEL_BETWEEN_CONSONANTS:
            written += "e"
        written += spelling
    return written + ending
