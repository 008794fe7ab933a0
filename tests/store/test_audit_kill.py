"""A process that is killed while it writes leaves a whole chain, and the next one goes on."""

import asyncio
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from privacy import KeyRing
from store import AuditReport, Database, StoreSettings

ROOT = Path(__file__).resolve().parent.parent.parent
WRITER = """
import asyncio, sys
from pathlib import Path
from privacy import KeyRing
from store import Database, StoreSettings

async def main():
    settings = StoreSettings(home=Path(sys.argv[1]))
    db = Database(settings, KeyRing.load_or_create(settings.key_file))
    number = 0
    while True:
        async with db.transaction() as tx:
            await tx.audit.add("a_1", "case.view", subject=f"p_{number % 3}", purpose="answer", details={"n": number})
        number += 1
        print(number, flush=True)

asyncio.run(main())
"""


def test_killed_writers_leave_a_whole_chain(tmp_path: Path) -> None:
    settings = StoreSettings(home=tmp_path)

    async def in_database(*, upgrade: bool) -> AuditReport:
        db = Database(settings, KeyRing.load_or_create(settings.key_file))
        if upgrade:
            await db.upgrade()
        async with db.reading() as tx:
            report = await tx.audit.verify()
        await db.close()
        return report

    assert asyncio.run(in_database(upgrade=True)).entries == 0
    told = 0
    for _ in range(4):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        # It is at work as soon as the first entry is committed.
        assert writer.stdout.readline().strip() == "1"
        time.sleep(random.uniform(0.0, 0.05))
        writer.send_signal(signal.SIGKILL)
        rest, _ = writer.communicate()
        told += 1 + len(rest.split())
        report = asyncio.run(in_database(upgrade=False))
        assert report.ok, report
        # Every entry that was told as written is there; one more may have been committed and not told.
        assert told <= report.entries <= told + 1
        told = report.entries
