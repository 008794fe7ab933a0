import { t } from "../strings.js";
import { lengthWords } from "../times.js";
import { button, icon } from "./dom.js";

/**
 * The button in a bubble that plays the customer's own recording while its turn lasts: an action for the row under
 * a message, see actions.js. log: the element that the messages stand in.
 */
export function recordingAction(playback, log) {
  playback.addEventListener("change", ({ detail }) => {
    // The button that is on the page: a redraw may have made another one since.
    const play = log.querySelector(`[data-plays="${CSS.escape(detail)}"]`);
    if (play && playback.has(detail)) draw(play, detail);
  });

  function draw(play, id) {
    const isPlaying = playback.isPlaying(id);
    const seconds = playback.seconds(id);
    play.replaceChildren(icon(isPlaying ? "stop" : "play"), seconds === null ? "" : lengthWords(seconds));
    play.setAttribute("aria-label", t(isPlaying ? "voicePause" : "voicePlay"));
  }

  return {
    key: (message) => (message.recording === "here" && playback.has(message.id) ? "play" : ""),
    make({ id }) {
      const play = button({
        class: "action",
        testid: "play-recording",
        attributes: { "data-plays": id },
        on: { click: () => playback.toggle(id) },
      });
      draw(play, id);
      return play;
    },
  };
}
