const HIGHLIGHT = "attune-heard";

/**
 * Mark the sentence that is heard, without changing the message: a screen reader would read it again.
 *
 * id: of the message; null marks nothing. part: {part, start, end}, in UTF-16 units of the message's text.
 * Answers the marked bubble, or null.
 */
export function markHeard(log, id, part) {
  for (const bubble of log.querySelectorAll(".bubble.is-heard")) bubble.classList.remove("is-heard");
  globalThis.CSS?.highlights?.delete(HIGHLIGHT);
  const bubble = id === null || part?.part !== "text" ? null : log.querySelector(`[data-id="${CSS.escape(id)}"] .bubble`);
  if (!bubble) return null;
  const range = CSS.highlights ? rangeOf(bubble, part.start, part.end) : null;
  if (range) CSS.highlights.set(HIGHLIGHT, new Highlight(range));
  else bubble.classList.add("is-heard");
  return bubble;
}

/** The characters from start to end of a node's text, whatever elements it is made of; null if they are not there. */
function rangeOf(node, start, end) {
  const range = document.createRange();
  const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  let before = 0;
  let isBegun = false;
  while (texts.nextNode()) {
    const { length } = texts.currentNode.data;
    if (!isBegun && start < before + length) {
      range.setStart(texts.currentNode, start - before);
      isBegun = true;
    }
    if (isBegun && end <= before + length) {
      range.setEnd(texts.currentNode, end - before);
      return range;
    }
    before += length;
  }
  return null;
}
