"""Set-up: the ONNX graph of a sentence-transformers model."""

import warnings
from pathlib import Path
from typing import Any, Final

from recommender.errors import EncoderError

OPSET: Final = 18


def export_hidden_states(reference: Any, path: Path) -> None:
    """The transformer alone: input_ids, attention_mask → last_hidden_state. Readers pool by the mean."""
    import torch

    class HiddenStates(torch.nn.Module):
        """The transformer with the two inputs that our readers give; token types are all zero."""

        def __init__(self, bert: Any) -> None:
            super().__init__()
            self.bert = bert

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            return self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

    _export(HiddenStates(reference[0].model), path, "last_hidden_state", 512)


def export_sentences(reference: Any, path: Path, tokens: int) -> None:
    """All modules of a model, whatever its pooling: input_ids, attention_mask → sentence_embedding.

    Raises: EncoderError for a model that cannot be exported.
    """
    import torch

    class Sentences(torch.nn.Module):
        """The model's modules one after another, as sentence-transformers runs them."""

        def __init__(self, steps: Any, has_types: bool) -> None:
            super().__init__()
            self.steps = torch.nn.ModuleList(steps)
            self.has_types = has_types

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            if self.has_types:
                features["token_type_ids"] = torch.zeros_like(input_ids)
            for step in self.steps:
                features = step(features)
            return features["sentence_embedding"]

    has_types = "token_type_ids" in reference.tokenizer.model_input_names
    try:
        _export(Sentences(list(reference), has_types), path, "sentence_embedding", tokens)
    except Exception as error:  # the exporter raises dozens of kinds of its own
        steps = ", ".join(type(step).__name__ for step in reference)
        raise EncoderError(
            f"a model of the modules {steps} cannot be exported to ONNX ({type(error).__name__}). "
            "Set ATTUNE_ENCODER_MODEL to another sentence-transformers model, or leave it empty."
        ) from error


def _export(module: Any, path: Path, output: str, tokens: int) -> None:
    import torch

    ids = torch.tensor([[5, 6, 7, 8], [5, 6, 7, 8]])
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    batch, sequence = torch.export.Dim("batch"), torch.export.Dim("sequence", max=tokens)
    axes = {0: batch, 1: sequence}
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the exporter warns about its own deprecated internals
        torch.onnx.export(
            module.eval(),
            (ids, mask),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=[output],
            dynamic_shapes={"input_ids": axes, "attention_mask": axes},
            opset_version=OPSET,
            dynamo=True,
            # Beside the graph, weights are mapped where they lie: 59 MB less in each process that has the encoder.
            external_data=True,
            verbose=False,
        )
