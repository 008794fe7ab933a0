/**
 * The chat in any shop's page, by one tag: <script src="https://care.example/widget.js" defer></script>
 *
 * Options on the tag: data-title (name over the chat), data-item-url ("https://shop.example/p/{id}": where a product
 * is shown). Events on document, for the shop: "attune:view-item" and "attune:add-to-cart" with detail.item
 * {id, title, price}; preventDefault() says "handled"; "attune:opened" and "attune:closed". Events from the shop:
 * "attune:context" with detail.item {id, title} or null, "attune:open", "attune:close".
 *
 * Everything lives in a shadow root with a constructed style sheet: the shop's own styles and its content policy
 * stay as they are. The policy must allow this origin in script-src and frame-src.
 */
(() => {
  "use strict";
  const tag = document.currentScript;
  if (!tag || document.querySelector("attune-chat")) return;
  const base = new URL(".", tag.src);
  const OPEN_KEY = "attune.open";
  const words = { open: "Chat with us", unread: "Chat with us, {count} new", frame: "Customer care chat" };

  const styles = `
    :host { all: initial; color-scheme: light dark; --accent: #a8481f; --on: #fff8f1; --ink: #2b2420; --focus: #1f5fa8; --surface: #faf6f0; --line: #e4dacd; }
    @media (prefers-color-scheme: dark) { :host { --accent: #ee9f74; --on: #2a1308; --focus: #8fc0ff; --surface: #1a1613; --line: #40362e; } }
    .launcher { position: fixed; right: max(18px, env(safe-area-inset-right)); bottom: max(18px, env(safe-area-inset-bottom)); z-index: 2147483000;
      display: inline-flex; align-items: center; gap: 9px; min-height: 54px; padding: 0 20px 0 16px; border: 0; border-radius: 999px;
      background: var(--accent); color: var(--on); font: 600 16px/1 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; cursor: pointer;
      box-shadow: 0 2px 5px rgb(60 30 10 / 20%), 0 10px 28px rgb(60 30 10 / 22%); }
    .launcher:focus-visible { outline: 3px solid var(--focus); outline-offset: 3px; }
    .launcher svg { width: 24px; height: 24px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    .badge { display: inline-grid; place-items: center; min-width: 22px; height: 22px; padding: 0 6px; border-radius: 11px; background: var(--on); color: var(--accent); font-size: 13px; }
    .panel { position: fixed; right: max(18px, env(safe-area-inset-right)); bottom: max(18px, env(safe-area-inset-bottom)); z-index: 2147483001;
      width: 400px; height: min(660px, calc(100dvh - 36px)); overflow: hidden; border: 1px solid var(--line); border-radius: 18px; background: var(--surface);
      box-shadow: 0 4px 12px rgb(40 20 5 / 14%), 0 24px 64px rgb(40 20 5 / 26%); transform-origin: 100% 100%; animation: rise 170ms ease-out; }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    [hidden] { display: none !important; }
    @keyframes rise { from { opacity: 0; transform: translateY(14px) scale(0.98); } }
    @media (max-width: 520px), (max-height: 480px) { .panel { inset: 0; width: auto; height: auto; border: 0; border-radius: 0; }
      .launcher { min-width: 56px; min-height: 56px; padding: 0 16px; } .label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } }
    @media (prefers-reduced-motion: reduce) { .panel { animation: none; } }
    @media print { :host { display: none; } }
  `;

  const home = document.createElement("attune-chat");
  const root = home.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];

  const launcher = document.createElement("button");
  launcher.type = "button";
  launcher.className = "launcher";
  launcher.dataset.testid = "chat-launcher";
  launcher.setAttribute("aria-expanded", "false");
  launcher.setAttribute("aria-haspopup", "dialog");
  const label = document.createElement("span");
  label.className = "label";
  label.textContent = words.open;
  const badge = document.createElement("span");
  badge.className = "badge";
  badge.setAttribute("aria-hidden", "true");
  badge.hidden = true;
  launcher.append(bubbleIcon(), label, badge);

  const panel = document.createElement("div");
  panel.className = "panel";
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", words.frame);
  panel.hidden = true;
  root.append(launcher, panel);

  let frame = null;
  let greeted = false;
  let context = null;

  function open({ focus = true } = {}) {
    if (!frame) addFrame();
    panel.hidden = false;
    launcher.hidden = true;
    launcher.setAttribute("aria-expanded", "true");
    remember("yes");
    if (focus) frame.focus();
    tell("shown", { focus });
    announce("attune:opened");
  }

  function close() {
    if (panel.hidden) return;
    panel.hidden = true;
    launcher.hidden = false;
    launcher.setAttribute("aria-expanded", "false");
    remember("no");
    tell("hidden");
    announce("attune:closed");
    launcher.focus();
  }

  function addFrame() {
    frame = document.createElement("iframe");
    frame.title = words.frame;
    // For voice messages; the browser still asks the customer, and a shop's own Permissions-Policy may forbid it.
    frame.allow = "microphone";
    frame.src = new URL("chat", base).href;
    frame.addEventListener("load", () => {
      greeted = true;
      tell("hello", { title: tag.dataset.title ?? "", itemAddress: tag.dataset.itemUrl ?? "" });
      tell("context", { item: context });
      tell(panel.hidden ? "hidden" : "shown", { focus: root.activeElement === frame });
    });
    panel.append(frame);
  }

  function tell(type, data = {}) {
    // The origin is named: another page that got into the frame hears nothing.
    if (greeted) frame.contentWindow.postMessage({ source: "attune-widget", type, ...data }, base.origin);
  }

  function receive(event) {
    if (!frame || event.source !== frame.contentWindow || event.origin !== base.origin) return;
    const message = event.data;
    if (message?.source !== "attune-chat") return;
    if (message.type === "close") close();
    if (message.type === "unread") showUnread(Number(message.count) || 0);
    if (message.type === "view-item") viewItem(message);
    if (message.type === "add-to-cart") announce("attune:add-to-cart", message.item);
  }

  function viewItem({ item, address }) {
    const handled = announce("attune:view-item", item);
    // On a phone the chat covers the page: what was asked for must be seen.
    if (handled && matchMedia("(max-width: 520px)").matches) close();
    if (!handled && typeof address === "string" && /^https?:/.test(address)) window.location.assign(address);
  }

  function announce(name, item = null) {
    const event = new CustomEvent(name, { detail: { item }, cancelable: true });
    return !document.dispatchEvent(event);
  }

  function showUnread(count) {
    badge.hidden = count === 0;
    badge.textContent = count > 9 ? "9+" : String(count);
    if (count === 0) launcher.removeAttribute("aria-label");
    else launcher.setAttribute("aria-label", words.unread.replace("{count}", String(count)));
  }

  function remember(value) {
    try {
      sessionStorage.setItem(OPEN_KEY, value);
    } catch {
      // Forgotten on the next page; nothing else changes.
    }
  }

  function wasOpen() {
    try {
      return sessionStorage.getItem(OPEN_KEY) === "yes" && !matchMedia("(max-width: 520px)").matches;
    } catch {
      return false;
    }
  }

  function bubbleIcon() {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", "M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-6l-5 4v-4H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zm4 5v2m3-4v6m3-5v3");
    svg.append(path);
    return svg;
  }

  launcher.addEventListener("click", () => open());
  window.addEventListener("message", receive);
  document.addEventListener("attune:open", () => open());
  document.addEventListener("attune:close", close);
  document.addEventListener("attune:context", (event) => {
    context = event.detail?.item ?? null;
    tell("context", { item: context });
  });
  document.body.append(home);
  if (wasOpen()) open({ focus: false });
})();
