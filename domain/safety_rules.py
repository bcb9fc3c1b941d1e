"""Danger: ordinary messages to the institution wait, and clocks that no law sets stand still.

Nothing is reported to anybody by itself; a person is asked to look.
"""

from datetime import datetime

from domain.consultation import stands_still
from domain.course import Course
from domain.intake import of_somebody_safe
from domain.letters import REMINDERS
from domain.waits import Attention


def in_danger(course: Course, now: datetime) -> None:
    """Note that the complainant is not safe."""
    course.danger = True
    course.ask_attention(Attention.DANGER)
    course.clocks = {
        wait: clock.paused(now) if stands_still(course, wait) else clock
        for wait, clock in course.clocks.items()
    }


def safe_again(course: Course, now: datetime) -> None:
    """Note that the complainant is safe again; what stood still goes on with its days added."""
    course.danger = False
    course.notices = of_somebody_safe(course.notices)
    course.seen_to(Attention.DANGER)
    course.clocks = {wait: clock.resumed(now) for wait, clock in course.clocks.items()}
    # A reminder that waited may speak of a day that has gone by; the ladder goes on by itself.
    course.outbox = [item for item in course.outbox if item.letter not in REMINDERS]
