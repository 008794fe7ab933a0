"""From the bytes of an uploaded picture to pixels, within fixed limits of bytes, pixels and time."""

import io
import threading
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from vocabulary import Frame, FrameError

MAX_BYTES: Final = 5_000_000
MAX_PIXELS: Final = 16_000_000
"""Of the picture as announced by its header, read before anything is decoded: telephones take 12 million. A WebP
of that size needs 250 MB while it is decoded, the most of all formats."""
LONGEST_SIDE: Final = 1280
"""Of the result, pixels; a face that is far smaller than a tenth of this says nothing anyway."""

_ONE_AT_A_TIME: Final = threading.Lock()
"""Many turns at once must not need that memory many times."""

_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
_TURNED_BY_EXIF: Final = 0x0112
_MID_GREY: Final = (128, 128, 128)


def decode_frame(data: bytes) -> Frame:
    """The picture in a file: JPEG, PNG, WebP, or the first picture of a GIF; upright as its EXIF entry says.

    Grey, palette, CMYK, 16 bits a channel and transparency are turned into 8-bit RGB (transparent parts mid-grey).
    Larger pictures are scaled down, JPEG already while it is decoded. Nothing but pixels is kept: no place, no time.
    Raises: FrameError naming what was found and what is allowed.
    """
    from PIL import Image, UnidentifiedImageError

    if not data:
        raise FrameError("the picture is empty; send a JPEG, PNG, WebP or GIF file.")
    if len(data) > MAX_BYTES:
        raise FrameError(f"a picture of {len(data)} bytes; at most {MAX_BYTES} are allowed. Send a smaller one.")
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            _check_size(*image.size)
            with _ONE_AT_A_TIME:
                return Frame(_pixels(image))
    except FrameError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise FrameError(f"the picture has too many pixels; at most {MAX_PIXELS} are allowed.") from None
    except UnidentifiedImageError:
        raise FrameError("the file is no JPEG, PNG, WebP or GIF picture; send one of these.") from None
    except Exception as error:  # noqa: BLE001 - damaged files make Pillow raise almost anything
        raise FrameError(f"the picture is damaged and cannot be read ({type(error).__name__}).") from None


def _pixels(image: Any) -> NDArray[np.uint8]:
    from PIL import ImageOps

    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    return np.array(_opaque(ImageOps.exif_transpose(_small(image))), dtype=np.uint8)


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise FrameError(
            f"a picture of {width} × {height} pixels; at most {MAX_PIXELS // 1_000_000} million are allowed."
        )


def _small(image: Any) -> Any:
    """Scaled down before anything else, so that no second picture of full size is ever in memory; 8 bits a channel."""
    from PIL import Image

    image.load()
    if not image.mode.startswith(("I", "F")):
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BOX)
        return image
    # Grey of 16 bits or floating point: as 8 bits over the range of its kind.
    step = -(-max(image.size) // LONGEST_SIDE)
    values = np.nan_to_num(np.asarray(image)[::step, ::step].astype(np.float64), nan=0.0, posinf=65535.0, neginf=0.0)
    top = 65535.0 if values.max(initial=0.0) > 255 else 255.0
    grey = Image.fromarray(np.clip(values * 255.0 / top, 0, 255).astype(np.uint8))
    grey.getexif()[_TURNED_BY_EXIF] = image.getexif().get(_TURNED_BY_EXIF, 1)
    return grey


def _opaque(image: Any) -> Any:
    from PIL import Image

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        seen = image.convert("RGBA")
        ground = Image.new("RGBA", seen.size, (*_MID_GREY, 255))
        return Image.alpha_composite(ground, seen).convert("RGB")
    return image.convert("RGB")
