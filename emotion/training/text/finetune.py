"""Fine-tuning the text model: AdamW, warm-up and cosine, rates by layer, a running mean of the weights, checkpoints."""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from emotion.text.tokens import pad
from emotion.training.text.examples import Examples
from emotion.training.text.network import build_network


@dataclass(frozen=True)
class TextOptions:
    """Chosen on GoEmotions dev; docs/decisions/0084.

    teacher_epochs: of a first network that learns from the labels alone; the one that ships learns for `epochs` from a
    mixture of the labels and teacher_share of what that one says. 0: there is none, and labels are all.
    learning_rate: of the top layer; each layer below gets layer_decay of the one above, the heads head_rate times, word
    embeddings embedding_rate times. mean_over: steps that the mean of the weights reaches back, about.
    """

    teacher_epochs: int = 1
    teacher_share: float = 0.6
    epochs: int = 2
    batch: int = 64
    learning_rate: float = 1.5e-4
    layer_decay: float = 0.9
    embedding_rate: float = 0.3
    head_rate: float = 5.0
    weight_decay: float = 0.01
    dropout: float = 0.15
    warm_up: float = 0.06
    mean_over: int = 150
    seed: int = 7


SAVE_EVERY = 200
"""Steps between two checkpoints."""

_MEAN_EVERY = 4  # steps


def finetune(
    examples: Examples,
    base: Path,
    work: Path,
    options: TextOptions,
    *,
    threads: int = 1,
    progress: Callable[[str], None] | None = None,
) -> Any:
    """The trained network, its weights averaged. Continues from `work`/checkpoint.pt when it is of the same options.

    base: folder of the encoder to start from. work: for checkpoints; about 230 MB.
    """
    import torch

    torch.set_num_threads(threads)
    torch.manual_seed(options.seed)
    network = build_network(base, dropout=options.dropout)
    words = network.bert.embeddings.word_embeddings.weight
    dense = [weight for weight in network.parameters() if weight is not words]
    steppers = [
        torch.optim.AdamW(_groups(network, options), fused=True, betas=(0.9, 0.98)),
        torch.optim.SparseAdam([words], lr=options.learning_rate * options.embedding_rate, betas=(0.9, 0.98)),
    ]
    rates = [[group["lr"] for group in stepper.param_groups] for stepper in steppers]
    batches = _batches(examples.ids, options)
    mean = [weight.detach().clone() for weight in dense]
    path = work / "checkpoint.pt"
    first = _resume(path, network, steppers, mean, asdict(options) | {"examples": len(examples.ids)})
    started = perf_counter()
    for step in range(first, len(batches)):
        share = _rate(step, len(batches), options.warm_up)
        for stepper, plain in zip(steppers, rates, strict=True):
            for group, rate in zip(stepper.param_groups, plain, strict=True):
                group["lr"] = rate * share
            stepper.zero_grad(set_to_none=True)
        torch.manual_seed(options.seed * 1_000_003 + step)  # dropout goes on the same after a resumption
        loss = _loss(network, examples, batches[step])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(dense, 1.0)
        for stepper in steppers:
            stepper.step()
        if step % _MEAN_EVERY == _MEAN_EVERY - 1:
            keep = min(1.0 - 1.0 / options.mean_over, (1 + step) / (10 + step)) ** _MEAN_EVERY
            with torch.no_grad():
                torch._foreach_lerp_(mean, dense, 1.0 - keep)
        if step % SAVE_EVERY == SAVE_EVERY - 1 or step == len(batches) - 1:
            _save(path, network, steppers, mean, step + 1, asdict(options) | {"examples": len(examples.ids)})
            if progress:
                pace = (perf_counter() - started) / (step + 1 - first)
                progress(f"step {step + 1} of {len(batches)}, loss {loss.item():.3f}, {pace:.2f} s per step")
    with torch.no_grad():
        for weight, averaged in zip(dense, mean, strict=True):
            weight.copy_(averaged)
    return network.eval()


def _loss(network: Any, examples: Examples, rows: list[int]) -> Any:
    """What the five heads miss together: the 28 and the 7 labels lead, the rest follows."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits as bce

    def target(values: Any) -> Any:
        return torch.from_numpy(values[rows])

    ids, mask = (torch.from_numpy(array) for array in pad([examples.ids[row] for row in rows]))
    with torch.autocast("cpu", torch.bfloat16):
        outputs = network(ids, mask, target(examples.cues))
    multi, ekman, labels, sentiment, frustration = (output.float() for output in outputs)
    fine = bce(multi, target(examples.multi), weight=target(examples.multi_weight), reduction="sum") / len(rows)
    coarse = (bce(ekman, target(examples.ekman), reduction="none").sum(1) * target(examples.ekman_weight)).mean()
    top = -(target(examples.soft) * torch.log_softmax(labels, -1)).sum(1).mean()
    feeling = -(target(examples.sentiment) * torch.log_softmax(sentiment, -1)).sum(1).mean()
    service = bce(frustration[:, 0], target(examples.frustration), reduction="none")
    service = (service * target(examples.frustration_weight)).mean()
    return fine / 3 + coarse + 0.5 * (top + feeling + service)


def _groups(network: Any, options: TextOptions) -> list[dict[str, Any]]:
    """One group of AdamW for each weight but the word embeddings, with its own rate."""
    layers = len(network.bert.encoder.layer)
    groups = []
    for name, weight in network.named_parameters():
        if "word_embeddings" in name:
            continue
        if name.startswith("heads"):
            factor = options.head_rate
        elif "encoder.layer" in name:
            factor = options.layer_decay ** (layers - 1 - int(name.split("layer.")[1].split(".")[0]))
        else:
            factor = options.embedding_rate * options.layer_decay**layers
        decay = options.weight_decay if weight.ndim > 1 else 0.0
        groups.append({"params": [weight], "lr": options.learning_rate * factor, "weight_decay": decay})
    return groups


def _batches(ids: list[list[int]], options: TextOptions) -> list[list[int]]:
    """Rows of every step of every epoch: shuffled, neighbours of like length together so that little is padding."""
    rng = np.random.default_rng(options.seed)
    everything: list[list[int]] = []
    reach = options.batch * 50
    for _ in range(options.epochs):
        shuffled = rng.permutation(len(ids)).tolist()
        batches = []
        for start in range(0, len(shuffled), reach):
            near = sorted(shuffled[start : start + reach], key=lambda row: len(ids[row]))
            batches += [near[at : at + options.batch] for at in range(0, len(near), options.batch)]
        everything += [batches[index] for index in rng.permutation(len(batches))]
    return everything


def _rate(step: int, steps: int, warm_up: float) -> float:
    """Share of the full learning rate at a step: up in a line, down by a cosine to 3 %."""
    warm = max(1, int(warm_up * steps))
    down = 0.5 * (1.0 + math.cos(math.pi * max(0, step - warm) / max(1, steps - warm)))
    return min(1.0, (step + 1) / warm) * (0.97 * down + 0.03)


def _save(path: Path, network: Any, steppers: list[Any], mean: list[Any], step: int, options: dict[str, Any]) -> None:
    import torch

    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    state = {
        "options": options,
        "step": step,
        "network": network.state_dict(),
        "steppers": [stepper.state_dict() for stepper in steppers],
        "mean": mean,
    }
    torch.save(state, partial)
    partial.replace(path)


def _resume(path: Path, network: Any, steppers: list[Any], mean: list[Any], options: dict[str, Any]) -> int:
    """Put a checkpoint of the same options back; the step to go on with, 0 where there is none."""
    import torch

    if not path.is_file():
        return 0
    state = torch.load(path, weights_only=True)
    if state["options"] != options:
        return 0
    network.load_state_dict(state["network"])
    for stepper, saved in zip(steppers, state["steppers"], strict=True):
        stepper.load_state_dict(saved)
    for averaged, saved in zip(mean, state["mean"], strict=True):
        averaged.copy_(saved)
    return int(state["step"])
