import { randomBytes } from "node:crypto";
import { exportRequest } from "../decision/spans.ts";

const IDS = /"(?:traceId|spanId)":"([0-9a-f]+)"/g;

/** Makes bodies of one size, each of other calls, for next to nothing: a sender must not be what limits the load. */
export const createRequestTemplate = (service: string, spans: number): (() => Buffer) => {
  const run = randomBytes(4).toString("hex");
  let [made, nth] = [0, 0];
  let body = Buffer.alloc(0);
  let places: readonly { readonly at: number; readonly length: number }[] = [];
  const renew = (): void => {
    made = Date.now();
    const calls = Array.from({ length: spans }, (_, call) => ({
      service,
      cohort: call % 5 === 0 ? ("canary" as const) : ("baseline" as const),
      failed: false,
      endedAt: made - call,
    }));
    const text = exportRequest(calls);
    places = [...text.matchAll(IDS)].map((match) => ({
      at: match.index + match[0].length - 1 - (match[1] ?? "").length,
      length: (match[1] ?? "").length,
    }));
    body = Buffer.from(text);
  };
  return () => {
    if (Date.now() - made > 500) renew();
    const copy = Buffer.from(body);
    for (const { at, length } of places) {
      nth += 1;
      copy.write((run + nth.toString(16).padStart(8, "0")).padStart(length, "0"), at, "latin1");
    }
    return copy;
  };
};
