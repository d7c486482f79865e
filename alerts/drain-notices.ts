import type { DrainOverdueReason, Exposure } from "../core/ledger.ts";
import { secondsText } from "../core/length-text.ts";
import type { Notice } from "../core/notice.ts";
import type { DrainState } from "../lifecycle/drain.ts";
import { finishNotice, type NoticeContext, scopeOf } from "./notice-draft.ts";

type Proven = Extract<DrainState, { readonly state: "proven" }>;
type Overdue = Extract<DrainState, { readonly state: "overdue" }>;

const LOOK = "Do now: check that the app is up, that its spans arrive, and what its instances serve.";

/** What is seen, and what a person can do about it. */
const OVERDUE: Readonly<Record<DrainOverdueReason, readonly [seen: string, advice: (instances: string) => string]>> = {
  "canary-calls": [
    "Canary calls still arrive",
    (instances) => `Do now: restart or stop these instances, they do not follow the flag: ${instances || "unknown"}.`,
  ],
  "too-little-traffic": ["Too few calls arrived since to prove that canary calls stopped", () => LOOK],
  "no-traffic": ["No calls arrived since, which proves nothing", () => LOOK],
  "not-measured": ["The spans could not be read, so nothing is known", () => LOOK],
};

/** `page`: the flag is off and canary calls did not provably stop. Id: `<incident>/page/not-rolled-back`. */
export const notRolledBackNotice = (context: NoticeContext, drain: Overdue, flippedAt: number): Notice => {
  const { name } = context.migration;
  const instances = drain.instances.join(", ");
  // The ledger may have the reason of a newer version.
  const [seen, advice] = OVERDUE[drain.reason] ?? [`There is no proof (${drain.reason})`, () => LOOK];
  return finishNotice(context, {
    type: "page",
    // The rollback opened the incident.
    phase: "update",
    id: `${scopeOf(context)}/page/not-rolled-back`,
    title: `NOT ROLLED BACK: ${name}: ${seen.toLowerCase()}`,
    summary: [
      `The flag was set to the baseline ${secondsText(context.at - flippedAt)} ago. ${seen}.`,
      advice(instances),
      "The agent keeps watching and says when the drain is proven.",
    ],
    facts: [
      ["Instances", instances || "none known"],
      ["Canary calls since the flip", String(drain.exposure?.canaryCalls ?? "unknown")],
      ["Baseline calls", String(drain.exposure?.baselineCalls ?? "unknown")],
    ],
  });
};

/** Behind the first of its kind in an incident comes its number. */
const nth = (returns: number): string => (returns === 0 ? "" : `/${returns}`);

/**
 * `page`: canary calls that started after the proof. It opens the incident again, whose end was told. Id:
 * `<incident>/page/canary-returned/<returns>`.
 */
export const canaryReturnedNotice = (
  context: NoticeContext,
  { exposure, returns }: { readonly exposure: Exposure; readonly returns: number },
): Notice => {
  const { name, route } = context.migration;
  const instances = exposure.instances.join(", ");
  return finishNotice(context, {
    type: "page",
    id: `${scopeOf(context)}/page/canary-returned${nth(returns)}`,
    title: `NOT ROLLED BACK: ${name}: canary calls are back after the drain was proven`,
    summary: [
      `${exposure.canaryCalls} canary calls started after the spans had proven that they stopped.`,
      `Something serves the candidate again: an old cache, a restarted or newly deployed instance, or another copy of flag ${route.flag}.`,
      `Do now: look at these instances, and restart or stop them: ${instances || "unknown"}.`,
      "The flag is read and switched off again while the migration is latched; a message says when a drain is proven anew.",
    ],
    facts: [
      ["Instances", instances || "none known"],
      ["Canary calls since the proof", String(exposure.canaryCalls)],
      ["Flag", `${route.flag} (${route.target})`],
    ],
  });
};

/** `drained`: the spans prove that canary calls stopped. Id: `<incident>/drained`. Times are epoch ms. */
export const drainedNotice = (
  context: NoticeContext,
  {
    decidedAt,
    flippedAt,
    drain,
    returns,
  }: { readonly decidedAt: number; readonly flippedAt: number; readonly drain: Proven; readonly returns: number },
): Notice => {
  const { name } = context.migration;
  const last = drain.lastCanaryStart;
  const lastText = last === null ? "none" : `${secondsText(last - flippedAt)} after the flip`;
  const { baselineCalls } = drain.exposure;
  return finishNotice(context, {
    type: "drained",
    id: `${scopeOf(context)}/drained${nth(returns)}`,
    title: `Drained ${name}: canary calls stopped, proven from the spans`,
    summary: [
      `From the decision to the flip ${secondsText(flippedAt - decidedAt)}; last canary call after the flip: ${lastText}.`,
      `Since then ${baselineCalls} baseline calls and no canary call.`,
      `The migration stays latched. Find the cause, then: leeway rearm ${name}.`,
    ],
    facts: [
      ["Decision to flip", secondsText(flippedAt - decidedAt)],
      ["Last canary call", lastText],
      ["Proven", `${secondsText(drain.provenAt - flippedAt)} after the flip`],
      ["Chance of this without a drain", drain.probability.toExponential(1)],
    ],
  });
};
