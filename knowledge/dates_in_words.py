"""Days and times as families read them, in their own language, always those of Europe/London.

English is the council's own way of writing ("Tuesday 8 December 2026", "10:20am"); the other languages are the Unicode
CLDR's, through Babel.
"""

from __future__ import annotations

from datetime import date, datetime

from knowledge.working_hours import LONDON

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
# Where the CLDR has the language under another code.
LOCALES = {"tl": "fil"}
COMMAS = {"ar": "،", "fa": "،", "ur": "،"}


def day_words(day: date, language: str = "en") -> str:
    """Tuesday 8 December 2026."""
    if language == "en":
        return f"{DAYS[day.weekday()]} {date_words(day)}"
    from babel.dates import format_date  # noqa: PLC0415  its tables take memory that an English service can spare

    return format_date(day, "full", LOCALES.get(language, language))


def date_words(day: date, language: str = "en") -> str:
    """8 December 2026."""
    if language == "en":
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    from babel.dates import format_date  # noqa: PLC0415

    return format_date(day, "long", LOCALES.get(language, language))


def clock_words(at: datetime, language: str = "en") -> str:
    """10:20am, 4pm, 12:30pm; "midday" for 12:00."""
    here = at.astimezone(LONDON)
    if language != "en":
        from babel.dates import format_time  # noqa: PLC0415

        return format_time(here.time(), "short", locale=LOCALES.get(language, language)).replace("\u202f", "\u00a0")
    if (here.hour, here.minute) == (12, 0):
        return "midday"
    half = "am" if here.hour < 12 else "pm"
    minutes = f":{here.minute:02}" if here.minute else ""
    return f"{here.hour % 12 or 12}{minutes}{half}"


def moment_words(at: datetime, language: str = "en") -> str:
    """Tue 8 Dec, 10:20am."""
    here = at.astimezone(LONDON)
    if language != "en":
        from babel.dates import format_skeleton  # noqa: PLC0415

        day = format_skeleton("MMMEd", here.date(), locale=LOCALES.get(language, language))
        return f"{day}{COMMAS.get(language, ',')} {clock_words(at, language)}"
    return f"{DAYS[here.weekday()][:3]} {here.day} {MONTHS[here.month - 1][:3]}, {clock_words(at)}"


def long_moment_words(at: datetime, language: str = "en") -> str:
    """Tuesday 8 December 2026, 10:20am."""
    return f"{day_words(local_day(at), language)}{COMMAS.get(language, ',')} {clock_words(at, language)}"


def span_words(starts_at: datetime, ends_at: datetime, language: str = "en") -> str:
    """9:30am to 12:30pm."""
    between = " to " if language == "en" else "–"
    return f"{clock_words(starts_at, language)}{between}{clock_words(ends_at, language)}"


def until_words(until: datetime, now: datetime, language: str = "en") -> str:
    """By when an offer stands: "5pm today", or "5pm on Wednesday 9 December 2026"."""
    if language != "en":
        return long_moment_words(until, language)
    clock, day = clock_words(until), local_day(until)
    return f"{clock} today" if day == local_day(now) else f"{clock} on {day_words(day)}"


def local_day(at: datetime) -> date:
    """The day on which `at` falls here."""
    return at.astimezone(LONDON).date()
