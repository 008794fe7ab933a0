"""A line over a WebSocket: of a browser without UDP, or of a telephone provider."""

from fastapi import WebSocket
from pipecat.frames.frames import OutputTransportMessageUrgentFrame
from pipecat.transports.websocket.fastapi import FastAPIWebsocketOutputTransport, FastAPIWebsocketTransport

from service.voice.line import Listener, Told
from service.voice.pipeline.assembly import Assembly
from service.voice.pipeline.processors import Hearing, Speaking
from service.voice.pipeline.telephone import TelephoneSound
from service.voice.pipeline.websocket import BrowserSound, socket_transport


class _AtOnce(FastAPIWebsocketOutputTransport):
    """Sends each frame when it comes: the call's clock is the only one. Pipecat's waits after each frame as well."""

    async def _write_audio_sleep(self) -> None:
        return


class SocketLine:
    """One WebSocket. There is no offer, and pictures do not come this way."""

    answer: str | None = None

    def __init__(self, listener: Listener, socket: WebSocket, *, telephone: bool) -> None:
        self._listener = listener
        transport = socket_transport(socket, TelephoneSound() if telephone else BrowserSound())
        output = self._output = _AtOnce(transport, transport._client, transport._params)
        self._speaking = Speaking(self, listener)
        self._assembly = Assembly([transport.input(), Hearing(self, listener), self._speaking, output])

        async def connected(_transport: FastAPIWebsocketTransport, _socket: WebSocket) -> None:
            listener.connected(self)

        async def disconnected(_transport: FastAPIWebsocketTransport, _socket: WebSocket) -> None:
            await self.close()

        transport.add_event_handler("on_client_connected", connected)
        transport.add_event_handler("on_client_disconnected", disconnected)

    def send(self, told: Told) -> None:
        """With the next 20 ms."""
        self._speaking.tell(told)

    def flush(self) -> None:
        """The provider plays nothing more of what it holds."""
        self._speaking.flush()

    async def run(self) -> None:
        """Carry sound until the socket ends or close() is called."""
        try:
            await self._assembly.run()
        finally:
            self._listener.lost(self)

    async def close(self) -> None:
        """End it, after the last word to the page."""
        for told in self._speaking.untold():
            # Through the pipeline it would be overtaken by the end.
            await self._output.send_message(OutputTransportMessageUrgentFrame(message=told))
        await self._assembly.close()
