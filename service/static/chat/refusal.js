import { t } from "./strings.js";

/** An error of the server or of the network, in words and ready to be kept: {code, message, retryable}. */
export function refusalOf(error) {
  const unknown = error.code === "unreachable" ? t("refusedUnreachable") : t("refusedUnknown");
  return { code: error.code ?? "unknown", message: error.message || unknown, retryable: error.retryable !== false };
}
