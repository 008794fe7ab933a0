"""Other pictures of the same face: turned, shifted, scaled, mirrored, partly covered, in other light."""

import math
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

CROP: Final = 44
"""Side of the part that is learnt from, pixels of 48."""


def augment(pictures: Tensor, generator: torch.Generator, *, side: int = CROP) -> Tensor:
    """pictures: uint8 (n, 48, 48). Result: float32 (n, 1, side, side), 0 to 255, each changed at random.

    side: what the 44 × 44 part is scaled to; smaller is quicker to learn from.

    Rotation up to 12°, scale .88 to 1.12, shift up to 3 pixels, mirrored half of the time; gamma .7 to 1.4; a tenth
    of them blurred by going through half the resolution; a seventh with a covered rectangle.
    """
    count, whole = pictures.shape[0], pictures.shape[-1]

    def draw(low: float, high: float) -> Tensor:
        return torch.empty(count).uniform_(low, high, generator=generator)

    angle, scale = draw(-12, 12) * (math.pi / 180), draw(0.88, 1.12) * (CROP / whole)
    mirrored = torch.where(draw(0, 1) < 0.5, -1.0, 1.0)
    reach = 3 * 2 / whole
    cosine, sine = angle.cos() * scale, angle.sin() * scale
    turn = torch.stack(
        [
            torch.stack([cosine * mirrored, -sine, draw(-reach, reach)], 1),
            torch.stack([sine * mirrored, cosine, draw(-reach, reach)], 1),
        ],
        1,
    )
    grid = functional.affine_grid(turn, [count, 1, side, side], align_corners=False)
    seen = functional.grid_sample(
        pictures[:, None].float(), grid, mode="bilinear", padding_mode="border", align_corners=False
    )
    gamma = draw(math.log(0.7), math.log(1.4)).exp()[:, None, None, None]
    seen = (seen / 255.0).clamp(1e-3, 1.0).pow(gamma) * 255.0
    blurred = draw(0, 1) < 0.1
    if blurred.any():
        half = functional.interpolate(seen[blurred], scale_factor=0.5, mode="area")
        seen[blurred] = functional.interpolate(half, size=(side, side), mode="bilinear", align_corners=False)
    covered = torch.nonzero(draw(0, 1) < 0.15)[:, 0].tolist()
    for row in covered:
        high, wide = (int(torch.randint(side // 8, side * 2 // 5, (), generator=generator)) for _ in range(2))
        top, left = (int(torch.randint(0, side - 5, (), generator=generator)) for _ in range(2))
        patch = seen[row, :, top : top + high, left : left + wide]
        patch.copy_(torch.empty_like(patch).uniform_(0, 255, generator=generator))
    return seen
