"""Any picture that a customer may send becomes upright RGB within the limits, or a clear refusal."""

import contextlib
import struct
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from emotion import decode_frame
from emotion.face import decode
from emotion.face.decode import LONGEST_SIDE, MAX_BYTES
from tests.emotion.face.pictures import encoded, picture
from vocabulary import FrameError


def is_red(pixel: np.ndarray) -> bool:
    return bool(pixel[0] > 120 and pixel[2] < 90)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_format_becomes_rgb(kind: str) -> None:
    pixels = decode_frame(encoded(picture(), kind)).pixels
    assert pixels.shape == (48, 64, 3) and pixels.dtype == np.uint8
    assert is_red(pixels[24, 5]) and not is_red(pixels[24, 60])


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "L"), ("PNG", "P"), ("PNG", "1"), ("PNG", "LA"), ("JPEG", "CMYK")])
def test_every_kind_of_colour_becomes_rgb(kind: str, mode: str) -> None:
    assert decode_frame(encoded(picture(mode=mode), kind)).pixels.shape == (48, 64, 3)


def test_sixteen_bits_keep_their_greys() -> None:
    values = np.tile(np.linspace(0, 65535, 64, dtype=np.uint16), (48, 1))
    row = decode_frame(encoded(Image.fromarray(values), "PNG")).pixels[20, :, 0].astype(int)
    assert row[0] == 0 and row[-1] == 255 and (np.diff(row) >= 0).all() and 120 < row[32] < 136


def test_transparent_parts_are_mid_grey() -> None:
    image = picture(mode="RGBA")
    image.putalpha(0)
    assert (decode_frame(encoded(image, "PNG")).pixels == 128).all()


@pytest.mark.parametrize(("turn", "shape"), [(1, (48, 64, 3)), (3, (48, 64, 3)), (6, (64, 48, 3)), (8, (64, 48, 3))])
def test_a_turned_telephone_gives_an_upright_picture(turn: int, shape: tuple[int, int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    pixels = decode_frame(encoded(picture(), "JPEG", exif=exif)).pixels
    assert pixels.shape == shape
    red_at = {1: (24, 5), 3: (24, 60), 6: (5, 24), 8: (60, 24)}[turn]
    assert is_red(pixels[red_at])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_large_turned_photograph_is_scaled_down_and_upright(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    pixels = decode_frame(encoded(picture(3000, 2000), kind, exif=exif)).pixels
    assert pixels.shape[0] > pixels.shape[1] and pixels.shape[0] <= LONGEST_SIDE
    assert is_red(pixels[20, 400])


def test_an_animation_gives_its_first_picture() -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ((200, 0, 0), (0, 200, 0), (0, 0, 200))]
    pixels = decode_frame(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])).pixels
    assert is_red(pixels[15, 20])


def test_a_large_photograph_is_scaled_down() -> None:
    pixels = decode_frame(encoded(picture(4000, 3000), "JPEG", quality=30)).pixels
    assert max(pixels.shape) <= LONGEST_SIDE and pixels.shape[1] > pixels.shape[0]


def bomb(side: int) -> bytes:
    """A PNG of side × side pixels of nothing, small as a file, never decoded."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8000, 20_000, 60_000])
def test_too_many_pixels_are_refused_before_they_are_decoded(side: int) -> None:
    start = time.process_time()
    with pytest.raises(FrameError, match=r"at most 16"):
        decode_frame(bomb(side))
    assert time.process_time() - start < 1.0


def test_eight_thousand_pixels_square_of_jpeg_are_refused_by_their_header() -> None:
    header = encoded(Image.new("L", (8000, 8000)), "JPEG", quality=1)[:2000]
    with pytest.raises(FrameError, match=r"8000 × 8000 pixels; at most 16 million"):
        decode_frame(header)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"hello, this is text", "no JPEG, PNG, WebP or GIF"),
        (b"%PDF-1.7", "no JPEG, PNG, WebP or GIF"),
        (bytes(MAX_BYTES + 1), "at most 5000000"),
        (encoded(picture(), "BMP"), "no JPEG, PNG, WebP or GIF"),
        (encoded(picture(600, 400), "PNG")[:80], "damaged"),
    ],
)
def test_what_is_no_picture_is_refused_with_what_is_allowed(data: bytes, words: str) -> None:
    with pytest.raises(FrameError, match=words):
        decode_frame(data)


@given(cut=st.integers(3, 900), at=st.integers(0, 900), value=st.integers(0, 255))
def test_a_damaged_file_is_a_picture_or_a_refusal_and_nothing_else(cut: int, at: int, value: int) -> None:
    data = bytearray(encoded(picture(), "JPEG"))
    data[min(at, len(data) - 1)] = value
    with contextlib.suppress(FrameError):
        assert decode_frame(bytes(data[:cut])).pixels.shape[2] == 3


def test_pictures_are_decoded_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = [], []
    small = decode._small

    def slowly(image: Image.Image) -> Image.Image:
        running.append(1)
        most.append(len(running))
        time.sleep(0.02)
        running.pop()
        return small(image)

    monkeypatch.setattr(decode, "_small", slowly)
    data = encoded(picture(), "PNG")
    with ThreadPoolExecutor(4) as pool:
        assert len(list(pool.map(decode_frame, [data] * 4))) == 4
    assert most == [1, 1, 1, 1]
