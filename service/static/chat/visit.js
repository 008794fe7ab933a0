import { tabStore } from "./storage.js";

/** A random name for this visit, for counting; it says nothing about the customer. */
export function tabSession() {
  const tab = tabStore();
  if (!tab.get("attune.visit")) tab.set("attune.visit", crypto.getRandomValues(new Uint32Array(3)).join("-"));
  return tab.get("attune.visit");
}
