/** The server refused, or could not be reached. code and retryable as in the API's one error shape; retryAfterS: seconds or null. */
export class ApiError extends Error {
  constructor({ code, message, retryable = false, status = 0, retryAfterS = null }) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.retryable = retryable;
    this.status = status;
    this.retryAfterS = retryAfterS;
  }

  /** The conversation does not exist for this token: expired, erased or foreign. */
  get isGone() {
    return this.status === 401 || this.status === 403 || this.status === 404 || this.status === 410;
  }
}

const TIMEOUT_MS = 15_000;

/**
 * One call of the web API; answers its JSON, null without one. Raises ApiError, and nothing else.
 *
 * options: token of a conversation, without which the cookie of whoever is signed in counts; json or body with type;
 * signal (AbortSignal); keepalive; as: "json", "bytes" (ArrayBuffer) or "file" ({blob, name}).
 */
export async function request(address, { method = "GET", token, json, body, type, signal, as = "json", keepalive = false } = {}, timeoutMs = TIMEOUT_MS) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (json) headers["Content-Type"] = "application/json";
  if (type) headers["Content-Type"] = type;
  let response;
  try {
    response = await fetch(address, {
      method,
      headers,
      body: json ? JSON.stringify(json) : body,
      cache: "no-store",
      credentials: token ? "omit" : "same-origin",
      keepalive,
      signal: firstOf(AbortSignal.timeout(timeoutMs), signal),
    });
  } catch {
    throw new ApiError({ code: "unreachable", message: "", retryable: true });
  }
  const answer = await contentOf(response, response.ok ? as : "json").catch(() => null);
  if (response.ok) return answer;
  const error = answer?.error ?? {};
  throw new ApiError({
    code: typeof error.code === "string" ? error.code : `http_${response.status}`,
    message: typeof error.message === "string" ? error.message : "",
    retryable: error.retryable ?? response.status >= 500,
    status: response.status,
    retryAfterS: Number(response.headers.get("Retry-After")) || null,
  });
}

async function contentOf(response, as) {
  if (as === "bytes") return response.arrayBuffer();
  if (as === "file") return { blob: await response.blob(), name: fileName(response.headers.get("Content-Disposition")) };
  return response.json();
}

/** The name that the server gives a file, without any folder; null when it gives none. */
function fileName(disposition) {
  return /filename="?([A-Za-z0-9._-]+)"?/.exec(disposition ?? "")?.[1] ?? null;
}

/** A signal that ends with either; AbortSignal.any is younger than the browsers that phones have. */
function firstOf(one, other) {
  if (!other) return one;
  if (AbortSignal.any) return AbortSignal.any([one, other]);
  const both = new AbortController();
  for (const signal of [one, other]) signal.addEventListener("abort", () => both.abort());
  return both.signal;
}
