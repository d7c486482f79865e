import type { Call } from "../traffic/call.ts";
import type { Draw } from "../traffic/draw.ts";

/** What a worse model does to one call of the canary. `draw` is the call's own, so that equal traffic is hit alike. */
export type Regression = (call: Call, draw: Draw) => Call;

/** A regression that hits a share of the calls that `concerns` picks out. */
export const hitting =
  (share: number, concerns: (call: Call) => boolean, hit: Regression): Regression =>
  (call, draw) =>
    call.errorType === null && concerns(call) && draw.chance(share) ? hit(call, draw) : call;

/** True for answers in words: no JSON, no tool call. */
export const isProse = ({ inputType, reply }: Call): boolean => inputType !== "extraction" && reply.text !== null;

/** True for JSON that was asked for and is there. */
export const isJson = ({ inputType, reply }: Call): boolean =>
  inputType === "extraction" && reply.text?.startsWith("{") === true && reply.finishReason === "stop";

/** The call with another text; tokens grow and shrink with it. */
export const withText = (call: Call, text: string): Call => {
  const before = call.reply.text?.length ?? 0;
  const ratio = before === 0 ? 1 : text.length / before;
  return {
    ...call,
    reply: { ...call.reply, text },
    completionTokens: Math.max(1, Math.round(call.completionTokens * ratio)),
    durationMs: call.firstContentMs + (call.durationMs - call.firstContentMs) * ratio,
  };
};

/** The call with its JSON changed, on one line or on many as it was. */
export const withJson = (call: Call, change: (order: Record<string, unknown>) => unknown): Call => {
  const text = call.reply.text ?? "{}";
  const changed = change(JSON.parse(text) as Record<string, unknown>);
  return withText(call, JSON.stringify(changed, null, text.includes("\n") ? 2 : 0));
};
