"""Tests of list_helper."""

from __future__ import annotations

import pytest
from list_helper import chunk, flatten, group_by, unique


class TestChunk:
    @pytest.mark.parametrize(
        ("size", "expected"),
        [
            (1, [[1], [2], [3], [4], [5]]),
            (2, [[1, 2], [3, 4], [5]]),
            (5, [[1, 2, 3, 4, 5]]),
            (9, [[1, 2, 3, 4, 5]]),
        ],
    )
    def test_sizes(self, size, expected):
        assert chunk([1, 2, 3, 4, 5], size) == expected

    def test_nothing_gives_no_chunks(self):
        assert chunk([], 3) == []

    def test_any_iterable_will_do(self):
        assert chunk((letter for letter in "abc"), 2) == [["a", "b"], ["c"]]

    def test_nothing_is_lost_or_moved(self):
        items = list(range(103))
        assert [item for part in chunk(items, 10) for item in part] == items

    @pytest.mark.parametrize("size", [0, -1])
    def test_a_chunk_of_nothing_is_refused(self, size):
        with pytest.raises(ValueError, match=str(size)):
            chunk([1], size)


class TestFlatten:
    def test_opens_every_level(self):
        assert flatten([1, [2, [3, [4, [5]]]]]) == [1, 2, 3, 4, 5]

    def test_opens_tuples_too(self):
        assert flatten([(1, 2), [3, (4,)]]) == [1, 2, 3, 4]

    @pytest.mark.parametrize(
        ("depth", "expected"),
        [(0, [1, [2, [3]]]), (1, [1, 2, [3]]), (2, [1, 2, 3]), (9, [1, 2, 3])],
    )
    def test_depth(self, depth, expected):
        assert flatten([1, [2, [3]]], depth=depth) == expected

    def test_text_and_dictionaries_are_items(self):
        assert flatten(["ab", ["cd", {"k": [1]}]]) == ["ab", "cd", {"k": [1]}]

    def test_empty_lists_leave_nothing(self):
        assert flatten([[], [[]], []]) == []

    def test_the_argument_is_not_changed(self):
        nested = [1, [2, [3]]]
        flatten(nested)
        assert nested == [1, [2, [3]]]


class TestUnique:
    def test_keeps_the_first_of_each_in_order(self):
        assert unique([3, 1, 3, 2, 1]) == [3, 1, 2]

    def test_by_key(self, people):
        assert unique(people, key=lambda person: person["name"]) == people[:3]

    def test_what_cannot_be_hashed_needs_a_key(self):
        with pytest.raises(TypeError):
            unique([[1], [1]])
        assert unique([[1], [2], [1]], key=tuple) == [[1], [2]]

    def test_none_is_an_item_like_any_other(self):
        assert unique([None, 0, None]) == [None, 0]


class TestGroupBy:
    def test_groups_and_items_keep_their_order(self, people):
        by_age = group_by(people, key=lambda person: person["age"])
        assert list(by_age) == [36, 85, 41]
        assert [person["name"] for person in by_age[41]] == ["Alan", "Ada"]

    def test_every_item_is_in_exactly_one_group(self):
        groups = group_by(range(20), key=lambda number: number % 3)
        assert sorted(flatten(groups.values())) == list(range(20))

    def test_nothing_gives_no_groups(self):
        assert group_by([], key=len) == {}
