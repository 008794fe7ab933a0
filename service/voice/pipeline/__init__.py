"""How sound gets in and out: everything of Pipecat's and aiortc's, behind open_line().

The package's door is light; Pipecat is loaded with the first line, or by load().
"""

from typing import TYPE_CHECKING

from service.voice.pipeline.logs import quieten

if TYPE_CHECKING:
    from fastapi import WebSocket

    from service.calls.wire import IceServer
    from service.voice.line import Line, Listener

__all__ = ["load", "open_peer_line", "open_socket_line", "quieten"]


def load() -> None:
    """Import what the lines are made of, so that the first call does not wait for it."""
    quieten()
    import service.voice.pipeline.peer
    import service.voice.pipeline.socket  # noqa: F401


async def open_peer_line(listener: "Listener", offer: str, ice_servers: "tuple[IceServer, ...]") -> "Line":
    """A line to the browser that made the offer (SDP), with its answer. Raises: OfferError."""
    from service.voice.pipeline.peer import PeerLine

    return await PeerLine.open(listener, offer, ice_servers)


def open_socket_line(listener: "Listener", socket: "WebSocket", *, telephone: bool) -> "Line":
    """A line over an accepted WebSocket, in the browser's framing or in that of a telephone provider."""
    from service.voice.pipeline.socket import SocketLine

    return SocketLine(listener, socket, telephone=telephone)
