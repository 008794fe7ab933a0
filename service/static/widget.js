/**
 * The chat in any shop's page, by one tag: <script src="https://care.example/widget.js" defer></script>
 *
 * Options on the tag: data-title (name over the chat), data-item-url ("https://shop.example/p/{id}": where a product
 * is shown). Events on document, for the shop: "attune:view-item" and "attune:add-to-cart" with detail.item
 * {id, title, price}; preventDefault() says "handled"; "attune:opened" and "attune:closed". Events from the shop:
 * "attune:context" with detail.item {id, title} or null, "attune:open", "attune:close".
 *
 * data-steps on the tag switches on attune.step("address") and attune.step("address", {kind: "done"}): the shop names
 * what the customer is doing (docs/howto/behaviour.md). Until the customer has allowed it in the chat such calls do
 * nothing at all. Kinds: enter, leave, done, abort, read, click; read and quick clicks are noticed by themselves, the
 * latter not inside of elements with data-attune-quick (a plus and minus button, say).
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
  const STEPS_KEY = "attune.steps";
  const STEP_NAME = /^[a-z0-9_-]{1,64}$/;
  const STEP_KINDS = ["enter", "leave", "done", "abort", "read", "click"];
  const MOST_EARLY = 50;
  const QUICK_MS = 1000; // A single click is nobody's business; two within this may be the begin of a burst.
  const REREAD_SCREENS = 0.6; // Down and up again by so much of the screen is reading again.
  const words = {
    open: "Chat with us",
    unread: "Chat with us, {count} new",
    frame: "Customer care chat",
    help: "Can I help with this step?",
    helpYes: "Yes, please",
    helpNo: "No, thanks",
  };

  const styles = `
    :host { all: initial; color-scheme: light dark; --accent: #a8481f; --on: #fff8f1; --ink: #2b2420; --focus: #1f5fa8; --surface: #faf6f0; --line: #e4dacd; }
    @media (prefers-color-scheme: dark) { :host { --accent: #ee9f74; --on: #2a1308; --ink: #f3ece4; --focus: #8fc0ff; --surface: #1a1613; --line: #40362e; } }
    .launcher { position: fixed; right: max(18px, env(safe-area-inset-right)); bottom: max(18px, env(safe-area-inset-bottom)); z-index: 2147483000;
      display: inline-flex; align-items: center; gap: 9px; min-height: 54px; padding: 0 20px 0 16px; border: 0; border-radius: 999px;
      background: var(--accent); color: var(--on); font: 600 16px/1 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; cursor: pointer;
      box-shadow: 0 2px 5px rgb(60 30 10 / 20%), 0 10px 28px rgb(60 30 10 / 22%); }
    .launcher:focus-visible { outline: 3px solid var(--focus); outline-offset: 3px; }
    .launcher svg { width: 24px; height: 24px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    .badge { display: inline-grid; place-items: center; min-width: 22px; height: 22px; padding: 0 6px; border-radius: 11px; background: var(--on); color: var(--accent); font-size: 13px; }
    .help { position: fixed; right: max(18px, env(safe-area-inset-right)); bottom: calc(max(18px, env(safe-area-inset-bottom)) + 66px); z-index: 2147483000;
      box-sizing: border-box; width: min(300px, calc(100vw - 36px)); padding: 14px 16px 12px; border: 1px solid var(--line); border-radius: 16px; background: var(--surface); color: var(--ink);
      box-shadow: 0 2px 5px rgb(60 30 10 / 16%), 0 10px 28px rgb(60 30 10 / 20%); font: 400 16px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; animation: rise 170ms ease-out; }
    .help p { margin: 0 0 10px; font-weight: 600; }
    .help div { display: flex; gap: 8px; }
    .help button { flex: 1; min-height: 44px; padding: 0 10px; border: 1.5px solid var(--accent); border-radius: 12px; background: var(--accent); color: var(--on); font: inherit; font-weight: 600; cursor: pointer; }
    .help button + button { background: transparent; color: var(--accent); }
    .help button:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
    .panel { position: fixed; right: max(18px, env(safe-area-inset-right)); bottom: max(18px, env(safe-area-inset-bottom)); z-index: 2147483001;
      width: 400px; height: min(660px, calc(100dvh - 36px)); overflow: hidden; border: 1px solid var(--line); border-radius: 18px; background: var(--surface);
      box-shadow: 0 4px 12px rgb(40 20 5 / 14%), 0 24px 64px rgb(40 20 5 / 26%); transform-origin: 100% 100%; animation: rise 170ms ease-out; }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    [hidden] { display: none !important; }
    @keyframes rise { from { opacity: 0; transform: translateY(14px) scale(0.98); } }
    @media (max-width: 520px), (max-height: 480px) { .panel { inset: 0; width: auto; height: auto; border: 0; border-radius: 0; }
      .launcher { min-width: 56px; min-height: 56px; padding: 0 16px; } .label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } }
    @media (prefers-reduced-motion: reduce) { .panel, .help { animation: none; } }
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

  // Filled when there is something to say, so that a screen reader says it; the focus stays where it is.
  const help = document.createElement("div");
  help.setAttribute("role", "status");
  root.append(help, launcher, panel);

  let frame = null;
  let greeted = false;
  let context = null;

  function open({ focus = true } = {}) {
    if (!frame) addFrame();
    panel.hidden = false;
    launcher.hidden = true;
    launcher.setAttribute("aria-expanded", "true");
    remember(OPEN_KEY, "yes");
    takeHelpBack();
    if (focus) frame.focus();
    tell("shown", { focus });
    announce("attune:opened");
  }

  function close() {
    if (panel.hidden) return;
    panel.hidden = true;
    launcher.hidden = false;
    launcher.setAttribute("aria-expanded", "false");
    remember(OPEN_KEY, "no");
    tell("hidden");
    announce("attune:closed");
    launcher.focus();
  }

  function addFrame() {
    frame = document.createElement("iframe");
    frame.title = words.frame;
    // For voice messages; the browser still asks the customer, and a shop's own Permissions-Policy may forbid it.
    frame.allow = "microphone; camera; autoplay; screen-wake-lock";
    frame.src = new URL("chat", base).href;
    frame.addEventListener("load", () => {
      greeted = true;
      tell("hello", { title: tag.dataset.title ?? "", itemAddress: tag.dataset.itemUrl ?? "", steps: hasSteps });
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
    if (message.type === "behaviour") allowSteps(message.on === true);
    if (message.type === "offer-help") offerHelp();
    if (message.type === "withdraw-help") takeHelpBack();
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

  function remember(key, value) {
    try {
      if (value === null) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, value);
    } catch {
      // Forgotten on the next page; nothing else changes.
    }
  }

  function remembers(key) {
    try {
      return sessionStorage.getItem(key) === "yes";
    } catch {
      return false;
    }
  }

  function wasOpen() {
    return remembers(OPEN_KEY) && !matchMedia("(max-width: 520px)").matches;
  }

  /* ---- Steps: names and kinds from the shop, times, and nothing else: no text, no keys, no places on the screen. ---- */

  const hasSteps = tag.dataset.steps !== undefined;
  // "no": whatever comes is dropped. "asked": allowed on an earlier page of this tab; held in memory until the chat
  // confirms it. "yes": told to the chat, which sends it.
  let allowed = "no";
  let early = [];
  let here = null;
  let paused = null;
  let watching = null;

  function step(name, { kind = "enter" } = {}) {
    if (typeof name !== "string" || !STEP_NAME.test(name) || !STEP_KINDS.includes(kind)) {
      console.warn(`attune.step: expected a name of 1 to 64 characters of a-z, 0-9, "_" and "-", and a kind of ${STEP_KINDS.join(", ")}. Nothing was recorded.`);
      return;
    }
    if (allowed === "no") return;
    record(name, kind);
    if (kind === "enter") here = name;
    else if (here === name && ["leave", "done", "abort"].includes(kind)) here = null;
  }

  function record(name, kind, agoMs = 0) {
    if (allowed === "yes") tell("step", { name, kind, agoMs });
    else if (allowed === "asked") early = [...early.slice(1 - MOST_EARLY), { name, kind, at: performance.now() - agoMs }];
  }

  /** The chat says what the customer allows, at its start and whenever that changes. */
  function allowSteps(on) {
    if (!hasSteps) return;
    allowed = on ? "yes" : "no";
    // Only a yes is remembered, and only for this tab: so that the chat is asked again on the shop's next page.
    remember(STEPS_KEY, on ? "yes" : null);
    if (on) for (const { name, kind, at } of early) record(name, kind, Math.round(performance.now() - at));
    else here = paused = null;
    early = [];
    if (on) watch();
    else {
      watching?.abort();
      watching = null;
      takeHelpBack();
    }
  }

  /** Notice by ourselves, while the shop has named a step: reading again, quick clicks, and the page put aside. */
  function watch() {
    if (watching) return;
    watching = new AbortController();
    const options = { capture: true, passive: true, signal: watching.signal };
    let clicked = { at: -Infinity, told: true, step: null };
    document.addEventListener("click", (event) => {
      if (!here || event.composedPath().includes(home) || event.target.closest?.("[data-attune-quick]")) return;
      const at = performance.now();
      const isQuick = at - clicked.at < QUICK_MS && clicked.step === here;
      if (isQuick && !clicked.told) record(here, "click", Math.round(at - clicked.at));
      if (isQuick) record(here, "click");
      clicked = { at, told: isQuick, step: here };
    }, options);
    const depths = new WeakMap();
    document.addEventListener("scroll", (event) => {
      const box = event.target === document ? document.scrollingElement : event.target;
      if (!here || !box) return;
      const depth = depths.get(box) ?? { top: 0, low: 0, step: here };
      const screens = box.scrollTop / Math.max(1, box.clientHeight);
      if (depth.step !== here) Object.assign(depth, { top: screens, low: screens, step: here });
      depth.low = Math.max(depth.low, screens);
      if (depth.low - screens >= REREAD_SCREENS && depth.low - depth.top >= REREAD_SCREENS) {
        record(here, "read");
        Object.assign(depth, { top: screens, low: screens });
      }
      depth.top = Math.min(depth.top, screens);
      depths.set(box, depth);
    }, options);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && here) {
        record(here, "leave");
        paused = here;
      } else if (!document.hidden) {
        if (paused && paused === here) record(here, "enter");
        paused = null;
      }
      if (document.hidden) tell("flush");
    }, options);
  }

  function offerHelp() {
    if (!panel.hidden) return;
    const box = document.createElement("div");
    box.className = "help";
    box.dataset.testid = "help-offer";
    const text = document.createElement("p");
    text.textContent = words.help;
    const row = document.createElement("div");
    row.append(
      answer(words.helpYes, "help-yes", () => {
        open();
        tell("help-accepted");
      }),
      answer(words.helpNo, "help-no", () => {
        takeHelpBack();
        launcher.focus();
      }),
    );
    box.append(text, row);
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      takeHelpBack();
      launcher.focus();
    });
    help.replaceChildren(box);
  }

  function answer(text, testid, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.dataset.testid = testid;
    button.addEventListener("click", act);
    return button;
  }

  function takeHelpBack() {
    help.replaceChildren();
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
  if (!window.attune) window.attune = Object.freeze({ step });
  if (hasSteps && remembers(STEPS_KEY)) {
    allowed = "asked";
    addFrame();
  }
  if (wasOpen()) open({ focus: false });
})();
