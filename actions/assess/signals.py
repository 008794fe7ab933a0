"""Which of a turn's signals reach a scorer: only the customer's own, each with its consent."""

from collections.abc import Callable
from typing import Final

from actions.assess.permission import NO_CONSENT, SIGNAL_OF, Permission
from actions.turn import Turn
from emotion import Panel, Reading, SpeakerBaseline, TurnSignals, decode_frame
from store import MediaStore
from vocabulary import ANOTHER_VOICE, Absent, FrameError, Modality

_NOTHING: Final = {Modality.FACE: "no picture", Modality.BEHAVIOUR: "no steps"}


class SignalGatherer:
    """Puts one turn's permitted signals together, with the reason for every one that is left out.

    absent: by modality, filled while the signals are gathered.
    """

    def __init__(self, turn: Turn, permission: Permission, panel: Panel, media: MediaStore) -> None:
        self._turn, self._permission, self._panel, self._media = turn, permission, panel, media
        self.absent: dict[Modality, str] = {}

    def tasks(self) -> dict[Modality, Callable[[], Reading]]:
        """One call for each modality that may be scored. Media are read and decoded inside the call that scores them:
        a large or damaged one costs its own modality, not the others'."""
        signals = TurnSignals(
            text=self._text(),
            context=self._permission.context,
            steps=self._permission.steps if self._may(Modality.BEHAVIOUR, has=bool(self._permission.steps)) else (),
        )
        return {**self._panel.tasks(signals), **self._from_media(), **self._from_plugins()}

    def _from_media(self) -> dict[Modality, Callable[[], Reading]]:
        found = {}
        if self._may_hear():
            found[Modality.VOICE] = self._panel.later(Modality.VOICE, self._clip)
        if self._may(Modality.FACE, has=bool(self._permission.frame_ids)):
            found[Modality.FACE] = self._panel.later(Modality.FACE, self._frames)
        return found

    def _text(self) -> str | None:
        reason = None
        if not self._permission.by_customer:
            reason = "not the customer's message" if self._permission.granted else NO_CONSENT
        elif not self._permission.allows(Modality.TEXT):
            reason = NO_CONSENT
        elif not self._turn.text:
            reason = "no words"
        if reason is not None:
            self.absent[Modality.TEXT] = reason
            return None
        return self._turn.text

    def _may_hear(self) -> bool:
        permission = self._permission
        reason = None
        if self._turn.clip_id is None:
            reason = ANOTHER_VOICE if permission.second_voice else "no clip"
        elif permission.by_customer and not permission.allows(Modality.VOICE):
            reason = NO_CONSENT
        elif not (permission.by_customer and permission.clip_belongs):
            reason = "not the customer's clip"
        if reason is not None:
            self.absent[Modality.VOICE] = reason
        return reason is None

    def _clip(self) -> TurnSignals | Absent:
        clip = self._media.get_clip(self._turn.clip_id or "") if self._panel.has(Modality.VOICE) else None
        if clip is None:
            return Absent("clip expired" if self._panel.has(Modality.VOICE) else "no voice model")
        before = self._permission.baseline
        return TurnSignals(clip=clip, baseline=SpeakerBaseline.from_dict(before) if before else None)

    def _frames(self) -> TurnSignals | Absent:
        """The pictures of this message that can be decoded."""
        if not self._panel.has(Modality.FACE):
            return Absent("no face model")
        frames, damage = [], ""
        for frame_id in self._permission.frame_ids:
            data = self._media.get_bytes(frame_id)
            if data is None:
                continue
            try:
                frames.append(decode_frame(data))
            except FrameError as error:
                damage = damage or str(error)
        return TurnSignals(frames=tuple(frames)) if frames else Absent(damage or "picture expired")

    def _may(self, modality: Modality, *, has: bool) -> bool:
        """Whether a signal that this turn has may be scored; the reason is noted where somebody scores it here."""
        if has and self._permission.allows(modality):
            return True
        if self._panel.has(modality):
            self.absent[modality] = _NOTHING[modality] if self._permission.allows(modality) else NO_CONSENT
        return False

    def _from_plugins(self) -> dict[Modality, Callable[[], Reading]]:
        """Plug-ins fetch their own signal, from the consent or the turn before on until this message came."""
        found = {}
        for modality in self._panel.plugins:
            received_at = self._permission.received_at
            if received_at is None or not self._permission.allows(modality):
                self.absent[modality] = NO_CONSENT
                continue
            since = self._permission.since[SIGNAL_OF[modality]]
            found[modality] = self._panel.plugin_task(modality, self._turn.conversation_id, since, received_at)
        return found
