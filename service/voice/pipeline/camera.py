"""The camera's track, looked at about once a second and only while pictures are allowed."""

import asyncio
import logging
from typing import Any, Final, Protocol

import cv2
from aiortc.mediastreams import MediaStreamError
from av import VideoFrame

from service.voice.line import Line, Listener

log = logging.getLogger(__name__)

EVERY_S: Final = 1.0
LARGEST_SIDE: Final = 640
_QUALITY: Final = 85
# How often a track that is not looked at is asked again; what has come meanwhile is thrown away unseen.
_ASK_S: Final = 0.1


class Track(Protocol):
    """SmallWebRTCTrack of Pipecat's."""

    async def recv(self) -> Any:
        """The next frame; None from a track that is switched off."""

    async def discard_old_frames(self) -> None:
        """Throw away what waits."""


async def sample(line: Line, listener: Listener, track: Track) -> None:
    """Give pictures to the call until the track ends. While none are allowed the track is not read at all."""
    loop = asyncio.get_running_loop()
    next_at = 0.0
    watching = False
    while True:
        if not listener.takes_pictures():
            watching = False
            await asyncio.sleep(_ASK_S)
            continue
        if not watching:
            # Frames from before the customer's yes are not theirs to give.
            watching = True
            await track.discard_old_frames()
        try:
            frame = await track.recv()
        except MediaStreamError:
            return
        if not isinstance(frame, VideoFrame) or loop.time() < next_at:
            continue
        next_at = loop.time() + EVERY_S
        picture = await asyncio.to_thread(jpeg, frame)
        if picture is not None:
            # The call asks once more: the customer may have said no in the meantime.
            listener.picture(line, picture)


def jpeg(frame: VideoFrame) -> bytes | None:
    """The frame as a JPEG with no side over LARGEST_SIDE; None if it cannot be written."""
    scale = min(1.0, LARGEST_SIDE / max(frame.width, frame.height))
    width, height = max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
    pixels = frame.to_ndarray(format="bgr24", width=width, height=height)
    written, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    if not written:
        log.warning("picture not written", extra={"width": width, "height": height})
        return None
    return bytes(data)
