"""A photo of oneself with a message: only once the face is allowed, made smaller, before its message, and once."""

import io
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, expect

from tests.e2e.conftest import Chat
from tests.e2e.fake_api import FakeApi

pytestmark = pytest.mark.browser


def photo(width: int = 2400, height: int = 1600, *, turned: int | None = None) -> FilePayload:
    """A JPEG as a telephone makes it, with a place in its EXIF entries."""
    image, exif, out = Image.new("RGB", (width, height), (180, 140, 120)), Image.Exif(), io.BytesIO()
    exif[0x010F] = "Telephone of Kim"
    if turned is not None:
        exif[0x0112] = turned
    image.save(out, "JPEG", exif=exif)
    return {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.fixture
def seen(open_chat: Callable[[], Chat]) -> Chat:
    """A chat whose customer allows the face."""
    chat = open_chat()
    chat.find("consent-face").click()
    expect(chat.find("consent-sheet")).to_contain_text("Saved.")
    chat.find("consent-continue").click()
    return chat


def test_without_consent_a_photo_is_not_taken(chat: Chat, api: FakeApi) -> None:
    assert "image" not in (chat.find("chat-file").get_attribute("accept") or "")
    chat.find("chat-file").set_input_files(photo())
    expect(chat.find("chat-hint")).to_contain_text("is not an audio file")
    expect(chat.find("chat-photo")).to_be_hidden()
    chat.ask("hello")
    assert api.photos == []


def test_a_photo_reaches_the_service_before_its_message_smaller_upright_and_bare(seen: Chat, api: FakeApi) -> None:
    expect(seen.find("chat-attach")).to_have_attribute(
        "aria-label", "Choose a photo of yourself or a sound file to send"
    )
    seen.find("chat-file").set_input_files(photo(turned=6))
    expect(seen.find("chat-photo")).to_have_text("A photo of you goes with your next message")
    seen.ask("where is my order")
    ((message_id, before, body),) = api.photos
    assert before == 0 and b"Telephone of Kim" not in body
    with Image.open(io.BytesIO(body)) as image:
        assert image.size == (640, 960)
    (message,) = (one for messages in api.messages.values() for one in messages if one["author"] == "customer")
    assert message["id"] == message_id
    expect(seen.find("chat-photo")).to_be_hidden()
    seen.ask("and now")
    assert len(api.photos) == 1


def test_a_photo_can_be_taken_back_and_goes_with_the_consent(seen: Chat, api: FakeApi) -> None:
    seen.find("chat-file").set_input_files(photo())
    seen.find("photo-drop").click()
    expect(seen.find("chat-photo")).to_be_hidden()
    seen.find("chat-file").set_input_files(photo())
    expect(seen.find("chat-photo")).to_be_visible()
    seen.find("consent-withdraw").click()
    expect(seen.find("chat-photo")).to_be_hidden()
    seen.ask("hello")
    assert api.photos == []


def test_a_file_that_is_no_photo_and_a_photo_that_is_refused_are_said_and_lose_no_message(
    seen: Chat, api: FakeApi
) -> None:
    seen.find("chat-file").set_input_files({"name": "me.png", "mimeType": "image/png", "buffer": b"no picture"})
    expect(seen.find("chat-hint")).to_contain_text("could not be read as a photo")
    api.refuse_photos = True
    seen.find("chat-file").set_input_files(photo())
    expect(seen.find("chat-photo")).to_be_visible()
    seen.ask("hello")
    expect(seen.page.get_by_text("Your photo did not get through")).to_be_visible()
    assert api.customer_texts() == ["hello"] and api.photos == []
