"""The card beside the fitted constants."""

from pathlib import Path

from emotion.training.fusion.report import ALLOWED_BEHIND, POOLED, FusionReport


def write_card(folder: Path, report: FusionReport) -> None:
    """Write folder/card.md."""
    options = report.options
    reliability = ", ".join(f"{name} {value:g}" for name, value in options["reliability"].items())
    temperature = ", ".join(f"{name} {value:.2f}" for name, value in options["temperature"].items())
    sources = "\n".join(f"- {name}: {words}" for name, words in report.sources.items())
    found = report.contradictions
    ways = list(dict.fromkeys(way for one in report.conditions for way in one.rows))
    head = f"| *synthetic* turns | {' | '.join(ways)} | pooled behind best single |"
    lines = [head, "|---" * (len(ways) + 2) + "|"]
    for one in report.conditions:
        cells = [f"{one.rows[way].accuracy:.3f} ({one.rows[way].ece:.3f})" if way in one.rows else "–" for way in ways]
        lines.append(f"| {one.name} | {' | '.join(cells)} | {one.behind['pooled']:+.3f} |")
    table = "\n".join(lines)
    behind = max(0.0, report.most_behind[POOLED])
    text = f"""# Fusion's constants

What it is: not a network, but the numbers that pooling works with (`emotion/fusion/options.py`).
Version {options["version"]}.

- reliability: {reliability}
- temperature: {temperature}
- agreement: {options["agreement"]:g} · confidence floor: {options["certain_from"]:g}
- contradiction from: {options["contradiction_from"]:g}

**No data has several modalities of one turn with labels.** Every figure here is *synthetic*: held-out items of the
same label put together to one turn, each label equally often, and {found.base_rate:.0%} of the turns made to
contradict. Such items are independent of each other, as the words, voice and face of one person are not: real turns
will gain less from fusion. Labels that one of the corpora lacks (surprise, where voices are among them) are left out.

{sources}

Fitting and reporting halves are disjoint, speakers included. {report.turns} turns. Noisy: words dropped and mistyped;
5 dB of noise; out of focus and grainy.

Accuracy (the labels are equally frequent), and in brackets the expected calibration error of the confidence:

{table}

A modality that is missing or noisy leaves pooling at most {behind:.3f} behind the best single one
(allowed: {ALLOWED_BEHIND}). "Even labels" is pooling that is told that all labels are equally frequent, as the learnt
fusions (feature-level, attention) find out from the turns of the fitting half; "noise unseen" ones learnt without
noisy turns. `readings.npz` holds the readings of the reporting half, so that the figures of pooling can be checked
without the corpora.

Contradiction (`mixed`) on the turns made to contradict: precision {found.precision:.2f}, recall
{found.recall:.2f}; certain although they contradict: {found.certain:.0%}.

Made by `attune emotion calibrate --data DATA`; measured again by
`attune emotion evaluate --corpus fusion --path DATA`.

Licences of the data: GoEmotions Apache-2.0, Emo-DB CC0, FER2013 research challenge data.

Known weaknesses: acted German voices, Reddit's English and searched faces stand in for customers; behaviour and
plug-ins have no such data, so their reliability is a low guess. Agreement is fitted on independent items, which makes
fused confidence too high where modalities share an error. Groups: not measured; each scorer's own card names the
groups it is worse for.
"""
    (folder / "card.md").write_text(text, encoding="utf-8")
