"""The chat socket: sends what happens as it happens, and takes messages."""

import asyncio
import contextlib
import json
import logging

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import TypeAdapter, ValidationError

from privacy import NOTICE_VERSION, notice
from service.access import open_conversation
from service.caller import GUEST, OPERATOR, Caller, caller_of
from service.consenting import may_ask
from service.context import Services
from service.conversation_shapes import ConsentOut, NoticeOut
from service.errors import Refused, ServiceError, error_body, refusal_of_store
from service.hub import GONE, JOINED, NEW_MESSAGES, Frame, Subscription
from service.intake import Accepted
from service.owners import agent_name
from service.permit import checks_itself
from service.session_watch import SessionWatch
from service.shapes import MessageOut
from service.socket_frames import (
    AuthFrame,
    ButtonFrame,
    ClientFrame,
    PersonFrame,
    PingFrame,
    TextFrame,
    receive_text,
)
from store import Conversation, StoreError
from vocabulary import Right

log = logging.getLogger(__name__)
router = APIRouter()

CLOSE_PROTOCOL = 4400
CLOSE_WRONG_TOKEN = 4401
CLOSE_UNKNOWN_CONVERSATION = 4404
CLOSE_AUTH_TIMEOUT = 4408
CLOSE_TRY_AGAIN = 1013

_AUTH_WITHIN_S = 10.0
_SEND_WITHIN_S = 10.0
_REPLAY_BATCH = 200
_frames: TypeAdapter[ClientFrame] = TypeAdapter(ClientFrame)


@router.websocket(
    "/api/conversations/{conversation_id}/socket",
    dependencies=[checks_itself(Right.CONVERSATION_OWN, "the token is in the first frame, never in an address")],
)
async def chat_socket(socket: WebSocket, conversation_id: str) -> None:
    """First frame: {"type": "auth", "token", "after"}; without a token the signed-in customer's cookie counts.

    See the reference for all frames.
    """
    services: Services = socket.app.state.services
    await socket.accept()
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        opened = await _authenticate(socket, services, conversation_id)
        if opened is not None:
            await _Chat(socket, services, *opened).run()


async def _authenticate(
    socket: WebSocket, services: Services, conversation_id: str
) -> tuple[Conversation, Caller, AuthFrame] | None:
    """The conversation that the first frame opens; None after closing the socket with the reason."""
    try:
        text = await asyncio.wait_for(receive_text(socket), _AUTH_WITHIN_S)
        frame = AuthFrame.model_validate_json(text)
        caller = await caller_of(services, socket, conversation_id, frame.token)
        return await open_conversation(services, conversation_id, caller), caller, frame
    except TimeoutError:
        await socket.close(CLOSE_AUTH_TIMEOUT, "the first frame must be auth, within 10 s")
    except (ValidationError, Refused) as err:
        unknown = isinstance(err, Refused) and err.code == "unknown_conversation"
        code = CLOSE_UNKNOWN_CONVERSATION if unknown else CLOSE_PROTOCOL
        await socket.close(code, "unknown conversation" if unknown else "the first frame must be auth, with a token")
    except ServiceError as err:
        await socket.close(CLOSE_WRONG_TOKEN, err.code)
    except StoreError:
        await socket.close(CLOSE_TRY_AGAIN, "the database is busy; connect again")
    return None


class _Chat:
    """One open socket: a task that sends, and a loop that receives."""

    def __init__(
        self, socket: WebSocket, services: Services, conversation: Conversation, caller: Caller, auth: AuthFrame
    ) -> None:
        self._socket = socket
        self._services = services
        self._conversation = conversation
        self._seq = auth.after
        self._is_operator = caller.kind == OPERATOR
        self._is_guest = caller.kind == GUEST
        self._session = SessionWatch(services.db, services.sign_outs, caller.signed_in)
        self._sending = asyncio.Lock()

    async def run(self) -> None:
        """Until one side closes."""
        # Subscribed before the history is read: what happens in between is in one of the two.
        with self._services.hub.subscribe(self._conversation.id) as events, contextlib.closing(self._session):
            await self._greet()
            sender = asyncio.create_task(self._send_events(events))
            receiver = asyncio.create_task(self._receive_frames())
            leaver = asyncio.create_task(self._leave_when_signed_out())
            tasks = (sender, receiver, leaver)
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                for result in await asyncio.gather(*tasks, return_exceptions=True):
                    if isinstance(result, Exception) and not isinstance(result, WebSocketDisconnect | RuntimeError):
                        log.error("socket failed", extra={"error": type(result).__name__}, exc_info=result)
                        await self._socket.close(CLOSE_TRY_AGAIN, "connect again")

    async def _leave_when_signed_out(self) -> None:
        await self._session.ended()
        await self._socket.close(CLOSE_WRONG_TOKEN, "signed_out")

    async def _greet(self) -> None:
        services = self._services
        async with services.db.reading() as tx:
            conversation = await tx.conversations.get(self._conversation.id) or self._conversation
            granted = await tx.consents.granted(conversation.customer_id)
            agent = await agent_name(tx, conversation)
            asking = await may_ask(tx, conversation)
        if self._is_guest and conversation.customer_id != self._conversation.customer_id:
            await self._ask_to_come_again()
            return
        await self._send(
            {
                "type": "hello",
                "owner": conversation.owner.value,
                "consent": ConsentOut.of(granted).model_dump(),
                "may_ask": asking,
                # The page may have been opened under an earlier one, to which no yes counts any more.
                "notice": NoticeOut(version=NOTICE_VERSION, text=notice().text).model_dump(),
                "agent": agent,
                "last_seq": conversation.last_seq,
                "speaks": services.speaker.is_here,
                "recording": {
                    "max_seconds": services.settings.max_audio_seconds,
                    "max_bytes": services.settings.max_audio_bytes,
                },
            }
        )
        await self._send_new_messages()
        if late := services.notices.current(conversation.id):
            await self._send(late.frame())
        elif services.drain.is_working(conversation.id):
            await self._send({"type": "typing", "on": True})

    async def _send_events(self, events: Subscription) -> None:
        while True:
            frame = await events.next()
            if frame is None:
                log.warning("socket too slow", extra={"conversation_id": self._conversation.id})
                await self._socket.close(CLOSE_TRY_AGAIN, "too slow; connect again")
                return
            if frame is GONE:
                await self._socket.close(CLOSE_UNKNOWN_CONVERSATION, "the conversation has been erased")
                return
            if frame is JOINED:
                if self._is_guest:
                    await self._ask_to_come_again()
                    return
                continue
            if frame is NEW_MESSAGES:
                await self._send_new_messages()
            else:
                await self._send(frame)

    async def _ask_to_come_again(self) -> None:
        # The token opens nothing any more; the account's own browser comes back with its session.
        await self._socket.close(CLOSE_TRY_AGAIN, "the conversation belongs to an account; connect again")

    async def _send_new_messages(self) -> None:
        """Everything after the last one sent, from the database: complete and in order, whoever wrote it."""
        while True:
            async with self._services.db.reading() as tx:
                messages = await tx.inbox.history(self._conversation.id, after_seq=self._seq, limit=_REPLAY_BATCH)
            for message in messages:
                await self._send({"type": "message", "message": MessageOut.of(message).model_dump()})
                self._seq = message.seq
            if len(messages) < _REPLAY_BATCH:
                return

    async def _receive_frames(self) -> None:
        while True:
            text = await receive_text(self._socket)
            message_id = None
            try:
                frame = _parse(text)
                if isinstance(frame, PingFrame):
                    await self._send({"type": "pong"})
                    continue
                message_id = frame.id
                accepted = await self._accept(frame)
                await self._send(
                    {"type": "accepted", "id": accepted.id, "seq": accepted.seq, "repeated": accepted.repeated}
                )
            except ServiceError as err:
                await self._refuse(message_id, err)
            except StoreError as err:
                await self._refuse(message_id, refusal_of_store(err))

    async def _accept(self, frame: TextFrame | ButtonFrame | PersonFrame) -> Accepted:
        if not self._is_operator:
            self._services.message_limit.check(self._conversation.id)
        intake = self._services.intake
        match frame:
            case TextFrame():
                return await intake.text(self._conversation, frame.id, frame.text)
            case ButtonFrame():
                return await intake.button(self._conversation, frame.id, frame.reply_id, frame.index)
            case PersonFrame():
                return await intake.person(self._conversation, frame.id)

    async def _refuse(self, message_id: str | None, error: ServiceError) -> None:
        frame: Frame = {"type": "error", **error_body(error.code, error.message, retryable=error.retryable)}
        if message_id is not None:
            frame["id"] = message_id
        await self._send(frame)

    async def _send(self, frame: Frame) -> None:
        # A client that takes nothing for this long is gone; it connects again and reads what it missed.
        async with self._sending, asyncio.timeout(_SEND_WITHIN_S):
            await self._socket.send_text(json.dumps(frame, ensure_ascii=False))


def _parse(text: str) -> TextFrame | ButtonFrame | PersonFrame | PingFrame:
    try:
        return _frames.validate_json(text)
    except ValidationError:
        raise Refused(
            "invalid_frame",
            'A frame is a JSON object with the type message, button, person or ping, such as {"type": "ping"}.',
        ) from None
