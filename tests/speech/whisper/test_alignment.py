"""Whisper's windows and alignment, computed by hand and beside the authors' own code."""

import numpy as np
import pytest

from speech.recognition.whisper_alignment import cheapest_path
from speech.recognition.whisper_windows import Sentence, sentences

FROM = 100


def test_a_window_that_ends_whole_is_done() -> None:
    assert sentences([100, 7, 8, 150], FROM, 12.0) == ([Sentence(1, 3, 0.0, 1.0)], 12.0)


def test_a_cut_sentence_is_left_to_the_next_window() -> None:
    tokens = [105, 7, 8, 150, 160, 9, 9, 200, 210, 4]
    assert sentences(tokens, FROM, 30.0) == ([Sentence(1, 3, 0.1, 1.0), Sentence(5, 7, 1.2, 2.0)], 2.0)


def test_only_a_start_or_no_time_at_all_takes_the_whole_window() -> None:
    assert sentences([150, 7, 8], FROM, 5.0) == ([Sentence(1, 3, 1.0, 5.0)], 5.0)
    assert sentences([7, 8], FROM, 5.0) == ([Sentence(0, 2, 0.0, 5.0)], 5.0)
    assert sentences([], FROM, 5.0) == ([], 5.0)
    assert sentences([100], FROM, 5.0) == ([], 5.0)


@pytest.mark.parametrize("seed", range(8))
def test_path_is_the_one_that_openai_s_code_finds(seed: int) -> None:
    import torch
    from whisper.timing import dtw

    random = np.random.default_rng(seed)
    cost = random.standard_normal((random.integers(2, 9), random.integers(9, 40)))
    rows, columns = dtw(torch.from_numpy(cost))
    jumps = np.pad(np.diff(rows), (1, 0), constant_values=1).astype(bool)
    assert cheapest_path(cost).tolist() == columns[jumps].tolist()
