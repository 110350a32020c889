"""Small helpers for calendar dates.

Everything works on plain dates. A ``datetime`` is accepted where a date is, and its
time of day is left out, so that two moments of one day are always zero days apart.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

ISO_FORMAT = "%Y-%m-%d"

#: Tried in this order when ``parse_date`` is given no format.
KNOWN_FORMATS = (ISO_FORMAT, "%Y/%m/%d", "%Y%m%d", "%d.%m.%Y", "%d %B %Y", "%d %b %Y")


def format_date(day: date, fmt: str = ISO_FORMAT) -> str:
    """Write a date, as ``YYYY-MM-DD`` unless ``fmt`` says otherwise.

    >>> format_date(date(2024, 2, 29))
    '2024-02-29'
    """
    return _plain(day).strftime(fmt)


def parse_date(text: str, fmt: str | None = None) -> date:
    """Read a date, in ``fmt`` or in the first of ``KNOWN_FORMATS`` that fits.

    Formats that depend on the country, such as ``02/03/2024``, are not guessed: pass
    ``fmt`` for them. Raises ``ValueError`` if the text is no date.

    >>> parse_date("29.02.2024")
    datetime.date(2024, 2, 29)
    """
    stripped = text.strip()
    for candidate in (fmt,) if fmt else KNOWN_FORMATS:
        try:
            return datetime.strptime(stripped, candidate).date()
        except ValueError:
            continue
    expected = fmt or ", ".join(KNOWN_FORMATS)
    raise ValueError(f"{text!r} is not a date (expected {expected})")


def add_days(day: date, days: int) -> date:
    """Return the date ``days`` after ``day``, or before it if ``days`` is negative.

    >>> add_days(date(2023, 12, 31), 1)
    datetime.date(2024, 1, 1)
    """
    return _plain(day) + timedelta(days=days)


def diff_days(start: date, end: date) -> int:
    """Count the days from ``start`` to ``end``; negative if ``end`` comes first.

    >>> diff_days(date(2024, 2, 1), date(2024, 3, 1))
    29
    """
    return (_plain(end) - _plain(start)).days


def _plain(day: date) -> date:
    return day.date() if isinstance(day, datetime) else day
