"""The real processes, for tests and benches: rasa, actions, web and voice on free ports over a folder of their own."""

import asyncio
import contextlib
import os
import shlex
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from cli.assistant import train
from cli.processes import ROOT, Ports, process_commands, process_environment
from privacy import NOTICE_VERSION, Secrets, hash_password
from recommender import export_encoder
from service import Settings
from shop import seed
from store import Database
from vocabulary import STAFF_ROLES, Role

READY_WITHIN_S: Final = 120.0
AGENT_EMAIL: Final = "agent@example.com"
AGENT_PASSWORD: Final = "a long enough password"  # noqa: S105 - of a throw-away data folder
_SHARED_HOME: Final = ROOT / "var"


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Stack:
    """Start, kill and restart the product's own processes.

    home: data folder of this stack. The encoder and the trained assistant are shared with the checkout's `var`,
    because they depend on its files alone. commands: what to run in place of the Procfile's lines, by name.
    """

    home: Path
    extra_environment: dict[str, str] = field(default_factory=dict)
    model: Path | None = None
    commands: dict[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ports = Ports(rasa=free_port(), actions=free_port(), web=free_port(), voice=free_port())
        self.settings = Settings(
            home=self.home,
            encoder_dir=_SHARED_HOME / "encoder",
            web_port=self.ports.web,
            voice_port=self.ports.voice,
            rasa_url=f"http://127.0.0.1:{self.ports.rasa}",
            actions_url=f"http://127.0.0.1:{self.ports.actions}",
        )
        self.logs = self.home / "logs"

    @property
    def url(self) -> str:
        """Address of the public door."""
        return f"http://127.0.0.1:{self.ports.web}"

    @property
    def secrets(self) -> Secrets:
        """The stack's own secrets."""
        return Secrets.load_or_create(self.settings.secrets_file)

    def database(self) -> Database:
        """A connection of the test's own to the stack's database; close it."""
        return Database(self.settings, self.settings.keyring())

    def set_up(self) -> None:
        """Encoder, trained assistant, seeded database and one agent."""
        self.logs.mkdir(parents=True, exist_ok=True)
        export_encoder(self.settings.encoder_dir)
        if self.model is None:
            self.model, _ = train(_SHARED_HOME, self.settings.encoder_dir)
        asyncio.run(self._fill())

    async def _fill(self) -> None:
        db = self.database()
        try:
            await db.upgrade()
            await seed(db, self.settings)
            async with db.transaction() as tx:
                if not await tx.accounts.list(roles=STAFF_ROLES):
                    await tx.accounts.create(
                        Role.AGENT, name="Robin", email=AGENT_EMAIL, password_hash=hash_password(AGENT_PASSWORD)
                    )
        finally:
            await db.close()

    def environment(self) -> dict[str, str]:
        """What the processes see."""
        assert self.model is not None
        return {
            **process_environment(self.home, self.model, self.ports, self.settings),
            # A recogniser of its own, which only calls need; extra_environment may ask for it.
            "ATTUNE_VOICE_WARM": "false",
            **self.extra_environment,
        }

    def start(self, *names: str) -> None:
        """Start the named processes (all without a name), without waiting."""
        commands = {**process_commands(), **self.commands}
        for name in names or tuple(commands):
            log = (self.logs / f"{name}.log").open("ab")
            self.processes[name] = subprocess.Popen(
                shlex.split(commands[name]),
                cwd=ROOT,
                env=self.environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            log.close()

    def wait_ready(self, within_s: float = READY_WITHIN_S) -> None:
        """Wait until the service says that everything is there.

        Raises: TimeoutError with the end of each log.
        """
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.url}/ready", timeout=3).status_code == httpx.codes.OK:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.25)
        raise TimeoutError(f"not ready within {within_s:.0f} s\n{self.log_tails()}")

    def log_tails(self, lines: int = 15) -> str:
        """The last lines of each process's log."""
        return "\n".join(
            f"--- {path.name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
            for path in sorted(self.logs.glob("*.log"))
        )

    def log_text(self) -> str:
        """Everything that all processes have logged."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.logs.glob("*.log")))

    def kill(self, name: str) -> None:
        """Kill one process at once, as a crash would."""
        process = self.processes.pop(name)
        _signal_group(process, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """Stop all processes, politely first."""
        for process in self.processes.values():
            _signal_group(process, signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                _signal_group(process, signal.SIGKILL)
                process.wait()
        self.processes.clear()

    def operator(self) -> httpx.Client:
        """A client that may act on every conversation, as `attune say` does."""
        return httpx.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {self.secrets.operator_token}"}, timeout=90
        )

    def resident_mb(self, *names: str) -> float:
        """Resident memory of the named processes and their children, in MB."""
        import psutil

        total = 0
        for name in names:
            parent = psutil.Process(self.processes[name].pid)
            for process in (parent, *parent.children(recursive=True)):
                total += process.memory_info().rss
        return total / 1_000_000


class Customer:
    """One customer over HTTP, for tests that need no browser."""

    def __init__(self, client: httpx.Client, *signals: str) -> None:
        self.client = client
        answer = client.post("/api/conversations")
        answer.raise_for_status()
        self.id: str = answer.json()["conversation"]
        self.token: str = answer.json().get("token", "")
        for signal_name in signals:
            self.consent(signal_name, granted=True)
        self._count = 0

    def consent(self, signal_name: str, *, granted: bool) -> None:
        """Grant or withdraw one signal."""
        self.client.put(
            f"/api/conversations/{self.id}/consent",
            json={"signal": signal_name, "granted": granted, "text_version": NOTICE_VERSION},
        ).raise_for_status()

    def say(self, text: str, *, message_id: str | None = None, wait: float = 60) -> dict[str, Any]:
        """Send a message and wait for its turn's result."""
        self._count += 1
        answer = self.client.post(
            f"/api/conversations/{self.id}/messages",
            params={"wait": wait},
            json={"id": message_id or f"message-{self._count:04d}", "text": text},
        )
        answer.raise_for_status()
        return dict(answer.json())

    def history(self) -> list[dict[str, Any]]:
        """Every message so far."""
        return list(self.client.get(f"/api/conversations/{self.id}/messages").json()["messages"])


def _signal_group(process: subprocess.Popen[bytes], signal_number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal_number)
