/** Where the chat keeps its conversation; the account page finds a guest's there. */
export const CONVERSATION_KEY = "attune.conversation";

/**
 * Browser storage that never throws.
 *
 * Private windows, blocked third-party storage and a full quota make the browser's own storage raise; the chat
 * then works on memory and simply forgets when the page closes.
 */
export function openStorage(area) {
  const memory = new Map();
  return {
    get(key) {
      try {
        const value = area.getItem(key);
        if (value !== null) return value;
      } catch {
        // Forbidden by the browser: memory answers.
      }
      return memory.get(key) ?? null;
    },
    set(key, value) {
      try {
        area.setItem(key, value);
        memory.delete(key);
      } catch {
        memory.set(key, value);
      }
    },
    remove(key) {
      memory.delete(key);
      try {
        area.removeItem(key);
      } catch {
        // It was never there.
      }
    },
    keys(prefix) {
      const found = new Set([...memory.keys()].filter((key) => key.startsWith(prefix)));
      try {
        for (let i = 0; i < area.length; i += 1) {
          const key = area.key(i);
          if (key?.startsWith(prefix)) found.add(key);
        }
      } catch {
        // Memory alone.
      }
      return [...found];
    },
    /** The value as JSON; null when absent or not ours. */
    getJson(key) {
      try {
        return JSON.parse(this.get(key));
      } catch {
        return null;
      }
    },
    setJson(key, value) {
      this.set(key, JSON.stringify(value));
    },
  };
}

/** The storage that survives closing the tab; memory where even its name is forbidden. */
export function localStore() {
  return openStorage(safeArea("localStorage"));
}

/** The storage of this tab alone. */
export function tabStore() {
  return openStorage(safeArea("sessionStorage"));
}

function safeArea(name) {
  try {
    return window[name];
  } catch {
    return null;
  }
}
