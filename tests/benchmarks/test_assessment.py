"""`attune bench assessment`, in small: every modality answers, nothing heavy is loaded, and one turn is quick."""

from benchmarks.assessment import bench_assessment

MEMORY_MB = 250
CPU_P95_MS = 240
"""Twice the target of 120 ms: the full run, on a machine at rest, keeps the target itself."""


def test_one_turn_is_scored_without_torch_in_the_memory_and_time_that_it_may_take() -> None:
    found = bench_assessment(turns=12)
    assert found["absent"] == {}
    assert {"text", "voice", "face", "fusion_and_decision"} <= set(found["parts_p50_ms"])
    assert found["torch"] is False and found["heavy_modules"] == []
    assert 0 < found["added_memory_mb"] < MEMORY_MB
    assert 0 < found["cpu_p50_ms"] <= found["cpu_p95_ms"] < CPU_P95_MS
