"""The few shapes that a figure needs, as SVG text or as a PNG picture: no plotting library is needed for them."""

from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any, Final, Literal

from emotion.errors import EvaluationError

Colour = tuple[int, int, int]
Anchor = Literal["start", "middle", "end"]

INK: Final[Colour] = (31, 41, 51)
PALE: Final[Colour] = (200, 208, 215)
_SCALE: Final = 2  # of the PNG: letters stay readable on dense screens
_ENDINGS: Final = (".svg", ".png")


@dataclass
class Canvas:
    """Shapes in the order in which they are drawn. All lengths in px from the top left corner."""

    width: int
    height: int
    shapes: list[tuple[str, Any]] = field(default_factory=list)

    def rect(
        self, x: float, y: float, width: float, height: float, *, fill: Colour | None, line: Colour = PALE
    ) -> None:
        self.shapes.append(("rect", (x, y, width, height, fill, line)))

    def line(self, x1: float, y1: float, x2: float, y2: float, *, colour: Colour = PALE) -> None:
        self.shapes.append(("line", (x1, y1, x2, y2, colour)))

    def dot(self, x: float, y: float, radius: float, *, fill: Colour) -> None:
        self.shapes.append(("dot", (x, y, radius, fill)))

    def text(
        self, x: float, y: float, words: str, *, size: int = 11, anchor: Anchor = "start", ink: Colour = INK
    ) -> None:
        """y is the line that the letters stand on."""
        self.shapes.append(("text", (x, y, words, size, anchor, ink)))

    def save(self, path: Path) -> None:
        """Write .svg or .png, by the ending. Raises: EvaluationError for another ending."""
        check_ending(path)
        if path.suffix.lower() == ".svg":
            path.write_text(self._svg(), encoding="utf-8")
        else:
            self._picture().save(path, "PNG")

    def _svg(self) -> str:
        parts = [f'<rect width="{self.width}" height="{self.height}" fill="white"/>']
        for kind, shape in self.shapes:
            if kind == "rect":
                x, y, width, height, fill, line = shape
                parts.append(
                    f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
                    f'fill="{_css(fill)}" stroke="{_css(line)}"/>'
                )
            elif kind == "line":
                x1, y1, x2, y2, colour = shape
                parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{_css(colour)}"/>')
            elif kind == "dot":
                x, y, radius, fill = shape
                parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{_css(fill)}"/>')
            else:
                x, y, words, size, anchor, ink = shape
                parts.append(
                    f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
                    f'fill="{_css(ink)}">{escape(words)}</text>'
                )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
            f'width="{self.width}" height="{self.height}" font-family="sans-serif">{"".join(parts)}</svg>\n'
        )

    def _picture(self) -> Any:
        from PIL import Image, ImageDraw, ImageFont

        picture = Image.new("RGB", (self.width * _SCALE, self.height * _SCALE), "white")
        pen = ImageDraw.Draw(picture)
        for kind, shape in self.shapes:
            if kind == "rect":
                x, y, width, height, fill, line = shape
                pen.rectangle(_scaled(x, y, x + width, y + height), fill=fill, outline=line)
            elif kind == "line":
                pen.line(_scaled(*shape[:4]), fill=shape[4], width=_SCALE)
            elif kind == "dot":
                x, y, radius, fill = shape
                pen.ellipse(_scaled(x - radius, y - radius, x + radius, y + radius), fill=fill)
            else:
                x, y, words, size, anchor, ink = shape
                where = {"start": "ls", "middle": "ms", "end": "rs"}[anchor]
                pen.text(
                    (x * _SCALE, y * _SCALE), words, fill=ink, font=ImageFont.load_default(size * _SCALE), anchor=where
                )
        return picture


def check_ending(path: Path) -> None:
    """Raises: EvaluationError for an ending that cannot be drawn."""
    if path.suffix.lower() not in _ENDINGS:
        raise EvaluationError(f"{path.name} cannot be drawn; expected a name that ends in {' or '.join(_ENDINGS)}.")


def _scaled(*lengths: float) -> list[float]:
    return [length * _SCALE for length in lengths]


def _css(colour: Colour | None) -> str:
    return "none" if colour is None else "rgb({},{},{})".format(*colour)
