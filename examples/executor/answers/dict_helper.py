"""Small helpers for nested dictionaries.

A path to a nested value is a string with dots (``"server.port"``) or, where a key
holds a dot itself, a sequence of keys (``["hosts", "example.org"]``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any, Union

Path = Union[str, Sequence[Any]]


def deep_merge(base: Mapping[Any, Any], override: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return ``base`` with the values of ``override`` laid over it.

    Dictionaries are merged key by key; any other value, lists included, replaces the
    one below. Neither argument is changed, and the result shares nothing with them.

    >>> deep_merge({"a": {"x": 1, "y": 2}}, {"a": {"y": 3}})
    {'a': {'x': 1, 'y': 3}}
    """
    merged = deepcopy(dict(base))
    for key, value in override.items():
        below = merged.get(key)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            merged[key] = deep_merge(below, value)
        else:
            merged[key] = deepcopy(value)
    return merged


def get_nested(data: Mapping[Any, Any], path: Path, default: Any = None) -> Any:
    """Return the value at ``path``, or ``default`` if any step of the way is missing.

    A stored ``None`` is a value and is returned as it is.

    >>> get_nested({"server": {"port": 8080}}, "server.port")
    8080
    """
    current: Any = data
    for key in _keys(path):
        if not isinstance(current, Mapping) or key not in current:
            return default
        current = current[key]
    return current


def set_nested(data: dict[Any, Any], path: Path, value: Any) -> dict[Any, Any]:
    """Put ``value`` at ``path`` in ``data``, making the dictionaries on the way.

    Changes ``data`` and returns it. Raises ``TypeError``, and changes nothing, if the
    way is blocked by a value that is no dictionary.

    >>> set_nested({}, "server.port", 8080)
    {'server': {'port': 8080}}
    """
    *parents, last = _keys(path)
    current = data
    for depth, key in enumerate(parents):
        current = current.setdefault(key, {})
        if not isinstance(current, dict):
            way = ".".join(str(step) for step in parents[: depth + 1])
            raise TypeError(f"cannot set a value below {way}: it holds {current!r}")
    current[last] = value
    return data


def filter_keys(
    data: Mapping[Any, Any],
    keys: Iterable[Any] | Callable[[Any], bool],
) -> dict[Any, Any]:
    """Return the items whose key is in ``keys``, or for which ``keys(key)`` holds.

    The order is that of ``data``; keys that it does not have are left out.

    >>> filter_keys({"id": 7, "name": "Ada", "token": "x"}, ["name", "id"])
    {'id': 7, 'name': 'Ada'}
    """
    if callable(keys):
        return {key: value for key, value in data.items() if keys(key)}
    wanted = set(keys)
    return {key: value for key, value in data.items() if key in wanted}


def _keys(path: Path) -> list[Any]:
    keys = path.split(".") if isinstance(path, str) else list(path)
    if not keys:
        raise ValueError("a path needs at least one key")
    return keys
