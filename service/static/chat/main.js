import { Api, ApiError } from "./api.js";
import { Call } from "./call/call.js";
import { CallApi } from "./call/call_api.js";
import { Consent } from "./consent.js";
import { Conversation } from "./conversation.js";
import { Host } from "./host.js";
import { safeAddress } from "./links.js";
import { Session } from "./session.js";
import { Speaker } from "./speaker.js";
import { Steps } from "./steps.js";
import { localStore, tabStore } from "./storage.js";
import { t } from "./strings.js";
import { tabSession } from "./visit.js";
import { AccountLinks } from "./view/account_links.js";
import { CallView } from "./view/call.js";
import { Composer } from "./view/composer.js";
import { ConsentView } from "./view/consent.js";
import { CorrectionView } from "./view/correction.js";
import { icon } from "./view/dom.js";
import { HelpView } from "./view/help.js";
import { ListenView } from "./view/listen.js";
import { LogView } from "./view/log.js";
import { PhotoView } from "./view/photo.js";
import { recordingAction } from "./view/recording.js";
import { StatusView } from "./view/status.js";
import { translate } from "./view/translate.js";
import { VoiceView } from "./view/voice.js";
import { welcome } from "./view/welcome.js";

const RESTS_MS = 60_000;
const OFFER_AGAIN_MS = 60_000;
const byId = (id) => document.getElementById(id);
const local = localStore();
const api = new Api();
const session = new Session({ api, storage: local });
const consent = new Consent({ api, session, storage: local });
const conversation = new Conversation({ api, session, consent, storage: local });
let itemAddress = "";
let shown = window.parent === window;
let unread = 0;
let lastSaid = -Infinity;
let isSynced = false;

const host = new Host((message) => {
  if (message.type === "context") composer.setAbout(message.item);
  if (message.title) setTitle(message.title);
  if (message.itemAddress) itemAddress = message.itemAddress;
  if (message.type === "hello") {
    consentView.hasSteps = message.steps;
    tellHost();
    accountLinks.refresh();
  }
  if (message.type === "step") steps.record(message.step);
  if (message.type === "flush") steps.flush();
  if (message.type === "help-accepted") beginHelp();
  if (message.type === "shown") show(message);
  if (message.type === "hidden") {
    shown = false;
    listen.stop();
    voice.leave();
    call.hangUp("hidden");
  }
});

const correction = new CorrectionView({
  correct: (id, correctionId, text) => conversation.correct(id, correctionId, text),
  redraw: () => log.refresh(),
  afterwards: () => composer.focus(),
});

/** What a message's controls can do. actions: the buttons under a bubble, see view/actions.js. */
const acts = {
  actions: [recordingAction(conversation.playback, byId("log")), correction.action],
  listenButton: (message) => listen.button(message),
  correction: (message) => correction.node(message),
  isCorrecting: (id) => correction.isOpen(id),
  retry: (id) => conversation.retry(id),
  remove: (id) => conversation.takeBack(id),
  recordAgain: (id) => {
    conversation.takeBack(id);
    voice.begin();
  },
  edit: (id) => composer.fill(conversation.takeBack(id)),
  press: (message, index) => conversation.press(message, index),
  turn: (id) => api.turn(session.current, id),
  judge: (id, perceived) => api.judge(session.current, id, perceived),
  sensingAllowed: () => consent.any,
  isOnline,
  itemAddress: ({ id, url }) =>
    itemAddress ? safeAddress(itemAddress.replace("{id}", encodeURIComponent(id)), host.origin ?? document.baseURI) : safeAddress(url ?? ""),
  viewItem: (suggestion, event) => {
    api.event({ type: "suggestion.clicked", item_id: suggestion.id, session: tabSession() }, session.current);
    if (!host.embedded) return;
    event.preventDefault();
    host.send("view-item", { item: itemOf(suggestion), address: acts.itemAddress(suggestion) });
  },
  judgeSuggestion: ({ id }, verdict) => api.judgeSuggestion(session.current, id, verdict),
  addItem: (suggestion) => {
    // The host's cart reports the rest; standing alone there is no cart to put it into.
    if (host.embedded) host.send("add-to-cart", { item: itemOf(suggestion) });
    else api.event({ type: "storefront.cart", item_id: suggestion.id, session: tabSession() }, session.current);
  },
};

setTitle(translate());
for (const name of ["person", "phone", "close", "shield", "down"]) {
  for (const place of document.querySelectorAll(`[data-icon=${name}]`)) place.prepend(icon(name));
}
const composer = new Composer({
  form: byId("composer"),
  drafts: tabStore(),
  fileLimit: () => conversation.limits.max_bytes,
  onSend: (text) => conversation.send(text, photo.take()),
  onFile: (file) => conversation.sendRecording(file),
  onPhoto: (file) => photo.choose(file),
});
const photo = new PhotoView({
  place: document.querySelector(".photo"),
  consent,
  say: (words) => composer.say(words),
});
consent.addEventListener("change", () => {
  composer.takesPhotos = photo.isAllowed;
});
const voice = new VoiceView({
  form: byId("composer"),
  playback: conversation.playback,
  limits: () => conversation.limits,
  storage: local,
  onSend: (file, seconds) => conversation.sendRecording(file, seconds),
  onEnd: () => composer.refresh(),
});
byId("composer").addEventListener("submit", () => voice.send());
const speaker = new Speaker({
  parts: async (id, signal) => (await api.speech(session.current, id, signal)).parts,
  sound: (id, index, signal) => api.sentence(session.current, id, index, signal),
  // Buttons that cannot be pressed any more are not read.
  mayRead: (id, { part }) => part !== "buttons" || conversation.store.isLatest(id),
});
const listen = new ListenView({
  log: byId("log"),
  close: byId("close"),
  form: byId("composer"),
  speaker,
  conversation,
  storage: local,
  mayBegin: () => shown && !voice.isActive && !call.isActive,
  notice: (text) => log.addNotice(text),
});
const log = new LogView({ log: byId("log"), newer: byId("newer"), conversation, acts });
const status = new StatusView({ status: byId("status"), line: byId("line"), person: byId("person"), conversation });
const consentView = new ConsentView({
  sheet: byId("consent"),
  line: byId("privacy"),
  page: document.querySelector(".chat"),
  consent,
  onClosed: ({ firstTime, focused }) => {
    if (firstTime) session.markAsked();
    if (!focused) composer.focus();
  },
  onNotice: (text) => log.addNotice(text),
});
const callApi = new CallApi();
const call = new Call({ api: callApi, session: () => session.current, sound: byId("call-sound") });
const callView = new CallView({
  panel: byId("call"),
  begin: byId("call-begin"),
  page: document.querySelector(".chat"),
  log: byId("log"),
  call,
  consent,
  conversation,
  acts,
  onNotice: (text) => log.addNotice(text),
  onBegin: () => {
    consentView.close();
    if (voice.isOpen) voice.cancel();
  },
});
call.addEventListener("state", () => announceLog());
// A voice process that was down when the page came may be up by now.
setInterval(() => isOnline() && byId("call-begin").hidden && !call.isActive && offerCall(), OFFER_AGAIN_MS);
conversation.addEventListener("call", ({ detail }) => call.heardOf(detail));
const help = new HelpView({ place: byId("help"), onAnswer: (accepted) => (accepted ? beginHelp() : composer.focus()) });
const steps = new Steps({
  api,
  session,
  consent,
  storage: tabStore(),
  isIdle,
  onHelp: () => (shown ? help.offer() : host.send("offer-help")),
});
consent.addEventListener("change", () => {
  tellHost();
  if (!consent.granted.behaviour) takeHelpBack();
});
window.addEventListener("pagehide", () => steps.flush());

conversation.addEventListener("message", (event) => {
  lastSaid = performance.now();
  byId("welcome").hidden = conversation.store.all().length > 0;
  log.refresh();
  countUnread(conversation.store.get(event.detail));
});
conversation.addEventListener("owner", () => {
  status.refresh();
  if (conversation.owner !== "bot") takeHelpBack();
});
conversation.addEventListener("line", () => {
  if (isOnline() && !call.isActive) void offerCall();
  status.refreshLine();
  log.refresh();
});
conversation.addEventListener("typing", (event) => log.setTyping(event.detail));
conversation.addEventListener("notice", (event) => log.addNotice(event.detail));
conversation.addEventListener("consent", (event) => event.detail && consent.take(event.detail));
conversation.addEventListener("synced", () => {
  isSynced = true;
  announceLog();
});
conversation.addEventListener("begun", ({ detail }) => {
  if (detail.fresh) consent.take({});
  if (detail.fresh) call.hangUp();
  accountLinks.refresh();
  if (detail.fresh) askConsent();
  if (shown) focusFirst();
});
conversation.addEventListener("may-ask", ({ detail }) => detail && askConsent());
byId("welcome").append(welcome((text) => conversation.send(text)));
const accountLinks = new AccountLinks({ links: document.querySelectorAll("[data-account]"), session, host });
byId("close").hidden = !host.embedded;
byId("close").addEventListener("click", leave);
byId("person").addEventListener("click", () => consentView.close());
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  // A slip of the finger ends no call and hides none.
  if (voice.isOpen) voice.cancel();
  else if (consentView.isOpen) consentView.close();
  else if (listen.isReading) listen.stop();
  else if (call.isActive) call.stopTalking();
  else leave();
});
window.addEventListener("beforeunload", (event) => {
  if (conversation.hasUnsentFiles || voice.isActive || call.isActive) event.preventDefault();
});
conversation.open();

function show({ focus }) {
  shown = true;
  unread = 0;
  host.send("unread", { count: 0 });
  log.refresh();
  if (focus) focusFirst();
}

function leave() {
  if (!host.embedded) return;
  shown = false;
  listen.stop();
  call.hangUp("hidden");
  host.send("close");
}

/** Nobody is speaking here: an offer of help would interrupt nothing. */
function isIdle() {
  if (conversation.owner !== "bot") return false;
  return !shown || (performance.now() - lastSaid > RESTS_MS && composer.isEmpty && !voice.isActive && !call.isActive && !consentView.isOpen);
}

function beginHelp() {
  log.addNotice(t("helpBegin"));
  composer.focus();
}

function takeHelpBack() {
  help.hide();
  host.send("withdraw-help");
}

/** The widget notices steps only while this says so. */
function tellHost() {
  if (consent.known) host.send("behaviour", { on: consent.granted.behaviour });
}

/** By itself only once, and never in a bad moment: the privacy line opens it at any time. */
function askConsent() {
  if (session.current.asked || consentView.isOpen) return;
  consentView.open({ firstTime: true });
  if (shown) consentView.focus();
}

function focusFirst() {
  if (consentView.isOpen) consentView.focus();
  else composer.focus();
}

function countUnread(message) {
  if (shown || !message || message.author === "customer") return;
  if (!isSynced) return; // History is not news.
  unread += 1;
  host.send("unread", { count: unread });
}

function isOnline() {
  return conversation.line.name === "online";
}

/** What a call speaks is not announced as well: two voices at once are understood by nobody. */
function announceLog() {
  byId("log").setAttribute("aria-live", isSynced && !callView.isHeard ? "polite" : "off");
}

/** A full house has a button, which says so: the next moment a line may be free. */
async function offerCall() {
  try {
    const { available, because } = await callApi.settings(session.current);
    callView.offer(available === true || because === "calls_full");
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    callView.offer(false); // A server without calls, or none at all just now; the next line up asks again.
  }
}

function setTitle(title) {
  byId("title").textContent = title;
  document.title = title;
}

function itemOf({ id, title, price, currency }) {
  return { id, title, price, currency };
}
