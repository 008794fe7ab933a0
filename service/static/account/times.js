import { REGION } from "../chat/strings.js";

const THIS_YEAR = new Date().getFullYear();
const day = new Intl.DateTimeFormat(REGION, { day: "numeric", month: "short", year: "numeric" });
const moment = new Intl.DateTimeFormat(REGION, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
const recent = new Intl.DateTimeFormat(REGION, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const short = new Intl.DateTimeFormat(REGION, { day: "numeric", month: "short" });

/** A date, "" when it is unknown. */
export const dayOf = (iso) => formatted(day, iso);
/** A date with hours and minutes; the year only when it is not this one. */
export const momentOf = (iso) => formatted(new Date(iso).getFullYear() === THIS_YEAR ? recent : moment, iso);
/** A date without its year. */
export const shortDayOf = (iso) => formatted(short, iso);

function formatted(format, iso) {
  const when = new Date(iso);
  return iso && !Number.isNaN(when.getTime()) ? format.format(when) : "";
}
