"""Tests of number_helper."""

from __future__ import annotations

import math

import pytest
from number_helper import factorial, is_even, is_prime


class TestIsEven:
    @pytest.mark.parametrize("number", [0, 2, -2, 10**30])
    def test_even(self, number):
        assert is_even(number)

    @pytest.mark.parametrize("number", [1, -1, 7, 10**30 + 1])
    def test_odd(self, number):
        assert not is_even(number)


class TestIsPrime:
    def test_agrees_with_the_sieve_of_eratosthenes(self):
        limit = 2_000
        composite = {
            multiple
            for factor in range(2, math.isqrt(limit) + 1)
            for multiple in range(factor * factor, limit, factor)
        }
        sieve = [number for number in range(2, limit) if number not in composite]
        assert [number for number in range(limit) if is_prime(number)] == sieve

    @pytest.mark.parametrize("number", [-7, -1, 0, 1])
    def test_nothing_below_two_is_prime(self, number):
        assert not is_prime(number)

    @pytest.mark.parametrize("root", [5, 7, 11, 97, 541])
    def test_the_square_of_a_prime_is_not_prime(self, root):
        assert not is_prime(root * root)

    def test_large_numbers(self):
        assert is_prime(2**31 - 1)
        assert not is_prime((2**31 - 1) * 3)


class TestFactorial:
    @pytest.mark.parametrize("number", [0, 1, 2, 5, 20, 100])
    def test_agrees_with_the_standard_library(self, number):
        assert factorial(number) == math.factorial(number)

    def test_each_is_the_one_before_times_the_number(self):
        for number in range(1, 30):
            assert factorial(number) == number * factorial(number - 1)

    def test_a_negative_number_is_refused(self):
        with pytest.raises(ValueError, match="-3"):
            factorial(-3)

    @pytest.mark.parametrize("value", [5.0, "5", None, True])
    def test_what_is_not_a_whole_number_is_refused(self, value):
        with pytest.raises(TypeError, match=type(value).__name__):
            factorial(value)
