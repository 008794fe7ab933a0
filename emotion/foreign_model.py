"""A transformers model that somebody configured: loaded from its folder or hub id, quietly and without its code."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from emotion.errors import ModelError


def load_foreign(model: str, load: Callable[[Any], tuple[Any, Any]], *, setting: str, kind: str) -> tuple[Any, Any]:
    """What `load(transformers)` gives: a preprocessor and a network, the network ready to answer.

    torch and transformers are loaded here and nowhere else in a running process. setting: the name under which the
    model was configured. kind: "text" or "audio", as in "audio-classification". Raises: ModelError.
    """
    try:
        import_module("torch")
        transformers: Any = import_module("transformers")
    except ImportError:
        raise ModelError(f"{setting} is set to {model}, and transformers is not installed. Run: make setup") from None
    transformers.logging.disable_progress_bar()
    transformers.logging.set_verbosity_error()
    try:
        preprocessor, network = load(transformers)
        return preprocessor, network.eval()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the files, libraries name it variously
        raise ModelError(
            f"{setting} is set to {model}, which cannot be loaded ({type(error).__name__}). Give the folder of a "
            f"transformers {kind}-classification model, or a hub id that can be reached, or unset it."
        ) from None
