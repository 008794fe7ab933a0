"""The card of the doubt of voices, written by the command that made the model so that its figures are its own."""

from collections.abc import Mapping
from pathlib import Path

from emotion.model_files import MODEL_FILE
from emotion.training.doubt.fit import FALSE_DOUBTS, HIDDEN, NETWORKS, RESERVE
from emotion.training.doubt.report import DoubtReport, Share
from emotion.voice.doubt import NAMES


def write_card(model_dir: Path, report: DoubtReport) -> None:
    """Write card.md beside the model."""
    size_kb = (model_dir / MODEL_FILE).stat().st_size / 1000
    learnt = "\n".join(f"- {name}: {count}" for name, count in report.learnt.items())
    (model_dir / "card.md").write_text(
        f"""# Doubt of synthetic voices

{NETWORKS} networks of {HIDDEN} units over {len(NAMES)} figures of fine structure
(`emotion/voice/doubt/figures.py`): how evenly spectrum and pitch move within hundredths of a second, and how alike one
cycle of the voice is to the next. Neither words nor who speaks. ONNX, {size_kb:.0f} kB;
{report.ms:.0f} ms for a clip of 4 s.

Made and measured by: `attune emotion train voice-doubt --data DATA` (always the same).

## What it is for
A doubted voice counts less in fusion (`emotion/fusion/doubt.py`), and the agent reads a hint. It refuses nobody, asks
nobody for a proof, decides nothing about an account, and runs only where the customer allows the voice to be read.
Some people speak with a machine's voice because they have no other.

## Data
Learnt (rows of 1.5–4 s, the first of each clip nearly as recorded, the others through a microphone, room, line, codec,
noise and speed drawn alike for both sides, `emotion/training/voice/domains.py`; all brought to 8 kHz):

{learnt}

Natural: Emo-DB (CC0; acted German) and EmoGator (Apache-2.0; vocal bursts). Made: flite (rms, slt, awb) and espeak-ng
(eight voices) with English and German sentences of this project (`emotion/training/doubt/texts.py`), and clips of
Emo-DB made anew by two vocoders (`emotion/training/doubt/machines.py`), so that a corpus's room and language stand on
both sides. Phase and polarity are shifted at random.
Never learnt from: two speakers of Emo-DB, a fifth of EmoGator's people, all English speech, flite's diphone voice
kal16. The limit lies {RESERVE} above the logit that {FALSE_DOUBTS:.1%} of natural clips of left-out speakers exceed, in
the corpus where it is highest. This reserve was chosen so that about 2 % of English speech are doubted (9.6 % without
it), and the figures and whether to learn the vocoders were settled while looking at the kept people, English speech and
kal16: none of these is an independent measure of false doubts. Expect more of them elsewhere.

## Figures
### Natural voices doubted wrongly
| source | clips | doubted |
|---|---|---|
{_rows(report.natural)}

### Machines that it never heard
| machine | clips | doubted | AUC against the kept people | AUC against English speech |
|---|---|---|---|---|
{_machines(report)}

Speakers and sentences left out, machines known: AUC {report.folds["auc"]:.3f}, {report.folds["doubted"]:.1%}
of made clips doubted, {report.folds["false_doubts"]:.1%} of natural ones. One maker left out altogether, AUC
against the kept people:
{", ".join(f"{name} {value:.3f}" for name, value in report.left_out.items())}.

### Played back by a small loudspeaker across a simulated room
| source | clips | doubted |
|---|---|---|
{_rows(report.replayed)}

A natural voice that is played back is told from the same people live with an AUC of {report.replay_auc:.3f};
.5 is chance.

### Traps
| a probe on | AUC | chance |
|---|---|---|
| length, silent ends and the share above 7 kHz of the clips as they are learnt | {report.artefacts_auc:.3f} | .500 |

## Limits
- It knows flite and espeak-ng. Makers of speech that work in another way mostly pass, as kal16 does, and neural ones
  pass (docs/decisions/0150-voice-doubt.md has a figure): no doubt is no proof of a person.
- Natural voices are acted German and bursts. Pathological, very old and children's voices have not been measured.
- Read-out, even speech is doubted more often than talk; sung or droned sounds are steady like a machine's.
- Never use it to refuse, to identify, or on employees.
""",
        encoding="utf-8",
    )


def _rows(shares: Mapping[str, Share]) -> str:
    return "\n".join(f"| {name} | {share.clips} | {share.doubted:.1%} |" for name, share in shares.items())


def _machines(report: DoubtReport) -> str:
    found = []
    for name, share in report.made.items():
        auc = report.auc.get(name, {})
        columns = " | ".join(f"{auc[key]:.3f}" if key in auc else "–" for key in ("people", "English speech"))
        found.append(f"| {name} | {share.clips} | {share.doubted:.1%} | {columns} |")
    return "\n".join(found)
