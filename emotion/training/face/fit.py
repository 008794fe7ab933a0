"""The training loop: one network, one schedule, checkpoints after each epoch, resumed where it stopped."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from emotion.training.face.augment import CROP, augment
from emotion.training.face.data import Faces
from emotion.training.face.network import LIGHT, Average, FaceNetwork, Shape, standardise


@dataclass(frozen=True)
class FitOptions:
    """epochs: times through the training pictures. learning_rate: highest, at batch 128; cosine to 0 afterwards.

    smoothing: of the labels. average: decay of the running average of the weights, for each step.
    small_first: begin with pictures scaled down, which cost half as much.
    """

    shape: Shape
    epochs: int = 20
    batch: int = 128
    learning_rate: float = 0.1
    warm_up_epochs: float = 2.0
    weight_decay: float = 5e-4
    smoothing: float = 0.1
    dropout: float = 0.2
    average: float = 0.998
    small_first: bool = True
    seed: int = 7


FIRST_ROUND: Final = FitOptions(LIGHT)
SECOND_ROUND: Final = FitOptions(
    LIGHT, epochs=22, learning_rate=0.08, warm_up_epochs=1.0, smoothing=0.05, small_first=False, seed=8
)


def fit(
    faces: Faces,
    chosen_on: Faces,
    options: FitOptions,
    checkpoint: Path,
    *,
    start: dict[str, Any] | None = None,
    say: Callable[[str], None],
) -> FaceNetwork:
    """Train, or go on from the checkpoint; the result carries the averaged weights of the last epoch.

    start: weights to begin with. Source of the label smoothing: C. Szegedy et al. (2016).
    """
    torch.manual_seed(options.seed)
    network = FaceNetwork(options.shape, dropout=options.dropout)
    if start is not None:
        network.load_state_dict(start)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    average = Average(network, options.average)
    plain = [p for p in network.parameters() if p.ndim == 1]
    weighty = [p for p in network.parameters() if p.ndim > 1]
    optimiser = torch.optim.SGD(
        [{"params": weighty, "weight_decay": options.weight_decay}, {"params": plain, "weight_decay": 0.0}],
        lr=options.learning_rate,
        momentum=0.9,
        nesterov=True,
    )
    first = 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(saved["network"])
        average.state, average.steps = saved["average"], saved["steps"]
        optimiser.load_state_dict(saved["optimiser"])
        first = saved["epoch"]
    pixels, labels = torch.from_numpy(faces.pixels), torch.from_numpy(faces.labels)
    steps = len(faces) // options.batch
    for epoch in range(first, options.epochs):
        generator = torch.Generator().manual_seed(options.seed * 1000 + epoch)
        began, losses = time.monotonic(), 0.0
        order = torch.randperm(len(faces), generator=generator)
        network.train()
        for step in range(steps):
            rows = order[step * options.batch : (step + 1) * options.batch]
            for group in optimiser.param_groups:
                group["lr"] = _rate(epoch + step / steps, options)
            side = _side(epoch / options.epochs) if options.small_first else CROP
            pictures = standardise(augment(pixels[rows], generator, side=side))
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = network(pictures.contiguous(memory_format=torch.channels_last))
            loss = functional.cross_entropy(logits.float(), labels[rows], label_smoothing=options.smoothing)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            average.update(network)
            losses += loss.item()
        _save(checkpoint, network, average, optimiser, epoch + 1)
        if epoch % 2 == 1 or epoch + 1 >= options.epochs - 2:
            shown = FaceNetwork(options.shape)
            shown.load_state_dict(average.state)
            right = float((logits_of(shown, chosen_on.pixels).argmax(1) == chosen_on.labels).mean())
            say(
                f"epoch {epoch + 1} of {options.epochs}: loss {losses / steps:.3f}, validation {right:.4f}, "
                f"{time.monotonic() - began:.0f} s"
            )
    network.load_state_dict(average.state)
    network.eval()
    return network


def logits_of(network: FaceNetwork, pixels: NDArray[np.uint8], *, mirrored: bool = True) -> NDArray[np.float32]:
    """Logits (n, 7) of the middle of pictures (n, 48, 48); with the mirror image's unless mirrored is False."""
    edge = (pixels.shape[1] - CROP) // 2
    pixels = pixels[:, edge : edge + CROP, edge : edge + CROP]
    network.eval()
    found = []
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for begin in range(0, len(pixels), 256):
            part = standardise(torch.from_numpy(pixels[begin : begin + 256])[:, None].float())
            logits = network(part.contiguous(memory_format=torch.channels_last)).float()
            if mirrored:
                logits = (logits + network(part.flip(3).contiguous(memory_format=torch.channels_last)).float()) / 2
            found.append(logits.numpy())
    return np.concatenate(found)


def _rate(epoch: float, options: FitOptions) -> float:
    if epoch < options.warm_up_epochs:
        return options.learning_rate * max(0.02, epoch / options.warm_up_epochs)
    done = (epoch - options.warm_up_epochs) / max(options.epochs - options.warm_up_epochs, 1e-9)
    return options.learning_rate * 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))


def _side(done: float) -> int:
    """Small pictures first: most of what the early epochs learn is coarse, and they cost half as much.

    Source: M. Tan, Q. Le (2021), "EfficientNetV2: smaller models and faster training" (progressive learning).
    """
    return 32 if done < 0.5 else 38 if done < 0.75 else CROP


def _save(path: Path, network: FaceNetwork, average: Average, optimiser: torch.optim.Optimizer, epoch: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    torch.save(
        {
            "network": network.state_dict(),
            "average": average.state,
            "steps": average.steps,
            "optimiser": optimiser.state_dict(),
            "epoch": epoch,
        },
        partial,
    )
    partial.replace(path)
