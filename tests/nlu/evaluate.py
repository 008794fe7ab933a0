"""Measure a trained model's language understanding: prints one JSON object.

Runs in the Rasa environment:

    .venvs/rasa/bin/python tests/nlu/evaluate.py                      # the newest model, both sets
    .venvs/rasa/bin/python tests/nlu/evaluate.py --errors             # and what went wrong, on stderr
    .venvs/rasa/bin/python tests/nlu/evaluate.py --own none --clinc-splits oos_train oos_val

The last line serves choosing thresholds; what is reported comes from the test set and CLINC's oos_test alone.

intent_macro_f1: mean F1 over the intents of the test set, with the classifier's own choice where the fallback had
replaced it, as `rasa test nlu` counts. intent_macro_f1_as_served: the same, but a fallback is a wrong answer.
own_to_fallback: share of the test set's in-scope utterances that the customer would see fall back.
clinc_to_fallback: share of CLINC's out-of-scope utterances that fall back. nlu_fallback and out_of_scope both count.
entities: F1 of whole entities (kind and exact span) on the test set.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import statistics
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TEST_SET = ROOT / "tests" / "nlu" / "test_nlu.yml"
CLINC = ROOT.parent / "shared" / "data" / "nlu" / "clinc_oos.json"
MODELS = ROOT / "var" / "rasa" / "models"
FALLBACK = frozenset({"nlu_fallback", "out_of_scope"})


def macro_f1(wanted: Sequence[str], found: Sequence[str]) -> float:
    """Mean over the wanted labels of 2·tp / (2·tp + fp + fn)."""
    scores = []
    for label in sorted(set(wanted)):
        hits = sum(a == b == label for a, b in zip(wanted, found, strict=True))
        scores.append(2 * hits / (wanted.count(label) + list(found).count(label)))
    return statistics.fmean(scores)


def newest_model(folder: Path = MODELS) -> Path:
    """The model that `rasa run` would load. Raises: SystemExit with the next step."""
    models = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not models:
        sys.exit(f"no model in {folder}; expected a .tar.gz. Train one with: attune train")
    return models[-1]


def main() -> None:
    arguments = _arguments()
    os.environ.setdefault("ATTUNE_ENCODER_DIR", str(ROOT / "var" / "encoder"))
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.path.insert(0, str(ROOT))
    _silence()
    print(json.dumps(asyncio.run(_measure(arguments))))


def _silence() -> None:
    # Rasa's structured log prints every utterance unless it is told otherwise.
    import structlog

    logging.disable(logging.ERROR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure a trained model's language understanding.")
    parser.add_argument("--model", type=Path, help=f"a trained .tar.gz; default: the newest in {MODELS.name}")
    parser.add_argument("--own", default=str(TEST_SET), help="test set in Rasa's format, or none")
    parser.add_argument("--clinc", default=str(CLINC), help="clinc_oos.json, or none; skipped when absent")
    parser.add_argument("--clinc-splits", nargs="+", default=["oos_test"], help="default: oos_test")
    parser.add_argument("--errors", action="store_true", help="print wrong utterances to stderr")
    return parser.parse_args()


async def _measure(arguments: argparse.Namespace) -> dict[str, Any]:
    from rasa.core.agent import Agent

    model = arguments.model or newest_model()
    if not model.is_file():  # Rasa would quietly load another one
        sys.exit(f"model {model} is not a file; expected a trained .tar.gz. Train one with: attune train")
    agent = Agent.load(str(model))
    report: dict[str, Any] = {"model": model.name}
    if arguments.own != "none":
        report |= await _measure_own(agent, Path(arguments.own), arguments.errors)
    if arguments.clinc != "none" and Path(arguments.clinc).is_file():
        report |= await _measure_clinc(agent, Path(arguments.clinc), arguments.clinc_splits, arguments.errors)
    return report


async def _measure_own(agent: Any, test_set: Path, show_errors: bool) -> dict[str, Any]:
    from rasa.shared.nlu.training_data.loading import load_data

    examples = load_data(str(test_set)).intent_examples
    parsed, milliseconds = await _parse(agent, [example.get("text") for example in examples])
    wanted = [example.get("intent") for example in examples]
    served = [result["intent"]["name"] for result in parsed]
    chosen = [_without_fallback(result) for result in parsed]
    in_scope = [found in FALLBACK for intent, found in zip(wanted, served, strict=True) if intent not in FALLBACK]
    if show_errors:
        for example, want, found, result in zip(examples, wanted, served, parsed, strict=True):
            if want != found:
                line = (want, found, _without_fallback(result), round(result["intent"]["confidence"], 2))
                print(*line, "|", example.get("text"), file=sys.stderr)
    return {
        "n": len(examples),
        "intents": len(set(wanted)),
        "intent_macro_f1": round(macro_f1(wanted, chosen), 4),
        "intent_macro_f1_as_served": round(macro_f1(wanted, served), 4),
        "own_in_scope_n": len(in_scope),
        "own_to_fallback": round(sum(in_scope) / len(in_scope), 4),
        "entities": _entity_f1(examples, parsed),
        "parse_ms_median": round(milliseconds, 1),
    }


async def _measure_clinc(agent: Any, path: Path, splits: Iterable[str], show_errors: bool) -> dict[str, Any]:
    data = json.loads(path.read_text(encoding="utf-8"))
    texts = [text for split in splits for text, _ in data[split]]
    parsed, _ = await _parse(agent, texts)
    caught = [result["intent"]["name"] in FALLBACK for result in parsed]
    if show_errors:
        for text, result, fell_back in zip(texts, parsed, caught, strict=True):
            if not fell_back:
                print(result["intent"]["name"], round(result["intent"]["confidence"], 2), "|", text, file=sys.stderr)
    return {"clinc_n": len(texts), "clinc_to_fallback": round(sum(caught) / len(texts), 4)}


async def _parse(agent: Any, texts: Sequence[str]) -> tuple[list[dict[str, Any]], float]:
    from rasa.core.channels.channel import UserMessage

    results, times = [], []
    for text in texts:
        started = time.perf_counter()
        results.append(await agent.processor.parse_message(UserMessage(text)))
        times.append(1000 * (time.perf_counter() - started))
    return results, statistics.median(times)


def _without_fallback(result: dict[str, Any]) -> str:
    ranking = [entry["name"] for entry in result.get("intent_ranking", []) if entry["name"] != "nlu_fallback"]
    return str(ranking[0] if result["intent"]["name"] == "nlu_fallback" and ranking else result["intent"]["name"])


def _entity_f1(examples: Sequence[Any], parsed: Sequence[dict[str, Any]]) -> dict[str, float]:
    # Two extractors may report the same span: a set counts it once.
    wanted = {(n, *_span(entity)) for n, example in enumerate(examples) for entity in example.get("entities", [])}
    found = {(n, *_span(entity)) for n, result in enumerate(parsed) for entity in result["entities"]}
    kinds = sorted({kind for _, kind, _, _ in wanted})
    scores = {}
    for kind in kinds:
        want, got = ({row for row in rows if row[1] == kind} for rows in (wanted, found))
        scores[kind] = round(2 * len(want & got) / (len(want) + len(got)), 3)
    return scores


def _span(entity: dict[str, Any]) -> tuple[str, int, int]:
    return str(entity["entity"]), int(entity["start"]), int(entity["end"])


if __name__ == "__main__":
    main()
