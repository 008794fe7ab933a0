const VISIT = "lumen.visit";
const FITS = "lumen.fits";
const ofThisPage = newVisit();

/** A random name for this visit. It says nothing about the visitor and ends with the tab. */
export function visit() {
  try {
    const known = sessionStorage.getItem(VISIT);
    if (known) return known;
    sessionStorage.setItem(VISIT, newVisit());
    return sessionStorage.getItem(VISIT);
  } catch {
    // Without storage a visit is one page long.
    return ofThisPage;
  }
}

/** Whether this visitor has asked for a shop that fits; off at first, and with the tab it ends. */
export function fitsToMe() {
  try {
    return sessionStorage.getItem(FITS) === "yes";
  } catch {
    return false;
  }
}

/** Keep the visitor's choice. */
export function setFitsToMe(on) {
  try {
    if (on) sessionStorage.setItem(FITS, "yes");
    else sessionStorage.removeItem(FITS);
  } catch {
    // Without storage nothing can be remembered, and the switch goes back.
  }
}

function newVisit() {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");
}
