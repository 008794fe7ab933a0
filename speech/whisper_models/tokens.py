"""Whisper's vocabularies: OpenAI's byte pairs, which openai-whisper carries, as a `tokenizer.json`."""

import base64
import json
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from speech.errors import TranscriberError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

END: Final = "<|endoftext|>"
START: Final = "<|startoftranscript|>"
_TASKS: Final = (
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
)
_TIMES: Final = tuple(f"<|{step * 0.02:.2f}|>" for step in range(1501))


@dataclass(frozen=True)
class Vocabulary:
    """Token ids of one vocabulary. plain: (bytes as text, rank) in order; special: name → id, behind the plain ones."""

    plain: dict[str, int]
    merges: list[tuple[str, str]]
    special: dict[str, int]

    @property
    def languages(self) -> dict[str, int]:
        """`<|en|>` → id, in order of the ids."""
        first, last = self.special[START] + 1, self.special[_TASKS[0]]
        return {name: number for name, number in self.special.items() if first <= number < last}

    def __len__(self) -> int:
        return len(self.plain) + len(self.special)


def vocabulary(size: int) -> Vocabulary:
    """The vocabulary of that many tokens: 51864 (English only), 51865 or 51866. Raises: TranscriberError."""
    from whisper.tokenizer import LANGUAGES

    multilingual = size >= 51865
    ranks = _ranks("multilingual" if multilingual else "gpt2")
    # OpenAI's English-only vocabulary, too, names 99 languages; its models never use them.
    named = size - 51765 - multilingual
    special = [END, START, *(f"<|{code}|>" for code in list(LANGUAGES)[:named]), *_TASKS, *_TIMES]
    letters = _letters()

    def write(piece: bytes) -> str:
        return "".join(letters[byte] for byte in piece)

    merges = []
    for piece, rank in ranks.items():
        if len(piece) > 1 and len(parts := _parts(piece, ranks, rank)) == 2:
            merges.append((write(parts[0]), write(parts[1])))
    made = Vocabulary(
        {write(piece): rank for piece, rank in ranks.items()},
        merges,
        {name: len(ranks) + number for number, name in enumerate(special)},
    )
    if len(made) != size:
        raise TranscriberError(f"{size} tokens; OpenAI's vocabularies have 51864, 51865 or 51866.", code="vocabulary")
    return made


def tokenizer(words: Vocabulary) -> "Tokenizer":
    """The vocabulary as a tokenizer of Hugging Face's library."""
    from tokenizers import AddedToken, Tokenizer, decoders, pre_tokenizers
    from tokenizers.models import BPE

    made = Tokenizer(BPE(vocab=words.plain, merges=words.merges))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    # Times are no special tokens there: decoding leaves them out by their ids.
    made.add_tokens([AddedToken(name, normalized=False, special=name not in _TIMES) for name in words.special])
    return made


def write_tokenizer(words: Vocabulary, folder: Path) -> None:
    """`tokenizer.json` and its configuration for transformers."""
    tokenizer(words).save(str(folder / "tokenizer.json"))
    told = {
        "tokenizer_class": "WhisperTokenizer",
        "add_prefix_space": False,
        "bos_token": END,
        "eos_token": END,
        "pad_token": END,
        "unk_token": END,
        "additional_special_tokens": [name for name in words.special if name not in _TIMES],
        "model_max_length": 1024,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def not_speech(words: Vocabulary) -> list[int]:
    """Tokens of marks that nobody says (music notes, brackets, names of speakers), as OpenAI suppresses them."""
    from whisper.tokenizer import get_tokenizer

    size = len(words)
    multilingual = size >= 51865
    theirs = get_tokenizer(multilingual, num_languages=size - 51765 - multilingual)
    kept_back = ("<|transcribe|>", "<|translate|>", START, "<|startofprev|>", "<|startoflm|>", "<|nospeech|>")
    return sorted({*theirs.non_speech_tokens, *(words.special[name] for name in kept_back)})


def _ranks(name: str) -> dict[bytes, int]:
    found = find_spec("whisper")
    path = Path(found.origin).parent / "assets" / f"{name}.tiktoken" if found and found.origin else None
    if path is None or not path.is_file():
        raise TranscriberError(
            "openai-whisper is not installed, which carries Whisper's vocabulary. Run: make setup",
            code="engine_missing",
        )
    lines = (line.split() for line in path.read_bytes().splitlines() if line)
    return {base64.b64decode(piece): int(rank) for piece, rank in lines}


def _parts(piece: bytes, ranks: dict[bytes, int], most: int) -> list[bytes]:
    """What the piece is made of before its own pair was joined: byte pairs of a lower rank, lowest first."""
    parts = [bytes([byte]) for byte in piece]
    while len(parts) > 2:
        joined = [(ranks.get(left + right, most), at) for at, (left, right) in enumerate(pairwise(parts))]
        rank, at = min(joined)
        if rank >= most:
            break
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return parts


def _letters() -> dict[int, str]:
    """One printable letter for every byte, as GPT-2 writes its vocabulary: itself, or the next one from U+0100 on."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {byte: chr(0x100 + n) for n, byte in enumerate(others)}
