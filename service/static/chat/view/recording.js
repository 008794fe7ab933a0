import { t } from "../strings.js";
import { lengthWords } from "../times.js";
import { button, icon } from "./dom.js";

/**
 * The button in a bubble that plays the customer's own recording while its turn lasts: an action for the row under
 * a message, see actions.js.
 */
export function recordingAction(playback) {
  const buttons = new Map();
  playback.addEventListener("change", ({ detail }) => draw(detail));

  function draw(id) {
    const play = buttons.get(id);
    if (!play) return;
    if (!playback.has(id)) return void buttons.delete(id);
    const isPlaying = playback.isPlaying(id);
    const seconds = playback.seconds(id);
    play.replaceChildren(icon(isPlaying ? "stop" : "play"), seconds === null ? "" : lengthWords(seconds));
    play.setAttribute("aria-label", t(isPlaying ? "voicePause" : "voicePlay"));
  }

  return {
    key: (message) => (message.recording === "here" && playback.has(message.id) ? "play" : ""),
    make(message) {
      const play = button({ class: "action", testid: "play-recording", on: { click: () => playback.toggle(message.id) } });
      buttons.set(message.id, play);
      draw(message.id);
      return play;
    },
  };
}
