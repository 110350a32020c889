"""Tests of string_helper."""

from __future__ import annotations

import pytest
from string_helper import capitalize_words, reverse_string


class TestCapitalizeWords:
    def test_every_word_of_a_sentence(self, pangram):
        expected = "The Quick Brown Fox Jumps Over The Lazy Dog"
        assert capitalize_words(pangram) == expected

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("", ""),
            ("word", "Word"),
            ("Already Done", "Already Done"),
            ("it's o'clock", "It's O'clock"),
            ("well-known fact", "Well-known Fact"),
            ("2nd place", "2nd Place"),
            ("éclair ñandú", "Éclair Ñandú"),
        ],
    )
    def test_kinds_of_words(self, text, expected):
        assert capitalize_words(text) == expected

    def test_letters_inside_a_word_are_left_alone(self):
        assert capitalize_words("iPhone and eBay") == "IPhone And EBay"

    @pytest.mark.parametrize("space", ["  ", "\t", "\n", "\r\n", "\N{NO-BREAK SPACE}"])
    def test_white_space_is_kept(self, space):
        assert capitalize_words(f"{space}one{space}two{space}") == f"{space}One{space}Two{space}"

    def test_a_second_time_changes_nothing(self, pangram):
        once = capitalize_words(pangram)
        assert capitalize_words(once) == once


class TestReverseString:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [("", ""), ("a", "a"), ("abc", "cba"), ("level", "level"), ("two words", "sdrow owt")],
    )
    def test_plain_text(self, text, expected):
        assert reverse_string(text) == expected

    def test_twice_gives_the_text_back(self, pangram):
        assert reverse_string(reverse_string(pangram)) == pangram

    def test_an_accent_stays_on_its_letter(self, accented):
        assert reverse_string(accented) == "e\N{COMBINING ACUTE ACCENT}fac"

    def test_a_letter_with_two_accents(self):
        letter = "o\N{COMBINING DIAERESIS}\N{COMBINING MACRON}"
        assert reverse_string(f"x{letter}y") == f"y{letter}x"

    def test_characters_outside_the_basic_plane(self):
        assert reverse_string("a\N{GRINNING FACE}b") == "b\N{GRINNING FACE}a"
