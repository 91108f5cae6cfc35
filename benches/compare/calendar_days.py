"""Banking days of TARGET, for the jobs of the other tools."""

from datetime import date
from datetime import timedelta


def easter_sunday(year):
    """Gauss' rule as Meeus gives it."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    month, day = divmod(h + k - 7 * ((a + 11 * h + 22 * k) // 451) + 114, 31)
    return date(year, month, day + 1)


def is_open(day):
    easter = easter_sunday(day.year)
    closed = {easter - timedelta(2), easter + timedelta(1)}
    fixed = {(1, 1), (5, 1), (12, 25), (12, 26)}
    return day.weekday() < 5 and day not in closed and (day.month, day.day) not in fixed


def next_banking_day(day):
    day += timedelta(1)
    while not is_open(day):
        day += timedelta(1)
    return day
