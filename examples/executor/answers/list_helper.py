"""Small helpers for lists and other iterables."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any, TypeVar

Item = TypeVar("Item")
Key = TypeVar("Key", bound=Hashable)


def chunk(items: Iterable[Item], size: int) -> list[list[Item]]:
    """Split ``items`` into lists of ``size``; the last one holds what is left.

    Raises ``ValueError`` if ``size`` is smaller than one.

    >>> chunk([1, 2, 3, 4, 5], 2)
    [[1, 2], [3, 4], [5]]
    """
    if size < 1:
        raise ValueError(f"a chunk holds at least one item, not {size}")
    all_items = list(items)
    return [all_items[start : start + size] for start in range(0, len(all_items), size)]


def flatten(items: Iterable[Any], depth: int | None = None) -> list[Any]:
    """Take the items out of nested lists and tuples, in order.

    ``depth`` limits how many levels are opened; ``None`` opens them all. Strings,
    dictionaries and sets are items, not levels.

    >>> flatten([1, [2, (3, [4])]])
    [1, 2, 3, 4]
    >>> flatten([1, [2, (3, [4])]], depth=1)
    [1, 2, (3, [4])]
    """
    return list(_flattened(items, depth))


def _flattened(items: Iterable[Any], depth: int | None) -> Iterator[Any]:
    for item in items:
        if isinstance(item, (list, tuple)) and depth != 0:
            yield from _flattened(item, None if depth is None else depth - 1)
        else:
            yield item


def unique(items: Iterable[Item], key: Callable[[Item], Hashable] | None = None) -> list[Item]:
    """Drop repeated items and keep the first of each, in order.

    With ``key``, two items are the same if their keys are equal. Items that cannot be
    hashed, such as lists, need one.

    >>> unique([3, 1, 3, 2, 1])
    [3, 1, 2]
    >>> unique(["Ada", "ADA", "Bob"], key=str.lower)
    ['Ada', 'Bob']
    """
    first_of_its_kind: dict[Hashable, Item] = {}
    for item in items:
        first_of_its_kind.setdefault(item if key is None else key(item), item)
    return list(first_of_its_kind.values())


def group_by(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    """Sort ``items`` into lists by what ``key`` returns for them.

    Groups come in the order in which they were first met, and items keep theirs.

    >>> group_by(["ant", "bee", "bear"], key=len)
    {3: ['ant', 'bee'], 4: ['bear']}
    """
    groups: dict[Key, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups
