import type { DrainOverdueReason, Exposure, ProvenSender } from "../core/ledger.ts";
import { secondsText } from "../core/length-text.ts";
import type { Notice } from "../core/notice.ts";
import { senderText } from "../core/sender-calls.ts";
import { utcSecond } from "../core/utc-text.ts";
import type { DrainState } from "../lifecycle/drain.ts";
import type { RollbackCause } from "../lifecycle/news.ts";
import { causeText, evidenceHint, modelFacts } from "./cause-text.ts";
import { finishNotice, type NoticeContext, scopeOf } from "./notice-draft.ts";

type Proven = Extract<DrainState, { readonly state: "proven" }>;
type Overdue = Extract<DrainState, { readonly state: "overdue" }>;

const LOOK = "Check that the app is up, that its spans arrive, and what its instances serve.";

const LOOK_AT = (instances: string): string => (instances === "" ? LOOK : `${LOOK} Not proven silent: ${instances}.`);

/** What is seen, and what a person can do about it. Sentences without "Do now", which is their heading. */
const OVERDUE: Readonly<Record<DrainOverdueReason, readonly [seen: string, advice: (instances: string) => string]>> = {
  "canary-calls": [
    "Canary calls still arrive",
    (instances) => `Restart or stop these instances, they do not follow the flag: ${instances || "unknown"}.`,
  ],
  "late-calls": [
    "Calls arrive so late that what was done after the flip cannot be told yet",
    (instances) =>
      `Look at the clocks and the exporters of these instances, and what they serve: ${instances || "unknown"}.`,
  ],
  "too-little-traffic": ["Too few calls arrived since to prove that canary calls stopped", LOOK_AT],
  "no-traffic": ["No calls arrived since, which proves nothing", () => LOOK],
  "not-measured": ["The spans could not be read, so nothing is known", () => LOOK],
};

const callsText = (calls: number | undefined, arm: string): string => `${calls ?? "an unknown number of"} ${arm} calls`;

/** `page`: the flag is off and canary calls did not provably stop. Id: `<incident>/page/not-rolled-back`. */
export const notRolledBackNotice = (
  context: NoticeContext,
  cause: RollbackCause,
  drain: Overdue,
  flippedAt: number,
): Notice => {
  const { name, candidate, route } = context.migration;
  const why = causeText(context, cause);
  const instances = drain.instances.join(", ");
  // The ledger may have the reason of a newer version.
  const [seen, advice] = OVERDUE[drain.reason] ?? [`There is no proof (${drain.reason})`, () => LOOK];
  return finishNotice(context, {
    type: "page",
    isUrgent: true,
    // The rollback opened the incident.
    phase: "update",
    id: `${scopeOf(context)}/page/not-rolled-back`,
    title: `NOT ROLLED BACK: ${name}: ${seen.toLowerCase()}`,
    summary: [
      `The flag was set to the baseline ${secondsText(context.at - flippedAt)} ago. ${seen}.`,
      `Users may still get ${candidate.model}.`,
      `Why: ${why.happened}`,
    ],
    done: [
      `Flag ${route.flag} (${route.target}) was set to the baseline at ${utcSecond(flippedAt)} UTC and was read back.`,
      "The agent keeps watching, and says when it is proven that canary calls stopped.",
    ],
    proof: [
      `No. Since the flip: ${callsText(drain.exposure?.canaryCalls, "canary")}, ${callsText(drain.exposure?.baselineCalls, "baseline")}.`,
    ],
    next: [advice(instances), `See what the flag serves: \`leeway flag ${name}\`.`, evidenceHint(why.explain)],
    facts: [
      ["Instances", instances || "none known"],
      ["Canary calls since the flip", String(drain.exposure?.canaryCalls ?? "unknown")],
      ["Baseline calls", String(drain.exposure?.baselineCalls ?? "unknown")],
      ["Flag", `${route.flag} (${route.target})`],
      ...why.facts,
      ...modelFacts(context.migration),
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
  {
    cause,
    exposure,
    returns,
  }: { readonly cause: RollbackCause; readonly exposure: Exposure; readonly returns: number },
): Notice => {
  const { name, candidate, route } = context.migration;
  const why = causeText(context, cause);
  const instances = exposure.instances.join(", ");
  return finishNotice(context, {
    type: "page",
    isUrgent: true,
    id: `${scopeOf(context)}/page/canary-returned${nth(returns)}`,
    title: `NOT ROLLED BACK: ${name}: canary calls are back after the drain was proven`,
    summary: [
      `${exposure.canaryCalls} canary calls started after the spans had proven that they stopped.`,
      `Something serves ${candidate.model} again: an old cache, a restarted or newly deployed instance, or another copy of flag ${route.flag}.`,
      `Why: ${why.happened}`,
    ],
    done: [
      "The flag is written to the baseline once more, and kept there while the migration is latched.",
      "A message says when it is proven anew that canary calls stopped.",
    ],
    proof: ["No, not any more."],
    next: [`Look at these instances, and restart or stop them: ${instances || "unknown"}.`],
    facts: [
      ["Instances", instances || "none known"],
      ["Canary calls since the proof", String(exposure.canaryCalls)],
      ["Flag", `${route.flag} (${route.target})`],
      ...why.facts,
      ...modelFacts(context.migration),
    ],
  });
};

/** Those of whom nothing at all came in: they may be gone, or may not have come to speak. */
const silentText = (senders: readonly ProvenSender[]): string => {
  const silent = senders.filter(({ muteMs }) => muteMs > 0);
  const named = silent.slice(0, MAX_NAMED).map((sender) => {
    return `${senderText(sender)} (${secondsText(sender.muteMs)}, waited ${secondsText(Math.max(0, sender.mostDelayMs))} for late calls)`;
  });
  const more = silent.length > named.length ? ` and ${silent.length - named.length} more` : "";
  return named.length === 0 ? "" : `Silent, and heard of no more: ${named.join(", ")}${more}.`;
};

/** More silent instances than this are counted. */
const MAX_NAMED = 5;

/** `drained`: the spans prove that canary calls stopped. Id: `<incident>/drained`. Times are epoch ms. */
export const drainedNotice = (
  context: NoticeContext,
  {
    decidedAt,
    flippedAt,
    drain,
    returns,
    isAbandoned = false,
  }: {
    readonly decidedAt: number;
    readonly flippedAt: number;
    readonly drain: Proven;
    readonly returns: number;
    readonly isAbandoned?: boolean;
  },
): Notice => {
  const { name, candidate } = context.migration;
  const last = drain.lastCanaryStart;
  const lastText = last === null ? "none" : `${secondsText(last - flippedAt)} after the flip`;
  const { baselineCalls } = drain.exposure;
  const silent = silentText(drain.senders ?? []);
  return finishNotice(context, {
    type: "drained",
    id: `${scopeOf(context)}/drained${nth(returns)}`,
    title: `${isAbandoned ? "Abandoned, and proven" : "Rollback proven"}: ${name}: canary calls have stopped`,
    summary: [
      `${isAbandoned ? "It is over" : "The rollback works"}: ${candidate.model} gets no more calls of ${name}.`,
    ],
    done: [
      `From the decision to the flip ${secondsText(flippedAt - decidedAt)}. The migration stays latched: the canary stays off.`,
    ],
    proof: [
      `Yes, by the spans: ${last === null ? "no canary call began after the flip" : `the last canary call began ${lastText}`}; since then ${baselineCalls} baseline calls and no canary call.`,
      silent,
    ],
    next: isAbandoned
      ? ["Take the migration, its flag and the candidate's code away when you like."]
      : [
          `Nothing that cannot wait for the morning. Find the cause: \`leeway explain ${name}\`.`,
          `When it is mended, start again at the first stage: \`leeway rearm ${name}\`.`,
        ],
    facts: [
      ["Decision to flip", secondsText(flippedAt - decidedAt)],
      ["Last canary call", lastText],
      ["Proven", `${secondsText(drain.provenAt - flippedAt)} after the flip`],
      ["Chance of this without a drain", drain.probability.toExponential(1)],
      ...modelFacts(context.migration),
    ],
  });
};
