/** Every word that the chat page shows. One table per language; a missing word falls back to English. */
const TABLES = {
  en: {
    title: "Customer care",
    close: "Close chat",
    person: "Talk to a person",
    personWaiting: "Person called",
    personHere: "With a person",
    personRequest: "I would like to talk to a person.",
    log: "Conversation",
    composer: "Your message",
    composerHint: "Write a message",
    send: "Send message",
    attach: "Send a voice recording (audio file)",
    newer: "New messages",
    statusBot: "Our automated assistant",
    statusWaiting: "Waiting for a person. Your messages are kept.",
    statusAgent: "{name} is answering.",
    statusAgentUnnamed: "A member of our team is answering.",
    lineConnecting: "Connecting …",
    lineReconnecting: "Connection lost. Reconnecting … Your messages are kept.",
    lineOffline: "You are offline. You can go on writing; messages are sent when you are back.",
    lineBack: "Connected again.",
    welcomeTitle: "Hello. What can we do for you?",
    welcomeText: "Ask about an order, a delivery, a return or a product. You can ask for a person at any time.",
    starterOrder: "Where is my order?",
    starterReturn: "I want to return something",
    starterProduct: "Help me choose a product",
    aboutItem: "Ask about “{title}”",
    aboutItemText: "I have a question about the {title}: ",
    removeAbout: "Do not ask about this product",
    authorCustomer: "You",
    authorBot: "Assistant",
    authorAgent: "{name}",
    authorAgentUnnamed: "Our team",
    typing: "The assistant is writing",
    sending: "Sending …",
    waitingToSend: "Waiting for the connection",
    uploading: "Sending your recording …",
    audioMessage: "Voice recording: {name}",
    transcript: "This is what we heard in your recording.",
    tryAgain: "Try again",
    edit: "Edit",
    remove: "Remove",
    refusedUnknown: "This message could not be sent.",
    refusedUnreachable: "The service could not be reached.",
    tooLong: "Your text has {count} characters; a message can have {limit}. Please shorten it or send it in parts.",
    counter: "{left} characters left",
    notAudio: "“{name}” is not an audio file. Please choose a recording, for example wav, mp3, ogg, flac or webm.",
    audioEmpty: "“{name}” is empty. Please choose another recording.",
    audioTooLarge: "“{name}” is larger than {limit} MB. Please choose a shorter recording.",
    quickReplies: "Suggested answers",
    suggestions: "Suggested products",
    view: "View",
    addToCart: "Add to cart",
    added: "Added to cart",
    viewItem: "View {title}",
    addItem: "Add {title} to cart",
    today: "Today",
    yesterday: "Yesterday",
    expired: "Your earlier conversation has ended or was deleted. This is a new one; what you had not sent yet is sent here.",
    failed: "Something did not work. {message}",
    privacyOff: "Mood sensing is off",
    privacyText: "Mood sensing: from text",
    privacyVoice: "Mood sensing: from voice",
    privacyBoth: "Mood sensing: text and voice",
    privacyChange: "Privacy",
    privacyTurnOff: "Turn off",
    consentTitle: "May we notice how you feel?",
    consentNotice:
      "You are talking to a program. If you allow it, it estimates from your messages how you feel, to explain more slowly, to leave out offers, or to call a person sooner. The estimate is often wrong, is seen only by our service team, and is never used for anything else.",
    consentText: "From what I write",
    consentTextHint: "Your words are assessed when you send them.",
    consentVoice: "From my voice",
    consentVoiceHint: "Only recordings you send. The sound is deleted after the answer.",
    consentFree: "Everything works without them, and you can change this at any time.",
    consentState: "What you switch off here is off from your next message on, and earlier estimates are deleted.",
    consentDecline: "No to both",
    consentContinue: "Continue",
    consentDone: "Done",
    consentSaved: "Saved.",
    consentFailed: "Not saved: {message} Nothing has changed.",
    consentOffline: "the service could not be reached.",
    consentWithdrawn: "Turned off. Nothing is assessed from your next message on.",
    sensedOpen: "What was sensed",
    sensedClose: "Hide",
    sensedLoading: "Looking …",
    sensedNotAllowed: "Nothing was assessed, because you have not allowed it.",
    sensedNothing: "Nothing was assessed in this message: there was too little to judge, or it was sent before you allowed it.",
    sensedNotYet: "This message has not been looked at yet.",
    sensedPerson: "Nothing was assessed: a person reads this message, not the assistant.",
    sensedFailed: "This could not be loaded. {message}",
    sensedReading: "This message read as {label} ({percent} % sure).",
    sensedUncertain: "This message may read as {label}, but at {percent} % the assistant does not rely on it.",
    sensedMixed: "Your words and your voice gave different signs, so no single feeling was assumed ({percent} % sure).",
    sensedLevel: "Frustration so far: {level} ({number} of 100).",
    sensedFrom: "Estimated from your {signals}.",
    sensedCare: "A program's estimate. It is often wrong.",
    levelLow: "low",
    levelSome: "slight",
    levelRaised: "raised",
    levelHigh: "high",
    signal_text: "words",
    signal_voice: "voice",
    and: " and ",
    label_anger: "annoyed",
    label_disgust: "put off",
    label_fear: "worried",
    label_happiness: "pleased",
    label_sadness: "disappointed",
    label_surprise: "surprised",
    label_neutral: "neutral",
  },
};

const [language, region] = pickLanguage();

/** The page's language, for `lang`. */
export const LANGUAGE = language;

/** The customer's own form of that language ("en-GB"), for times and prices. */
export const REGION = region;

/** The words for a key, with {name} places filled in. */
export function t(key, places = {}) {
  const words = TABLES[language][key] ?? TABLES.en[key];
  if (words === undefined) throw new Error(`no words for ${key}`);
  return words.replace(/\{(\w+)\}/g, (whole, name) => (name in places ? String(places[name]) : whole));
}

function pickLanguage() {
  for (const tag of globalThis.navigator?.languages ?? []) {
    const found = tag.slice(0, 2).toLowerCase();
    if (Object.hasOwn(TABLES, found)) return [found, tag];
  }
  return ["en", "en-IE"];
}
