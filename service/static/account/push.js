/**
 * Messages to this browser while the page is closed. Optional: a browser without it, or a page without a secure
 * address, misses nothing else.
 */
export function pushState() {
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return "unsupported";
  return Notification.permission === "denied" ? "denied" : "possible";
}

/** This browser's subscription, or null. */
export async function subscription() {
  if (pushState() === "unsupported") return null;
  const worker = await navigator.serviceWorker.getRegistration(scope());
  return (await worker?.pushManager.getSubscription()) ?? null;
}

/** Ask the customer and subscribe. key: the server's public key, base64url. Null when the customer says no. */
export async function subscribe(key) {
  if ((await Notification.requestPermission()) !== "granted") return null;
  await navigator.serviceWorker.register(new URL("account/worker.js", document.baseURI), { scope: scope(), type: "classic" });
  const worker = await navigator.serviceWorker.ready;
  return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) });
}

function scope() {
  return new URL("account", document.baseURI).pathname;
}

/** base64url, without padding, as bytes. */
export function bytesOf(base64url) {
  const padded = base64url.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(base64url.length / 4) * 4, "=");
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
}
