import { REGION, t } from "./strings.js";

const clock = new Intl.DateTimeFormat(REGION, { hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat(REGION, { weekday: "long", day: "numeric", month: "long" });
const money = new Map();

/** Hours and minutes in the customer's own time zone; "" when the time is unknown. */
export function timeOf(iso) {
  const when = new Date(iso);
  return Number.isNaN(when.getTime()) ? "" : clock.format(when);
}

/** A key that is equal for two times of one local day. */
export function dayKey(iso) {
  const when = new Date(iso);
  return `${when.getFullYear()}-${when.getMonth()}-${when.getDate()}`;
}

/** Today, Yesterday, or the date in words. */
export function dayName(iso, now = new Date()) {
  const before = new Date(now);
  before.setDate(now.getDate() - 1);
  if (dayKey(iso) === dayKey(now)) return t("today");
  if (dayKey(iso) === dayKey(before)) return t("yesterday");
  return date.format(new Date(iso));
}

/** A price in its own currency (three letters; EUR where an older message names none). */
export function priceOf(amount, currency = "EUR") {
  if (!money.has(currency)) money.set(currency, formatter(currency));
  return money.get(currency).format(amount);
}

function formatter(currency) {
  try {
    return new Intl.NumberFormat(REGION, { style: "currency", currency });
  } catch {
    return { format: (amount) => `${amount} ${currency}` };
  }
}

/** The length of a recording: 0:07, 12:30. */
export function lengthWords(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
