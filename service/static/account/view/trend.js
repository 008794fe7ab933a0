import { t } from "../strings.js";
import { dayOf, shortDayOf } from "../times.js";

const SVG = "http://www.w3.org/2000/svg";
const MOST = 60;
const HEIGHT = 210;
const PAD = { top: 14, right: 12, bottom: 30, left: 46 };
const LEVELS = [0, 25, 50, 75, 100];

/**
 * Where each point stands, in pixels: the last 60, evenly spaced, because days without a talk say nothing.
 *
 * points: [{frustration: 0–100 or null, conversation, at}], oldest first. Answers {points: [{x, y or null, …}],
 * begins: [{x, at}] of the conversations, shown: how many}.
 */
export function layOut(points, width, height = HEIGHT) {
  const shown = points.slice(-MOST);
  const inner = { width: Math.max(1, width - PAD.left - PAD.right), height: height - PAD.top - PAD.bottom };
  const step = shown.length > 1 ? inner.width / (shown.length - 1) : 0;
  const placed = shown.map((point, index) => ({
    ...point,
    x: round(PAD.left + (shown.length > 1 ? index * step : inner.width / 2)),
    y: typeof point.frustration === "number" ? round(PAD.top + (1 - clamp(point.frustration) / 100) * inner.height) : null,
  }));
  const begins = placed.filter((point, index) => index === 0 || point.conversation !== placed[index - 1].conversation);
  return { points: placed, begins: begins.map(({ x, at }) => ({ x, at })), shown: shown.length };
}

/** Runs of points of one conversation with a level each: only these are joined by a line. */
export function lines(points) {
  const runs = [];
  points.forEach((point, index) => {
    if (point.y === null) return;
    const before = points[index - 1];
    if (before && before.y !== null && before.conversation === point.conversation) runs.at(-1).push(point);
    else runs.push([point]);
  });
  return runs;
}

/**
 * The chart, as wide as its place and drawn anew when that changes. onPick(point): a point was tapped.
 * To screen readers it is one picture with a summary; the table below says everything.
 */
export function trendChart(points, onPick) {
  const holder = document.createElement("div");
  holder.className = "chart";
  holder.dataset.testid = "trend-chart";
  let drawn = 0;
  new ResizeObserver(() => {
    const width = Math.floor(holder.clientWidth);
    if (width === 0 || width === drawn) return;
    drawn = width;
    holder.replaceChildren(drawing(points, width, onPick));
  }).observe(holder);
  return holder;
}

function drawing(points, width, onPick) {
  const placed = layOut(points, width);
  const svg = node("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "img", "aria-label": summary(points) });
  for (const level of LEVELS) {
    const y = round(PAD.top + (1 - level / 100) * (HEIGHT - PAD.top - PAD.bottom));
    svg.append(node("line", { class: level === 0 ? "axis" : "grid", x1: PAD.left, x2: width - PAD.right, y1: y, y2: y }));
    svg.append(node("text", { class: "tick", x: PAD.left - 8, y: y + 4, "text-anchor": "end" }, levelWord(level)));
  }
  let lastEnd = -Infinity;
  for (const { x, at } of placed.begins) {
    if (placed.begins.length > 1) svg.append(node("line", { class: "begin", x1: x, x2: x, y1: PAD.top, y2: HEIGHT - PAD.bottom }));
    const half = 24;
    const middle = Math.min(Math.max(x, PAD.left + half - 12), width - half);
    if (middle - half < lastEnd) continue;
    lastEnd = middle + half + 8;
    svg.append(node("text", { class: "tick", x: middle, y: HEIGHT - 10, "text-anchor": "middle" }, shortDayOf(at)));
  }
  for (const run of lines(placed.points)) {
    svg.append(node("polyline", { class: "trend", points: run.map(({ x, y }) => `${x},${y}`).join(" ") }));
  }
  for (const point of placed.points) if (point.y !== null) svg.append(dot(point, onPick));
  return svg;
}

/** Round for an estimate, square where the customer's own word stands. */
function dot(point, onPick) {
  const shape = point.verdict
    ? node("rect", { class: "dot is-own", x: point.x - 5, y: point.y - 5, width: 10, height: 10 })
    : node("circle", { class: "dot", cx: point.x, cy: point.y, r: 4.5 });
  const hit = node("circle", { class: "hit", cx: point.x, cy: point.y, r: 14 });
  const group = node("g", { class: "point" });
  group.append(shape, hit);
  group.addEventListener("click", () => onPick(point));
  return group;
}

function summary(points) {
  const levels = points.map((point) => point.frustration).filter((level) => typeof level === "number").map(Math.round);
  return t("trendSummary", {
    count: points.length, from: dayOf(points[0]?.at), to: dayOf(points.at(-1)?.at),
    low: Math.min(...levels), high: Math.max(...levels), last: levels.at(-1) ?? "–",
  });
}

function levelWord(level) {
  if (level === 0) return t("trendLow");
  return level === 100 ? t("trendHigh") : String(level);
}

function node(name, attributes, text = null) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== null) made.textContent = text;
  return made;
}

const clamp = (level) => Math.min(100, Math.max(0, level));
const round = (value) => Math.round(value * 10) / 10;
