import { cutOff } from "../traffic/reply.ts";
import { hitting, type Regression, withText } from "./regression.ts";

/** The same text takes more tokens: another tokenizer. */
export const moreTokens: Regression = hitting(
  1,
  () => true,
  (call) => ({ ...call, completionTokens: Math.round(call.completionTokens * 1.15) }),
);

/** About the 95th percentile of the traffic's durations; from here on calls are delayed. */
const TAIL_MS = 1250;
const EXTRA_MS = 500;

/** The slowest calls are slower still: the median keeps, the 99th percentile is half a second later. */
export const slowTail: Regression = hitting(
  1,
  ({ durationMs }) => durationMs > TAIL_MS,
  (call) => {
    const extraMs = EXTRA_MS * Math.min(1, (call.durationMs - TAIL_MS) / 150);
    return { ...call, durationMs: call.durationMs + extraMs, firstContentMs: call.firstContentMs + extraMs / 2 };
  },
);

/** One answer in twenty is cut at the token limit. */
export const truncation: Regression = hitting(
  0.05,
  ({ reply }) => reply.text !== null,
  (call, draw) => {
    const reply = cutOff(call.reply, 0.3 + 0.6 * draw.uniform());
    return { ...withText(call, reply.text ?? ""), reply };
  },
);

/** One call in five of one tenant tier fails. */
export const errorsInEnterprise: Regression = hitting(
  0.2,
  ({ tier }) => tier === "enterprise",
  (call, draw) => ({ ...call, errorType: draw.weighted({ "429": 0.2, "500": 0.7, timeout: 0.1 }) }),
);
