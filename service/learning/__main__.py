"""`python -m service.learning`: one fit in a process of its own, which gives its memory back.

One JSON object on standard input: where the data is, and the keys. What was learned on standard output.
"""

import asyncio
import json
import os
import sys
from typing import Final

from service.learning.refit import Learned, refit
from store import Database, StoreSettings

_NICE: Final = 10
"""Customers are served first."""


def main() -> None:
    """Fit once."""
    os.nice(_NICE)
    settings = StoreSettings(**json.load(sys.stdin))

    async def run() -> Learned:
        db = Database(settings, settings.keyring())
        try:
            return await refit(db, settings)
        finally:
            await db.close()

    sys.stdout.write(json.dumps(asyncio.run(run()).to_dict()))


if __name__ == "__main__":
    main()
