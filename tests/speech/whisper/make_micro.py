"""Makes micro.pt: a Whisper of a few hundred thousand parameters that knows a few dozen sentences by heart.

It has OpenAI's own architecture and file format and the multilingual vocabulary, so that conversion, language
detection, timestamps and guards run through the same code as with the large models. It understands nothing else.

Run: python -m tests.speech.whisper.make_micro --out tests/speech/whisper/micro.pt
Needs flite. See micro.md for data and figures.
"""

import argparse
import math
import random
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from whisper.audio import HOP_LENGTH, N_FFT, mel_filters
from whisper.model import ModelDimensions, MultiHeadAttention, Whisper, disable_sdpa, sinusoids
from whisper.tokenizer import Tokenizer, get_tokenizer

from speech import decode
from tests.speech.whisper.sentences import INVENTION, SENTENCES, VOICES, speak

WIDTH = 64
DIMS = ModelDimensions(80, 1500, WIDTH, 2, 2, 51865, 448, WIDTH, 2, 2)
# Frames that the encoder sees, and windows of a step.
BEGINNING, ANYWHERE, WHOLE = (350, 24), (300, 16), (1500, 3)
# How far attention may stray from where the text is spoken, in frames.
REACH = 12


@dataclass(frozen=True)
class Spoken:
    """A sentence: token ids, and mel power (80, 2 n) at 10 ms steps, without silence at the ends."""

    ids: list[int]
    mel: Tensor


def mel_power(samples: np.ndarray) -> Tensor:
    """Whisper's mel spectrogram before the logarithm: (80, frames)."""
    stft = torch.stft(
        torch.from_numpy(samples), N_FFT, HOP_LENGTH, window=torch.hann_window(N_FFT), return_complex=True
    )
    return mel_filters("cpu", 80) @ (stft[:, :-1].abs() ** 2)


def spoken_sentences(tokenizer: Tokenizer) -> list[Spoken]:
    """Every sentence by every voice, twice: the second time five milliseconds later."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for voice in VOICES:
            for sentence in SENTENCES:
                samples = decode(speak(sentence, voice, Path(folder) / "s.wav")).samples
                loud = np.flatnonzero(np.abs(samples) > 0.01)
                samples = samples[max(0, loud[0] - 320) : loud[-1] + 800]
                ids = tokenizer.encode(" " + sentence)
                for late in (0, 80):
                    mel = mel_power(np.pad(samples, (late, 0)).astype(np.float32))
                    found.append(Spoken(ids, mel[:, : mel.shape[1] // 2 * 2]))
    return found


def noise_power(frames: int, rng: random.Random) -> Tensor:
    """Mel power of seeded noise of a random slope and level, or of nothing."""
    if rng.random() < 0.25:
        return torch.zeros(80, frames)
    slope = torch.linspace(0, -rng.uniform(0, 4), 80)
    level = 10 ** rng.uniform(-6, 1)
    if rng.random() < 0.3:
        # A hum: few bands, always the same.
        slope = torch.where(torch.arange(80) % rng.randint(5, 30) == rng.randint(0, 4), slope, slope - 3)
        return (level * 10**slope)[:, None].repeat(1, frames)
    return (level * 10**slope)[:, None] * -torch.log(torch.rand(80, frames).clamp_min(1e-9))


class Examples:
    """Draws windows: sentences with pauses, cut at the window's end, over noise; or noise alone."""

    def __init__(self, spoken: list[Spoken], tokenizer: Tokenizer, seed: int) -> None:
        self._spoken = spoken
        self._tokenizer = tokenizer
        self._rng = random.Random(seed)
        self._invention = tokenizer.encode(" " + INVENTION)
        self.text_ids = sorted({i for one in spoken for i in one.ids} | set(self._invention))

    def draw(self, frames: int, first: int) -> "Window":
        """A window of `frames` encoder frames, of which the first is number `first` of the whole 30 s."""
        rng, tok = self._rng, self._tokenizer
        power = torch.zeros(80, 2 * frames)
        open_end = False
        given = 0
        if silent := first == 0 and rng.random() < 0.12:
            lasts = rng.randint(frames // 10, frames)
            power[:, : 2 * lasts] = noise_power(2 * lasts, rng)
            placed = [(0, 100, self._invention, True)]
        else:
            placed, lasts, open_end = self._place(power, frames, first)
            given = first > 0
            if rng.random() < 0.5:
                power[:, : 2 * lasts] += 0.003 * noise_power(2 * lasts, rng)
        log = power.clamp_min(1e-10).log10()
        top = log.max() + (rng.uniform(0, 0.4) if rng.random() < 0.3 else 0)
        mel = (torch.maximum(log, top - 8) + 4) / 4
        if rng.random() < 0.5:
            # One engine fills a short window with zeros after normalising, the others with silence before.
            mel[:, 2 * lasts :] = 0
        before = rng.sample(self.text_ids, rng.randint(1, 24)) if first == 0 and rng.random() < 0.2 else []
        tokens = [tok.sot_prev, *before] if before else []
        prompt = len(tokens)
        tokens += [tok.sot, tok.no_speech if silent else tok.to_language_token("en"), tok.transcribe]
        where = [-1.0] * len(tokens)
        timed = first > 0 or rng.random() < 0.9
        if not timed:
            placed = [one for one in placed if one[3]]
            tokens.append(tok.no_timestamps)
            where.append(-1.0)
        asked_from = prompt
        for number, (start, end, ids, whole) in enumerate(placed):
            if timed:
                tokens.append(tok.timestamp_begin + max(0, first + start))
                where.append(float(start))
            if not whole:
                break
            tokens += ids
            where += [-1.0 if silent else start + (end - start) * (n + 0.5) / len(ids) for n in range(len(ids))]
            if timed:
                tokens.append(tok.timestamp_begin + first + end)
                where.append(-1.0 if silent else float(end))
            if number == 0 and given:
                asked_from = len(tokens) - 1
        if not open_end:
            tokens.append(tok.eot)
            where.append(-1.0)
        # Text of earlier sentences stood before: the positions jump.
        jump = rng.randint(0, 150) if first else 0
        positions = [at + jump * (at > 2) for at in range(len(tokens))]
        return Window(mel, tokens, where, positions, prompt, asked_from)

    def _place(
        self, power: Tensor, frames: int, first: int
    ) -> tuple[list[tuple[int, int, list[int], bool]], int, bool]:
        """Sentences as (start, end, ids, whole), where the sound ends, and whether more may follow behind it."""
        rng = self._rng
        placed: list[tuple[int, int, list[int], bool]] = []
        at = rng.randint(0, 48)
        most = rng.choice((1, 2, 3, 20, 20)) if first else rng.choice((1, 1, 2, 4, 20))
        if frames == DIMS.n_audio_ctx:
            most = rng.choice((2, 20, 20, 20))
        last_one = first + frames == DIMS.n_audio_ctx
        if first:
            # The end of a sentence that is known already.
            one = rng.choice(self._spoken)
            long = one.mel.shape[1] // 2
            seen = rng.randint(5, long)
            power[:, : 2 * seen] += one.mel[:, 2 * (long - seen) : 2 * long]
            placed.append((seen - long, seen, one.ids, True))
            at = seen + rng.randint(4, 55)
            most += 1
        while len(placed) < most:
            one = rng.choice(self._spoken)
            long = one.mel.shape[1] // 2
            whole = at + long <= frames
            if not placed and not whole:
                continue
            if at >= frames - 5:
                return placed, frames, not last_one
            room = min(long, frames - at)
            power[:, 2 * at : 2 * (at + room)] += one.mel[:, : 2 * room] * 10 ** rng.uniform(-0.6, 0.2)
            if not whole and not last_one:
                return placed, frames, True
            placed.append((at, at + long, one.ids, whole))
            if not whole:
                return placed, frames, False
            at += long + rng.randint(4, 55)
        end = placed[-1][1]
        return placed, min(frames, end + rng.randint(0, 40)), frames - end < 60 and not last_one


@dataclass(frozen=True)
class Window:
    """What the model hears and answers. mel: (80, 2 frames). where: the frame at which each token is spoken, -1: none.

    prompt: how many tokens come before the start of the transcript. asked_from: the first token that is no context.
    """

    mel: Tensor
    tokens: list[int]
    where: list[float]
    positions: list[int]
    prompt: int
    asked_from: int


class Trainer:
    """The decoder's rows for tokens that never occur stay zero: their logits are 0, so that together they are one more
    class with the logarithm of their number, exactly. Timestamps' rows come from one learnt map of their time."""

    def __init__(self, examples: Examples, tokenizer: Tokenizer) -> None:
        self.model = Whisper(DIMS)
        self._examples = examples
        tok = tokenizer
        plain = [*examples.text_ids, tok.eot, tok.sot, tok.to_language_token("en"), tok.transcribe, tok.sot_prev]
        plain += [tok.no_speech, tok.no_timestamps]
        self._ids = [*plain, *range(tok.timestamp_begin, tok.timestamp_begin + 1501)]
        self._place = torch.full((DIMS.n_vocab,), len(self._ids))
        self._place[self._ids] = torch.arange(len(self._ids))
        self._rows = nn.Parameter(torch.randn(len(plain), WIDTH) * 0.1)
        self._times = nn.Linear(WIDTH, WIDTH)
        self._waves = sinusoids(1501, WIDTH)
        nn.init.normal_(self.model.decoder.positional_embedding, std=0.02)
        self._unused = math.log(DIMS.n_vocab - len(self._ids))
        self._sot, self._transcribe = tok.sot, tok.transcribe
        kept = [p for n, p in self.model.named_parameters() if "token_embedding" not in n]
        self.parameters = [*kept, self._rows, *self._times.parameters()]

    def table(self) -> Tensor:
        """Rows of the tokens in use: (n_used, width)."""
        return torch.cat([self._rows, self._times(self._waves)])

    def loss(self, frames: int, batch: int, first: int) -> tuple[Tensor, float]:
        """Mean loss of one batch, and the share of tokens that are right."""
        drawn = [self._examples.draw(frames, first) for _ in range(batch)]
        longest = max(len(one.tokens) for one in drawn)
        ids = torch.full((batch, longest), DIMS.n_vocab - 1)
        target = torch.full((batch, longest), -100)
        where = torch.full((batch, longest), -1.0)
        positions = torch.zeros((batch, longest), dtype=torch.long)
        for row, one in enumerate(drawn):
            tokens, prompt = one.tokens, one.prompt
            ids[row, : len(tokens)] = torch.tensor(tokens)
            positions[row, : len(tokens)] = torch.tensor(one.positions)
            target[row, one.asked_from : len(tokens) - 1] = self._place[torch.tensor(tokens[one.asked_from + 1 :])]
            # Inputs are what an engine gives: language and task are named also where nobody speaks.
            ids[row, prompt + 1] = self._ids[self._place[self._sot] + 1]
            # The task is given, never predicted.
            target[row, prompt + 1] = -100
            where[row, : len(tokens) - 1] = torch.tensor(one.where[1:])
        where[where >= frames] = -1
        heard = self.encode(torch.stack([one.mel for one in drawn]), first, frames)
        hidden, looks = self._decode(ids, positions, heard)
        logits = hidden @ self.table().T
        logits = torch.cat([logits, logits.new_full((*logits.shape[:2], 1), self._unused)], dim=2)
        loss = functional.cross_entropy(logits.flatten(0, 1), target.flatten())
        guided = where >= 0
        near = (torch.arange(frames) - where[guided][:, None]).abs() <= REACH
        for look in looks:
            mass = (look.softmax(-1).mean(1)[guided] * near).sum(-1)
            loss = loss - 0.3 * mass.clamp_min(1e-6).log().mean()
        asked = target >= 0
        return loss, float((logits.argmax(-1) == target)[asked].float().mean())

    def encode(self, mel: Tensor, first: int, frames: int) -> Tensor:
        """The encoder over `frames` of its positions."""
        encoder = self.model.encoder
        x = functional.gelu(encoder.conv2(functional.gelu(encoder.conv1(mel)))).permute(0, 2, 1)
        x = x + encoder.positional_embedding[first : first + frames]
        for block in encoder.blocks:
            x = block(x)
        return encoder.ln_post(x)

    def _decode(self, ids: Tensor, positions: Tensor, heard: Tensor) -> tuple[Tensor, list[Tensor]]:
        decoder = self.model.decoder
        table = torch.cat([self.table(), torch.zeros(1, WIDTH)])
        x = functional.embedding(self._place[ids], table) + decoder.positional_embedding[positions]
        looks = []
        with disable_sdpa():
            for number, block in enumerate(decoder.blocks):
                x = x + block.attn(block.attn_ln(x), mask=decoder.mask)[0]
                attended, look = _cross(block.cross_attn, block.cross_attn_ln(x), heard)
                if number >= DIMS.n_text_layer // 2:
                    looks.append(look)
                x = x + attended
                x = x + block.mlp(block.mlp_ln(x))
        return decoder.ln(x), looks

    def load(self, path: Path) -> None:
        """Go on from a saved model."""
        self.model.load_state_dict(torch.load(path, weights_only=True)["model_state_dict"])
        with torch.no_grad():
            table = self.model.decoder.token_embedding.weight[self._ids].float()
            plain = len(self._rows)
            self._rows.copy_(table[:plain])
            waves = torch.cat([self._waves, torch.ones(len(self._waves), 1)], dim=1)
            solved = torch.linalg.lstsq(waves, table[plain:], driver="gelsd").solution
            self._times.weight.copy_(solved[:-1].T)
            self._times.bias.copy_(solved[-1])

    def save(self, path: Path) -> None:
        """OpenAI's format in half precision."""
        with torch.no_grad():
            weight = self.model.decoder.token_embedding.weight
            weight.zero_()
            weight[self._ids] = self.table()
        state = {name: tensor.half() for name, tensor in self.model.state_dict().items()}
        partial = path.with_suffix(".part")
        torch.save({"dims": asdict(DIMS), "model_state_dict": state}, partial)
        partial.replace(path)


def _cross(attention: MultiHeadAttention, x: Tensor, heard: Tensor) -> tuple[Tensor, Tensor]:
    """Cross-attention with its scores: Whisper's own module detaches them."""

    def heads(y: Tensor) -> Tensor:
        return y.view(*y.shape[:2], attention.n_head, -1).permute(0, 2, 1, 3)

    query, key, value = heads(attention.query(x)), heads(attention.key(heard)), heads(attention.value(heard))
    look = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
    mixed = (look.softmax(-1) @ value).permute(0, 2, 1, 3).flatten(start_dim=2)
    return attention.out(mixed), look


def train(out: Path, minutes: float, seed: int, start: Path | None, rate: float) -> None:
    """Train for so many minutes; the rate falls to nothing at the end.

    Attention costs the square of the context, so that most steps see a few seconds only: at the beginning of the 30 s,
    or anywhere in it with the sentence before as context. Some steps see all of it, more towards the end.
    """
    torch.manual_seed(seed)
    tokenizer = get_tokenizer(True, language="en", task="transcribe")
    examples = Examples(spoken_sentences(tokenizer), tokenizer, seed)
    trainer = Trainer(examples, tokenizer)
    if start is not None:
        trainer.load(start)
    print(f"{sum(p.numel() for p in trainer.parameters)} parameters beside the vocabulary", flush=True)
    optimiser = torch.optim.AdamW(trainer.parameters, lr=rate, weight_decay=0.01, betas=(0.9, 0.98))
    draw = random.Random(seed)
    began = saved = time.monotonic()
    step = 0
    right: dict[str, float] = {}
    while (done := (time.monotonic() - began) / (60 * minutes)) < 1:
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / 100) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
        frames, batch = BEGINNING
        first, kind = 0, "beginning"
        every = 24 if done < 0.6 else 3
        if start is not None or done > 0.3:
            if step % every == every - 1:
                (frames, batch), kind = WHOLE, "whole"
            elif step % 4:
                (frames, batch), kind = ANYWHERE, "anywhere"
                end = DIMS.n_audio_ctx - frames
                first = end if draw.random() < 0.15 else draw.randint(1, end)
        loss, share = trainer.loss(frames, batch, first)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(trainer.parameters, 1.0)
        optimiser.step()
        step += 1
        right[kind] = 0.9 * right.get(kind, share) + 0.1 * share
        if step % 40 == 0:
            told = ", ".join(f"{kind} {share:.3f}" for kind, share in right.items())
            print(f"{time.monotonic() - began:.0f} s, step {step}: loss {loss.item():.3f}; right: {told}", flush=True)
        if time.monotonic() - saved > 60:
            saved = time.monotonic()
            trainer.save(out)
    trainer.save(out)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="go on from this model")
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--rate", type=float, default=2.5e-3, help="of learning")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2, help="of the processor; one is faster where others work too")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    train(arguments.out, arguments.minutes, arguments.seed, arguments.start, arguments.rate)


if __name__ == "__main__":
    main()
