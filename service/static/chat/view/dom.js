const SVG = "http://www.w3.org/2000/svg";

/** Outlines on a 24 × 24 grid, drawn with the text's colour. */
const ICONS = {
  again: "M4 12a8 8 0 1 0 2.6-5.9M4 4v4.5h4.5",
  alert: "M12 8v5m0 3.5v.01M12 3 2.5 20h19z",
  attach: "m20 11-8.5 8.5a5.2 5.2 0 0 1-7.4-7.4L13 3.3a3.5 3.5 0 0 1 4.9 4.9L9.3 17a1.7 1.7 0 0 1-2.5-2.4l7.8-8",
  camera: "M3.5 7.5h11a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1M15.5 11l6-3.5v9l-6-3.5",
  cameraOff: "M15.5 13v2.5a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1H6m5 0h3.5a1 1 0 0 1 1 1V11l6-3.5v9l-3-1.7M3 3l18 18",
  check: "m4.5 12.5 5 5 10-11",
  close: "M6 6l12 12M18 6 6 18",
  down: "M12 5v14m-6-6 6 6 6-6",
  hangUp: "M3 14.8v-2C8 8.4 16 8.4 21 12.8v2a1 1 0 0 1-1.2 1l-3.3-.7a1 1 0 0 1-.8-1v-1.8a13 13 0 0 0-7.4 0v1.8a1 1 0 0 1-.8 1l-3.3.7a1 1 0 0 1-1.2-1",
  mic: "M12 15a3.5 3.5 0 0 0 3.5-3.5v-5a3.5 3.5 0 0 0-7 0v5A3.5 3.5 0 0 0 12 15m-7-4a7 7 0 0 0 14 0m-7 7v3",
  micOff: "M15.5 9.5v-3a3.5 3.5 0 0 0-6.8-1.2M8.5 9v2.5a3.5 3.5 0 0 0 5.6 2.8M5 11a7 7 0 0 0 11.2 5.6M19 11c0 1.1-.25 2.1-.7 3M12 18v3M3 3l18 18",
  pencil: "M4 20l1-4L16 5l3 3L8 19z",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8m-7.5 8.5c.6-3.8 3.7-6 7.5-6s6.9 2.2 7.5 6",
  phone: "M6.5 3.5h2.7l1.5 4.2-2 1.6a12 12 0 0 0 6 6l1.6-2 4.2 1.5v2.7a2 2 0 0 1-2.1 2A16.5 16.5 0 0 1 4.5 5.6a2 2 0 0 1 2-2.1",
  play: "M8 5.5v13l10.5-6.5z",
  send: "M4 12h15m-6.5-6.5L19 12l-6.5 6.5",
  shield: "M12 3 4.5 6v5.5c0 4.6 3.1 8 7.5 9.5 4.4-1.5 7.5-4.9 7.5-9.5V6z",
  speaker: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6m2.6-8.6a8 8 0 0 1 0 11.2",
  speakerOff: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5m0-5-5 5",
  stop: "M7 7h10v10H7z",
  wave: "M4 10v4m4-8v12m4-15v18m4-14v10m4-6v2",
};

/**
 * An element. Text always goes through textContent, so nothing that a person wrote can become markup.
 * options: {class, text, testid, attributes: {name: value}, on: {event: handler}}; null children are left out.
 */
export function el(tag, options = {}, ...children) {
  const node = document.createElement(tag);
  if (options.class) node.className = options.class;
  if (options.text !== undefined) node.textContent = options.text;
  if (options.testid) node.dataset.testid = options.testid;
  for (const [name, value] of Object.entries(options.attributes ?? {})) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  for (const [event, handler] of Object.entries(options.on ?? {})) node.addEventListener(event, handler);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** A button that never submits a form by accident. */
export function button(options, ...children) {
  return el("button", { ...options, attributes: { type: "button", ...options.attributes } }, ...children);
}

/** A decorative icon, hidden from screen readers: the words beside it, or the label, say the same. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}
