"""Opens OpenAI's checkpoint files; nothing in a file is run, and a file that lies about itself is refused."""

import pickle
import zipfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from speech.errors import TranscriberError

if TYPE_CHECKING:
    from torch import Tensor

# The largest official one has 3.1 · 10⁹ bytes.
_MOST_BYTES: Final = 8_000_000_000
_VOCABULARIES: Final = (51864, 51865, 51866)
_LIMITS: Final = {
    "n_mels": (80, 128),
    "n_audio_ctx": (1500, 1500),
    "n_audio_state": (8, 4096),
    "n_audio_head": (1, 64),
    "n_audio_layer": (1, 64),
    "n_vocab": (min(_VOCABULARIES), max(_VOCABULARIES)),
    "n_text_ctx": (8, 4096),
    "n_text_state": (8, 4096),
    "n_text_head": (1, 64),
    "n_text_layer": (1, 64),
}


@dataclass(frozen=True)
class Dimensions:
    """Sizes of a Whisper model, under the names that its files use."""

    n_mels: int
    n_audio_ctx: int
    n_audio_state: int
    n_audio_head: int
    n_audio_layer: int
    n_vocab: int
    n_text_ctx: int
    n_text_state: int
    n_text_head: int
    n_text_layer: int

    @property
    def multilingual(self) -> bool:
        """False for the English-only vocabulary."""
        return self.n_vocab >= 51865

    @property
    def languages(self) -> int:
        """How many languages the vocabulary names: 1, 99 or 100."""
        return self.n_vocab - 51766 if self.multilingual else 1


@dataclass(frozen=True)
class Checkpoint:
    """A checked file: sizes, and tensors by OpenAI's names."""

    dimensions: Dimensions
    tensors: "dict[str, Tensor]"


def open_checkpoint(path: Path) -> Checkpoint:
    """Read and check a `.pt` file. Raises: TranscriberError (code not_a_checkpoint)."""
    _check_size(path)
    import torch

    try:
        # weights_only: a pickle that wants to run anything is refused.
        told = torch.load(path, map_location="cpu", weights_only=True)
    except (
        pickle.UnpicklingError,
        RuntimeError,
        EOFError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        MemoryError,
    ):
        raise _refused(path, "it is damaged, cut off or holds more than numbers") from None
    if not isinstance(told, dict) or not {"dims", "model_state_dict"} <= told.keys():
        raise _refused(path, "it has no 'dims' and 'model_state_dict'")
    dimensions = _dimensions(path, told["dims"])
    tensors = told["model_state_dict"]
    if not isinstance(tensors, dict):
        raise _refused(path, "its 'model_state_dict' is no table of tensors")
    _check_tensors(path, dimensions, tensors)
    return Checkpoint(dimensions, tensors)


def _check_size(path: Path) -> None:
    size = path.stat().st_size
    if size > _MOST_BYTES:
        raise _refused(path, f"it has {size / 1e9:.1f} GB and the largest model has 3.1 GB")
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise _refused(path, "it is no file that PyTorch wrote, or it is cut off") from None
    # PyTorch stores without compressing: what unpacks to more was made to fill memory.
    if unpacked > size:
        raise _refused(path, f"it would unpack to {unpacked / 1e6:.0f} MB, more than its own {size / 1e6:.0f} MB")


def _dimensions(path: Path, told: Any) -> Dimensions:
    names = [field.name for field in fields(Dimensions)]
    if not isinstance(told, dict) or set(told) != set(names):
        raise _refused(path, f"its 'dims' are not {', '.join(names)}")
    for name, (least, most) in _LIMITS.items():
        value = told[name]
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise _refused(path, f"{name} is {value!r:.20}; expected {least} to {most}")
    dimensions = Dimensions(**told)
    if dimensions.n_mels not in (80, 128):
        raise _refused(path, f"n_mels is {dimensions.n_mels}; expected 80 or 128")
    if dimensions.n_audio_state != dimensions.n_text_state:
        raise _refused(path, "its encoder and decoder differ in width")
    if dimensions.n_audio_state % dimensions.n_audio_head or dimensions.n_text_state % dimensions.n_text_head:
        raise _refused(path, "its width is no multiple of its heads")
    return dimensions


def _check_tensors(path: Path, dimensions: Dimensions, tensors: "dict[str, Tensor]") -> None:
    import torch

    for name, tensor in tensors.items():
        # Sparse, quantised and empty ("meta") tensors may be in a file, too.
        if not isinstance(name, str) or not isinstance(tensor, torch.Tensor) or not _is_plain(tensor):
            raise _refused(path, f"{str(name)[:80]} is no table of floating-point numbers")
    # A view can repeat a few numbers without end.
    told = sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())
    if told > path.stat().st_size:
        raise _refused(path, f"it tells of {told / 1e6:.0f} MB of numbers and has {path.stat().st_size / 1e6:.1f} MB")
    wanted = shapes(dimensions)
    found = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    if found != wanted:
        name = next(iter(sorted(set(wanted.items()) ^ set(found.items()))))[0]
        raise _refused(path, f"{str(name)[:80]} has shape {found.get(name)}; expected {wanted.get(name)}")
    for name, tensor in tensors.items():
        if not torch.isfinite(tensor).all():
            raise _refused(path, f"{name} holds numbers that are not finite")


def _is_plain(tensor: "Tensor") -> bool:
    import torch

    floats = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
    return tensor.layout is torch.strided and tensor.device.type == "cpu" and tensor.dtype in floats


def shapes(dimensions: Dimensions) -> dict[str, tuple[int, ...]]:
    """The shape of every tensor of a model of these sizes, by OpenAI's names."""
    width = dimensions.n_audio_state
    found: dict[str, tuple[int, ...]] = {
        "encoder.positional_embedding": (dimensions.n_audio_ctx, width),
        "encoder.conv1.weight": (width, dimensions.n_mels, 3),
        "encoder.conv1.bias": (width,),
        "encoder.conv2.weight": (width, width, 3),
        "encoder.conv2.bias": (width,),
        "encoder.ln_post.weight": (width,),
        "encoder.ln_post.bias": (width,),
        "decoder.positional_embedding": (dimensions.n_text_ctx, width),
        "decoder.token_embedding.weight": (dimensions.n_vocab, width),
        "decoder.ln.weight": (width,),
        "decoder.ln.bias": (width,),
    }
    for layer in range(dimensions.n_audio_layer):
        found |= _block(f"encoder.blocks.{layer}", width, ("attn",))
    for layer in range(dimensions.n_text_layer):
        found |= _block(f"decoder.blocks.{layer}", width, ("attn", "cross_attn"))
    return found


def _block(name: str, width: int, attentions: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {
        f"{name}.mlp.0.weight": (4 * width, width),
        f"{name}.mlp.0.bias": (4 * width,),
        f"{name}.mlp.2.weight": (width, 4 * width),
        f"{name}.mlp.2.bias": (width,),
        f"{name}.mlp_ln.weight": (width,),
        f"{name}.mlp_ln.bias": (width,),
    }
    for attention in attentions:
        for part in ("query", "key", "value", "out"):
            found[f"{name}.{attention}.{part}.weight"] = (width, width)
            if part != "key":
                found[f"{name}.{attention}.{part}.bias"] = (width,)
        found |= {f"{name}.{attention}_ln.weight": (width,), f"{name}.{attention}_ln.bias": (width,)}
    return found


def as_dims(dimensions: Dimensions) -> dict[str, int]:
    """As the file tells them."""
    return asdict(dimensions)


def _refused(path: Path, why: str) -> TranscriberError:
    return TranscriberError(
        f"{path.name} is no Whisper checkpoint that can be used: {why}. Expected a .pt file in OpenAI's format; try: "
        "attune speech model add small",
        code="not_a_checkpoint",
    )
