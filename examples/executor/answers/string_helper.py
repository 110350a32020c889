"""Small helpers for text."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"\S+")


def capitalize_words(text: str) -> str:
    """Return ``text`` with the first letter of each word in upper case.

    Only that letter changes: ``"iPhone"`` becomes ``"IPhone"``, not ``"Iphone"``,
    and the white space between the words is kept as it is.

    >>> capitalize_words("the quick  brown fox")
    'The Quick  Brown Fox'
    """
    return _WORD.sub(lambda match: match.group()[0].upper() + match.group()[1:], text)


def reverse_string(text: str) -> str:
    """Return ``text`` backwards, keeping accents on the letters they belong to.

    An accent may be stored as a character of its own behind its letter. Reversing
    code points one by one would move it to the neighbour, so it stays attached.

    >>> reverse_string("stressed")
    'desserts'
    """
    letters: list[str] = []
    for character in text:
        if letters and unicodedata.combining(character):
            letters[-1] += character
        else:
            letters.append(character)
    return "".join(reversed(letters))
