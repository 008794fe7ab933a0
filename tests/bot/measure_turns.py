"""Processor time of a turn against the length of the conversation, with and without roll-over.

    PYTHONPATH=. .venvs/rasa/bin/python tests/bot/measure_turns.py

Processor time and not the clock, because it does not depend on what else the machine does.
"""

import asyncio
import logging
import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path

import structlog

from tests.bot.served_bot import ServedBot, train_tiny_bot

TURNS = 210
MESSAGES = ("hello", "work", "hours")
LIMITS = (10**6, 400, 250, 200, 150)


async def measure(model: str, limit: int) -> str:
    """One line of figures for one session limit, in milliseconds."""
    bot = await ServedBot(model, Path(tempfile.mkdtemp()), session_events=limit).start()
    took = []
    for turn in range(TURNS):
        started = time.process_time()
        status, _ = await bot.say(MESSAGES[turn % len(MESSAGES)])
        took.append((time.process_time() - started) * 1000)
        assert status == 200
    await bot.stop()
    turn_10, turn_100, turn_200 = (statistics.median(took[at - 6 : at + 6]) for at in (10, 100, 200))
    worst = max(statistics.median(took[at : at + 12]) for at in range(20, TURNS - 12))
    return f"limit {limit}: turn 10 {turn_10:.1f}, turn 100 {turn_100:.1f}, turn 200 {turn_200:.1f}, worst {worst:.1f}"


def main() -> None:
    """Train the tiny bot and print a line per limit."""
    warnings.simplefilter("ignore")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    model = train_tiny_bot(Path(tempfile.mkdtemp()))
    for limit in LIMITS:
        sys.stdout.write(asyncio.run(measure(model, limit)) + "\n")


if __name__ == "__main__":
    main()
