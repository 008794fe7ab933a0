"""Words: how they are said, how they are written, and which of them follow each other in this shop."""

from speech.language.arpa import ArpaModel
from speech.language.phrases import build_language_model, spoken_form
from speech.language.written import write, written_form

__all__ = ["ArpaModel", "build_language_model", "spoken_form", "write", "written_form"]
