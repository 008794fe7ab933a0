"""The text model in training: MiniLM's encoder and five linear heads over its mean, its first piece and the cues."""

from importlib import import_module
from pathlib import Path
from typing import Any, Final

from emotion.text.affect import GOEMOTIONS
from emotion.text.cues import NAMES
from vocabulary import FINE_SENTIMENTS, LABELS

HEADS: Final = {
    "multi": len(GOEMOTIONS),
    "ekman": len(LABELS),
    "labels": len(LABELS),
    "sentiment": len(FINE_SENTIMENTS),
    "frustration": 1,
}
"""The heads and their widths, in the order of what a network returns: logits."""

SCALE: Final = 3.0  # brings the encoder's outputs to the size of the cues, so that one rate suits both


def build_network(base: Path, *, dropout: float = 0.15) -> Any:
    """A torch module: (ids, mask, cues) → five tensors of logits, as HEADS. base: folder of a BERT-like encoder."""
    import torch

    transformers: Any = import_module("transformers")
    transformers.logging.disable_progress_bar()
    transformers.logging.set_verbosity_error()  # of the unused pooling layer

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bert = transformers.BertModel.from_pretrained(
                str(base), add_pooling_layer=False, attn_implementation="sdpa"
            )
            # Of 30,522 rows a batch touches some hundreds: only those are stepped.
            self.bert.embeddings.word_embeddings.sparse = True
            self.dropout = torch.nn.Dropout(dropout)
            width = 2 * self.bert.config.hidden_size
            heads = [torch.nn.Linear(width + len(NAMES), size) for size in HEADS.values()]
            self.heads = torch.nn.ModuleList(heads)
            for head in heads:
                torch.nn.init.normal_(head.weight, std=0.02)
                torch.nn.init.zeros_(head.bias)

        def forward(self, ids: Any, mask: Any, cues: Any) -> tuple[Any, ...]:
            hidden = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
            weights = mask.unsqueeze(-1).to(hidden.dtype)
            mean = (hidden * weights).sum(1) / weights.sum(1)
            read = self.dropout(torch.cat([mean, hidden[:, 0]], 1) * SCALE)
            read = torch.cat([read.float(), cues], 1)
            return tuple(head(read) for head in self.heads)

    return Network()


def predict(network: Any, ids: list[list[int]], cues: Any, *, batch: int = 128) -> dict[str, Any]:
    """Logits of many messages by head: each shape (n, width), in the order given."""
    import numpy as np
    import torch

    from emotion.text.tokens import pad

    order = sorted(range(len(ids)), key=lambda index: len(ids[index]))
    found = {name: np.zeros((len(ids), width), dtype=np.float32) for name, width in HEADS.items()}
    network.eval()
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            pieces, mask = (torch.from_numpy(array) for array in pad([ids[row] for row in rows]))
            outputs = network(pieces, mask, torch.from_numpy(cues[rows]))
            for name, output in zip(HEADS, outputs, strict=True):
                found[name][rows] = output.float().numpy()
    network.train()
    return found
