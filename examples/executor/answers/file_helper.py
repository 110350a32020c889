"""Small helpers for reading and writing text files.

Text is UTF-8. Writing goes to a temporary file in the same folder first and is put in
place in one step, so that a reader sees the old file or the new one, never half of it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Union

FilePath = Union[str, "os.PathLike[str]"]

_MISSING = object()


def read_json(path: FilePath, default: Any = _MISSING) -> Any:
    """Read a JSON file; return ``default``, if one is given, where there is no file.

    Raises ``ValueError`` naming the file if it is not JSON. A broken file is never
    replaced by the default: that would hide the damage.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        if default is _MISSING:
            raise
        return default
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"{path} is not valid JSON: {error}") from error


def write_json(path: FilePath, data: Any, indent: int | None = 2) -> None:
    """Write ``data`` as JSON with a final newline, making the folder if need be."""
    _replace(path, json.dumps(data, indent=indent, ensure_ascii=False) + "\n")


def read_lines(path: FilePath, skip_blank: bool = False) -> list[str]:
    """Read a text file as lines without their line ends.

    With ``skip_blank``, lines that hold nothing but white space are left out.
    """
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip()] if skip_blank else lines


def write_lines(path: FilePath, lines: Iterable[str]) -> int:
    """Write each of ``lines`` with a newline behind it and return how many there were.

    Raises ``ValueError`` if a line holds a line end itself, for reading the file again
    would give other lines than were written.
    """
    written = list(lines)
    for line in written:
        if line.splitlines() not in ([], [line]):
            raise ValueError(f"a line must not hold a line end: {line!r}")
    _replace(path, "".join(f"{line}\n" for line in written))
    return len(written)


def _replace(path: FilePath, text: str) -> None:
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
