"""Fixtures shared by the tests of this folder."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# The helpers are plain modules beside their tests: they are found by name from
# whichever folder pytest is started in.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def pangram() -> str:
    """A sentence with every letter of the alphabet."""
    return "the quick brown fox jumps over the lazy dog"


@pytest.fixture
def accented() -> str:
    """A word whose accent is stored as a character of its own."""
    return "cafe\N{COMBINING ACUTE ACCENT}"


@pytest.fixture
def people() -> list[dict[str, object]]:
    """A few records that share names and ages."""
    return [
        {"name": "Ada", "age": 36},
        {"name": "Grace", "age": 85},
        {"name": "Alan", "age": 41},
        {"name": "Ada", "age": 41},
    ]
