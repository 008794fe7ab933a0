"""The tiny bot behind a real HTTP server in this process: one call starts it, one asks it."""

import itertools
import json
import sqlite3
import warnings
from pathlib import Path
from typing import Any

import aiohttp
from rasa.core import agent as rasa_agent
from rasa.core.channels import channel
from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic
from sanic.touchup import TouchUp

from bot.channels.attune import AttuneInput
from tests.bot.fake_action_server import FakeActionServer

TINY = Path(__file__).parent / "tiny"
TOKEN = "a-token-that-is-long-enough"
_names = itertools.count()


def train_tiny_bot(folder: Path) -> str:
    """Train the tiny bot into `folder`; path of the model. Takes seconds: no network is trained."""
    from rasa.model_training import train

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = train(str(TINY / "domain.yml"), str(TINY / "config.yml"), [str(TINY / "data.yml")], str(folder))
    assert result.code == 0
    return str(result.model)


class ServedBot:
    """A Rasa agent with our channel and store, an action server, and a client."""

    def __init__(self, model: str, folder: Path, **credentials: Any) -> None:
        self.model = model
        self.database = folder / "tracker.db"
        self.key_file = folder / "keys.json"
        self.actions = FakeActionServer()
        self.credentials = {"token": TOKEN, "action_timeout_s": 1.0, **credentials}
        self.agent: Any = None

    async def start(self) -> "ServedBot":
        await self.actions.start()
        store = EndpointConfig(
            type="bot.stores.encrypted.AttuneTrackerStore", db=str(self.database), key_file=str(self.key_file)
        )
        endpoints = AvailableEndpoints(tracker_store=store, action=EndpointConfig(url=self.actions.url))
        self.agent = await rasa_agent.load_agent(self.model, endpoints=endpoints)
        app = Sanic(f"attune_test_{next(_names)}", configure_logging=False)
        app.ctx.agent = self.agent
        channel.register([AttuneInput.from_credentials(self.credentials)], app, route="/webhooks/")
        self._server = await app.create_server(
            host="127.0.0.1", port=0, return_asyncio_server=True, asyncio_server_kwargs={"start_serving": False}
        )
        await self._server.startup()
        # Sanic rewrites its own methods at the start, which works once per process.
        TouchUp._registry.clear()
        await self._server.start_serving()
        port = self._server.server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/webhooks/attune"
        self.client = aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"})
        return self

    async def stop(self) -> None:
        await self.client.close()
        await self._server.close()
        await self.actions.stop()

    async def post(self, body: Any, path: str = "/webhook", **options: Any) -> tuple[int, dict[str, Any]]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with self.client.post(self.url + path, data=data, **options) as answer:
            return answer.status, await answer.json()

    async def say(
        self, text: str | None, message_id: str = "", sender: str = "c_1", payload: str | None = None
    ) -> tuple[int, dict[str, Any]]:
        message_id = message_id or f"message-{next(_names)}"
        return await self.post({"sender": sender, "message_id": message_id, "text": text, "payload": payload})

    async def texts(self, text: str, **options: Any) -> list[Any]:
        status, answer = await self.say(text, **options)
        assert status == 200, answer
        return [reply["text"] for reply in answer["replies"]]

    def rows(self, columns: str = "*") -> list[tuple[Any, ...]]:
        with sqlite3.connect(str(self.database)) as connection:
            return connection.execute(f"select {columns} from events order by id").fetchall()

    async def tracker(self, sender: str = "c_1") -> Any:
        return await self.agent.tracker_store.retrieve(sender)
