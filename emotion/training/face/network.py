"""The networks that learn faces: one that ships and a heavier one to compare with and to learn from."""

from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional

CLASSES: Final = 7


@dataclass(frozen=True)
class Shape:
    """stem: channels at full resolution. widths, depths: channels and blocks of each stage; a stage halves the side."""

    stem: int
    widths: tuple[int, ...]
    depths: tuple[int, ...]


LIGHT: Final = Shape(32, (64, 128, 256), (2, 2, 1))
"""1.6 million weights: one byte each in the file that ships."""

HEAVY: Final = Shape(64, (64, 128, 256, 512), (2, 2, 2, 1))
"""6.6 million weights, compared in docs/decisions/0088."""


class Block(nn.Module):
    """Two 3 × 3 convolutions with squeeze and excitation, and a shortcut.

    Source: K. He et al. (2016), "Deep residual learning"; J. Hu et al. (2018), "Squeeze-and-excitation networks".
    """

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(outputs)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(outputs)
        squeezed = max(8, outputs // 8)
        self.squeeze = nn.Conv2d(outputs, squeezed, 1)
        self.excite = nn.Conv2d(squeezed, outputs, 1)
        self.shortcut: nn.Module = nn.Identity()
        if inputs != outputs or stride != 1:
            pool: list[nn.Module] = [nn.AvgPool2d(2, ceil_mode=True)] if stride == 2 else []
            self.shortcut = nn.Sequential(*pool, nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, pictures: Tensor) -> Tensor:
        found = functional.relu(self.first_norm(self.first(pictures)))
        found = self.second_norm(self.second(found))
        weight = functional.relu(self.squeeze(found.mean((2, 3), keepdim=True)))
        found = found * torch.sigmoid(self.excite(weight))
        return functional.relu(found + self.shortcut(pictures))


class FaceNetwork(nn.Module):
    """Logits (n, 7) of grey faces, float32 (n, 1, side, side), standardised by `standardise`; side 44 or 48."""

    def __init__(self, shape: Shape = LIGHT, *, dropout: float = 0.3) -> None:
        super().__init__()
        layers: list[nn.Module] = [
            nn.Conv2d(1, shape.stem, 3, 1, 1, bias=False),
            nn.BatchNorm2d(shape.stem),
            nn.ReLU(),
        ]
        channels = shape.stem
        for width, depth in zip(shape.widths, shape.depths, strict=True):
            for index in range(depth):
                layers.append(Block(channels, width, 2 if index == 0 else 1))
                channels = width
        self.body = nn.Sequential(*layers)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(channels, CLASSES)

    def forward(self, pictures: Tensor) -> Tensor:
        out: Tensor = self.head(self.dropout(self.body(pictures).mean((2, 3))))
        return out


def standardise(pictures: Tensor) -> Tensor:
    """Each picture to mean 0 and deviation 1: brightness and contrast of the camera do not matter.

    pictures: float32 (n, 1, h, w), any range.
    """
    centred = pictures - pictures.mean((1, 2, 3), keepdim=True)
    return centred / (centred.square().mean((1, 2, 3), keepdim=True) + 1e-3).sqrt().clamp_min(4.0)


class Average:
    """A running average of the weights, which is what ships.

    Source: B. Polyak, A. Juditsky (1992), "Acceleration of stochastic approximation by averaging".
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        self._decay = decay
        self.state: dict[str, Any] = {name: value.clone() for name, value in network.state_dict().items()}
        self.steps = 0

    def update(self, network: nn.Module) -> None:
        self.steps += 1
        decay = min(self._decay, self.steps / (self.steps + 10))
        with torch.no_grad():
            for name, value in network.state_dict().items():
                mean = self.state[name]
                if mean.dtype.is_floating_point:
                    mean.lerp_(value, 1.0 - decay)
                else:
                    mean.copy_(value)
