"""How dates, times, numbers and names are shown: the Finnish form in all three languages."""

from datetime import date, datetime

from flask import Flask

from portal.domain import moments, phone
from portal.web import language
from portal.web.bodies import body_name


def register(app: Flask) -> None:
    """Put the filters into the templates."""
    app.jinja_env.filters.update(
        date=day,
        time=clock,
        weekday_date=weekday_day,
        short_day=short_day,
        long_date=long_day,
        at_time=at_time,
        phone=phone_number,
        masked=masked,
        minutes=minutes,
        size=size,
        body_name=body_name,
    )


def _day(value: date | datetime) -> date:
    return moments.helsinki(value).date() if isinstance(value, datetime) else value


def day(value: date | datetime) -> str:
    """17.5.2026"""
    return moments.format_date(_day(value))


def clock(value: datetime) -> str:
    """14.30, in Helsinki."""
    return moments.format_time(moments.helsinki(value))


def weekday_day(value: date | datetime) -> str:
    """maanantai 21.12.2026"""
    return moments.weekday_date(_day(value), language.chosen())


def short_day(value: date | datetime) -> str:
    """ma 21.12.2026"""
    found = _day(value)
    return f"{moments.short_weekday(found, language.chosen())} {moments.format_date(found)}"


def long_day(value: date | datetime) -> str:
    """17. toukokuuta 2026"""
    return moments.long_date(_day(value), language.chosen())


def at_time(value: datetime) -> str:
    """klo 14.30"""
    return moments.at_time(moments.helsinki(value), language.chosen())


def phone_number(e164: str | None) -> str:
    """040 123 4567; a short number as it is."""
    if not e164:
        return ""
    return phone.national(e164) if e164.startswith("+") else e164


def masked(e164: str | None) -> str:
    """040 *** **67"""
    return phone.mask(e164) if e164 else ""


def minutes(seconds: float) -> str:
    """6 min 48 s"""
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60} s" if whole >= 60 else f"{whole} s"


def size(count: int) -> str:
    """96 kt or 1,6 Mt; kB and MB in Swedish and English."""
    unit = ("kt", "Mt") if language.chosen() == "fi" else ("kB", "MB")
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} {unit[0]}"
    comma = "." if language.chosen() == "en" else ","
    return f"{count / 1_000_000:.1f}".replace(".", comma) + f" {unit[1]}"
