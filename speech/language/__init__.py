"""Words: how they are said, how they are written, and which of them follow each other in this shop."""

from speech.language.arpa import ArpaModel
from speech.language.phrases import spoken_form
from speech.language.rows import digit_rows
from speech.language.shop_model import ShopModel, build_shop_model, is_built_from, pronunciations
from speech.language.talk import Talk
from speech.language.written import write, written_form

__all__ = [
    "ArpaModel",
    "ShopModel",
    "Talk",
    "build_shop_model",
    "digit_rows",
    "is_built_from",
    "pronunciations",
    "spoken_form",
    "write",
    "written_form",
]
