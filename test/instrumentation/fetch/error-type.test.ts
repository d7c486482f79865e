import { describe, expect, it } from "vitest";
import { errorType } from "../../../instrumentation/fetch/error-type.ts";

const failed = (code: string) => new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code }) });
const aborted = AbortSignal.abort();

describe("errorType", () => {
  it.each([
    ["a refused connection", failed("ECONNREFUSED"), null, 1, null, "ECONNREFUSED"],
    ["a broken connection", failed("UND_ERR_SOCKET"), null, 1, null, "UND_ERR_SOCKET"],
    ["a connect timeout", failed("UND_ERR_CONNECT_TIMEOUT"), null, 1, null, "timeout"],
    ["a silent provider", failed("UND_ERR_HEADERS_TIMEOUT"), null, 1, null, "timeout"],
    ["AbortSignal.timeout()", new DOMException("x", "TimeoutError"), null, 1, null, "timeout"],
    ["a caller who gave up", new DOMException("x", "AbortError"), aborted, 900, 1000, "aborted"],
    ["the SDK's timeout", new DOMException("x", "AbortError"), aborted, 1001, 1000, "timeout"],
    ["the SDK's timeout, fired early", new DOMException("x", "AbortError"), aborted, 998.7, 1000, "timeout"],
    ["an abort with a reason of the app", new Error("user left"), aborted, 1, null, "aborted"],
    [
      "a client that throws network errors as they are",
      Object.assign(new Error("x"), { code: "ECONNRESET" }),
      null,
      1,
      null,
      "ECONNRESET",
    ],
    [
      "an exception whose code is a sentence",
      Object.assign(new RangeError("x"), { code: "a SECRET" }),
      null,
      1,
      null,
      "RangeError",
    ],
    ["any other exception", new RangeError("SECRET"), null, 1, null, "RangeError"],
    ["a thrown string", "SECRET", null, 1, null, "unknown"],
  ])("%s", (_name, error, signal, elapsedMs, timeoutMs, expected) => {
    expect(errorType(error, signal, elapsedMs, timeoutMs)).toBe(expected);
  });
});
