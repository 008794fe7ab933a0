"""A customer on the telephone line of the page: what they say, what they hear, and what their camera shows."""

import base64
import io
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import BrowserContext, Frame, FrameLocator, Page, expect

from benchmarks.drawn_turn import face
from speech import SpeechSetup, Transcript, decode, open_transcriber

READY_MS = 20_000
_CONVERSATION = re.compile(r"/api/conversations/([^/?]+)")
AUDIBLE = 0.004
"""Root mean square of the assistant's sound in the page, of 1; silence is below .0005."""

# The page gets the microphone's sound with clips of the test mixed in, and what it plays is listened to.
INSTRUMENTS = """
(() => {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  let mixer = null;
  navigator.mediaDevices.getUserMedia = async (wish) => {
    const stream = await ask(wish);
    const [microphone] = stream.getAudioTracks();
    if (!microphone) return stream;
    const context = new AudioContext();
    const out = context.createMediaStreamDestination();
    context.createMediaStreamSource(new MediaStream([microphone])).connect(out);
    mixer = { context, out };
    const [mixed] = out.stream.getAudioTracks();
    const stop = mixed.stop.bind(mixed);
    mixed.stop = () => { microphone.stop(); stop(); };
    return new MediaStream([mixed, ...stream.getVideoTracks()]);
  };
  // Begins a clip; answers when its first sample sounds, in the page's clock.
  window.speak = async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const clip = await mixer.context.decodeAudioData(bytes.buffer);
    const source = new AudioBufferSourceNode(mixer.context, { buffer: clip });
    source.connect(mixer.out);
    source.start();
    return performance.now();
  };
  window.levels = [];
  window.told = [];
  let recorder = null, recorded = [];
  const listen = (track) => {
    const stream = new MediaStream([track]);
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 512 });
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      window.levels.push([performance.now(), Math.sqrt(power)]);
    }, 20);
    recorder = new MediaRecorder(stream, { mimeType: "audio/webm;codecs=opus" });
    recorder.addEventListener("dataavailable", ({ data }) => recorded.push(data));
    recorder.start();
  };
  // What was heard since the last time, as WebM.
  window.takeRecording = () => new Promise((resolve) => {
    recorder.addEventListener("stop", async () => {
      const bytes = new Uint8Array(await new Blob(recorded).arrayBuffer());
      recorded = [];
      recorder.start();
      let letters = "";
      for (const byte of bytes) letters += String.fromCharCode(byte);
      resolve(btoa(letters));
    }, { once: true });
    recorder.stop();
  });
  const Peer = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Peer {
    constructor(...given) {
      super(...given);
      this.addEventListener("track", ({ track }) => track.kind === "audio" && listen(track));
    }
    createDataChannel(...given) {
      const channel = super.createDataChannel(...given);
      channel.addEventListener("message", ({ data }) => window.told.push([performance.now(), JSON.parse(data)]));
      return channel;
    }
  };
})();
"""


def camera_file(path: Path, pictures: int = 10) -> Path:
    """An MJPEG file of a drawn face, for the browser's pretended camera."""
    frames = []
    for number in range(pictures):
        out = io.BytesIO()
        Image.fromarray(face(number)).save(out, "JPEG", quality=90)
        frames.append(out.getvalue())
    path.write_bytes(b"".join(frames))
    return path


@dataclass
class CallingPage:
    """The chat with its call. chat: the frame as Playwright finds it; frame: the same, to run scripts in.

    conversation: its id.
    """

    page: Page
    chat: FrameLocator
    frame: Frame
    folder: Path
    conversation: str = ""

    def find(self, test_id: str):
        return self.chat.get_by_test_id(test_id)

    def messages(self, author: str):
        return self.chat.locator(f'[data-testid="chat-message"][data-author="{author}"]')

    def begin(self) -> None:
        """Press the button and wait until the assistant is on the line."""
        self.find("call-begin").click()
        expect(self.find("call")).to_have_attribute("data-call", "live", timeout=READY_MS)

    def say(self, text: str, voice: str = "slt") -> float:
        """Begin to say something; when it began, in seconds of the page's clock."""
        path = self.folder / "said.wav"
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(path)], check=True)
        clip = base64.b64encode(path.read_bytes()).decode()
        return float(self.frame.evaluate("(clip) => window.speak(clip)", clip)) / 1000

    def levels(self) -> np.ndarray:
        """What the assistant let hear: (seconds of the page's clock, root mean square), (n, 2)."""
        return np.array(self.frame.evaluate("window.levels")).reshape(-1, 2) / (1000, 1)

    def told(self, since: float = 0.0) -> list[tuple[float, dict]]:
        """What the voice process has told the page from `since` on, but for pongs, by seconds of the page's clock."""
        frames = [(at / 1000, frame) for at, frame in self.frame.evaluate("window.told")]
        return [(at, frame) for at, frame in frames if at >= since and frame["type"] != "pong"]

    def silent_from(self, at: float, for_s: float = 0.4) -> float | None:
        """The first moment from `at` on from which on nothing was audible for so long."""
        levels = self.levels()
        times = levels[(levels[:, 0] >= at) & (levels[:, 1] > AUDIBLE), 0]
        silent = at
        for sounding in times:
            if sounding - silent >= for_s:
                return silent
            silent = float(sounding)
        return silent if levels[-1, 0] - silent >= for_s else None

    def wait_audible(self, within_s: float = 25.0) -> None:
        """Until the assistant speaks."""
        self._wait(lambda levels: bool((levels[-5:, 1] > AUDIBLE).any()), within_s, "the assistant was not heard")

    def wait_silent(self, for_s: float = 1.0, within_s: float = 60.0) -> None:
        """Until the assistant has been silent for so long."""

        def silent(levels: np.ndarray) -> bool:
            late = levels[levels[:, 0] > levels[-1, 0] - for_s]
            return len(late) > for_s * 20 and not (late[:, 1] > AUDIBLE).any()

        self._wait(silent, within_s, "the assistant did not stop")

    def _wait(self, holds, within_s: float, what: str) -> None:
        deadline = time.monotonic() + within_s
        while True:
            levels = self.levels()
            if len(levels) and holds(levels):
                return
            assert time.monotonic() < deadline, what
            self.page.wait_for_timeout(100)

    def recording(self) -> bytes:
        """What was heard since the last recording, as WebM."""
        return base64.b64decode(self.frame.evaluate("window.takeRecording()"))


def heard_in(sound: bytes) -> Transcript:
    """The words of a recording, by the recogniser that customers are heard with."""
    return open_transcriber(SpeechSetup()).transcribe(decode(sound))


def calling_page(context: BrowserContext, url: str, folder: Path, *consents: str) -> CallingPage:
    """The shop's page with its chat open and these signals allowed."""
    context.add_init_script(INSTRUMENTS)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.extend(_CONVERSATION.findall(request.url)))
    page.goto(url)
    page.get_by_test_id("chat-launcher").click()
    chat = page.frame_locator("iframe")
    for signal in consents:
        chat.get_by_test_id(f"consent-{signal}").click()
    chat.get_by_test_id("consent-continue").click()
    frame = next(frame for frame in page.frames if frame is not page.main_frame)
    expect(chat.get_by_test_id("call-begin")).to_be_visible(timeout=READY_MS)
    assert len(set(asked)) == 1, "the page is in one conversation"
    return CallingPage(page, chat, frame, folder, asked[0])
