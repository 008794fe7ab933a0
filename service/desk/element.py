"""Text in the element that means it: headings, buttons and cells are not divisions."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui.elements.mixins.text_element import TextElement


class Words(TextElement):
    """A tag with text. The text is never read as markup."""

    def __init__(self, tag: str, text: str) -> None:
        super().__init__(tag=tag, text=text)


def button(text: str, *, kind: str, test_id: str, on_click: Callable[..., Awaitable[Any]]) -> Words:
    """A button. kind: primary, secondary or quiet."""
    element = Words("button", text)
    element.props(f'type="button" data-testid="{test_id}"').classes(kind)
    element.on("click", on_click, args=[])
    return element
