"""A line by WebRTC: a peer connection of a browser's page: sound both ways, a data channel, perhaps a camera."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Final, Self

from aiortc import RTCIceServer
from pipecat.transports.base_transport import TransportParams
from pipecat.transports.smallwebrtc.connection import SmallWebRTCConnection
from pipecat.transports.smallwebrtc.transport import SmallWebRTCTransport

from service.calls.wire import IceServer
from service.voice.errors import OfferError
from service.voice.line import Listener, Told
from service.voice.pipeline.assembly import Assembly
from service.voice.pipeline.camera import sample
from service.voice.pipeline.processors import Hearing
from service.voice.pipeline.track import SpokenTrack
from vocabulary import SAMPLE_RATE_HZ

log = logging.getLogger(__name__)

# The page waits at most 2 s for its own candidates; after a minute nobody is there any more.
_CONNECT_WITHIN_S: Final = 20
_GATHER_WITHIN_S: Final = 8.0
# A message leaves in a task of aiortc's own, which closing would overtake.
_LAST_WORD_S: Final = 0.1


class PeerLine:
    """One peer connection. A page whose network has changed makes another one, and the call takes a new line."""

    def __init__(self, listener: Listener, connection: SmallWebRTCConnection) -> None:
        self._listener = listener
        self._connection = connection
        self._told = False
        self._camera: asyncio.Task[None] | None = None
        params = TransportParams(
            audio_in_enabled=True, audio_in_sample_rate=SAMPLE_RATE_HZ, audio_in_channels=1, audio_out_enabled=False
        )
        transport = SmallWebRTCTransport(connection, params)
        self._assembly = Assembly([transport.input(), Hearing(self, listener), transport.output()])

        async def connected(_transport: SmallWebRTCTransport, _connection: SmallWebRTCConnection) -> None:
            self._connected()

        async def disconnected(_transport: SmallWebRTCTransport, _connection: SmallWebRTCConnection) -> None:
            await self.close()

        transport.add_event_handler("on_client_connected", connected)
        transport.add_event_handler("on_client_disconnected", disconnected)

    @classmethod
    async def open(cls, listener: Listener, offer: str, ice_servers: Sequence[IceServer]) -> Self:
        """The line with its answer. Raises: OfferError."""
        servers = [
            RTCIceServer(urls=list(server.urls), username=server.username, credential=server.credential)
            for server in ice_servers
        ]
        connection = SmallWebRTCConnection(servers, connection_timeout_secs=_CONNECT_WITHIN_S)
        try:
            async with asyncio.timeout(_GATHER_WITHIN_S):
                await connection.initialize(sdp=offer, type="offer")
        except Exception as err:  # noqa: BLE001 - a stranger's text in a parser that was not made for strangers
            await connection.disconnect()
            raise OfferError(
                f"the offer cannot be answered ({type(err).__name__}); expected an SDP with sound both ways."
            ) from None
        if not any(one.kind == "audio" for one in connection.pc.getTransceivers()):
            await connection.disconnect()
            raise OfferError("the offer has no sound; expected an audio track that sends and receives.")
        return cls(listener, connection)

    @property
    def answer(self) -> str | None:
        """The SDP that answers the offer, candidates included."""
        answer = self._connection.get_answer()
        return None if answer is None else str(answer["sdp"])

    def send(self, told: Told) -> None:
        """Over the data channel; kept until it opens."""
        self._told = True
        self._connection.send_app_message(told)

    def flush(self) -> None:
        """Nothing is ever sent ahead."""

    async def run(self) -> None:
        """Carry sound until the connection ends or close() is called."""
        try:
            await self._assembly.run()
        finally:
            if self._camera is not None:
                self._camera.cancel()
                await asyncio.gather(self._camera, return_exceptions=True)
            await self._connection.disconnect()
            self._listener.lost(self)

    async def close(self) -> None:
        """End it, after the last word to the page."""
        if self._told:
            self._told = False
            await asyncio.sleep(_LAST_WORD_S)
        await self._assembly.close()

    def _connected(self) -> None:
        self._connection.replace_audio_track(SpokenTrack(self, self._listener))
        camera: Any = None
        if len(self._connection.pc.getTransceivers()) > 1:
            camera = self._connection.video_input_track()
        if camera is not None and self._camera is None:
            self._camera = asyncio.get_running_loop().create_task(sample(self, self._listener, camera))
        self._listener.connected(self)
