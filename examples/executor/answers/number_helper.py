"""Small helpers for whole numbers."""

from __future__ import annotations

from math import isqrt


def is_even(number: int) -> bool:
    """Tell whether ``number`` can be divided by two; zero and negative numbers count."""
    return number % 2 == 0


def is_prime(number: int) -> bool:
    """Tell whether ``number`` is prime, by trial division.

    Every prime above 3 is one less or one more than a multiple of 6, so only those
    candidates are tried, up to the square root.

    >>> [number for number in range(20) if is_prime(number)]
    [2, 3, 5, 7, 11, 13, 17, 19]
    """
    if number < 2:
        return False
    if number < 4:
        return True
    if number % 2 == 0 or number % 3 == 0:
        return False
    return all(
        number % candidate and number % (candidate + 2)
        for candidate in range(5, isqrt(number) + 1, 6)
    )


def factorial(number: int) -> int:
    """Return the product of all whole numbers from 1 to ``number``; 1 for zero.

    Raises ``ValueError`` for a negative number and ``TypeError`` for anything that is
    not a whole number (``True`` and ``5.0`` included).

    >>> factorial(5)
    120
    """
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError(f"factorial needs a whole number, not {type(number).__name__}")
    if number < 0:
        raise ValueError(f"factorial is not defined for {number}")
    product = 1
    for factor in range(2, number + 1):
        product *= factor
    return product
