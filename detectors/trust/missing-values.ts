import type { Arm } from "../../core/cohort.ts";
import { ZERO_BUCKET } from "../../core/histogram.ts";
import type { Migration, Rule } from "../../core/migration.ts";
import { fixedPercent } from "../../core/percent.ts";
import { OVERALL, type Sample, type Tick } from "../../core/sample.ts";
import type { SignalName } from "../../core/signals.ts";
import { propLower, propUpper } from "../stats/one-sample.ts";
import { ARMS, callsIn, eachArm, OTHER_ARM } from "./arms.ts";
import { type Due, dueOf, signalOfRule } from "./due-values.ts";
import { createNewestCalls, type NewestCalls } from "./newest-calls.ts";
import type { TrustPart } from "./trust-part.ts";

/** What tells that a call was counted, where its cost is not known. */
const TOKENS = "tokens_total";

/** Probability with which a bound is ever wrong: of the shares that are compared. */
const ALPHA = 1e-4;
/** Calls without a value that one arm may have more than the other, of those that owe one. */
const ROOM = 0.05;
/** How many times as often a value may be known in one arm, where not every call owes one. */
const MAX_RATIO: Readonly<Record<Exclude<Due, "answered">, number>> = { asked: 3, chosen: 10, later: 10 };
/** A doubt stands until the newest calls are this near to what is let pass. */
const LET_GO = 0.5;
/** What becomes known later is waited for this long after the first of it. */
const PATIENCE_MS = 3_600_000;
const OF_CALLS = { minCalls: 500, minMs: 600_000 };
const OF_LATER = { minCalls: 500, minMs: 6 * PATIENCE_MS };

/** A signal that rules rest on, and the arms in which it must not be missing. */
interface Watched {
  readonly signal: SignalName;
  readonly due: Due;
  readonly arms: readonly Arm[];
}

/** Against a baseline both arms count; a number of the document is held against the canary's calls alone. */
const watchedBy = (rules: readonly Rule[]): readonly Watched[] => {
  const bySignal = Map.groupBy(rules, ({ signal }) => signalOfRule(signal));
  return [...bySignal].flatMap(([signal, about]) => {
    const due = dueOf(signal);
    const arms: readonly Arm[] = about.some(({ reference }) => reference === "baseline") ? ARMS : ["canary"];
    return due === null ? [] : [{ signal, due, arms }];
  });
};

/** Known values among the calls that owe one. */
interface Known {
  readonly calls: number;
  readonly known: number;
}

/** Whether `fewer` has a value of less of its calls than `more`, beyond what is let pass times `part`. */
const isOneSided = (due: Due, fewer: Known, more: Known, part: number): boolean => {
  if (fewer.calls === 0 || more.calls === 0 || fewer.known * more.calls >= more.known * fewer.calls) return false;
  const [least, most] = [fewer.known / fewer.calls, more.known / more.calls];
  if (due === "answered") {
    if (most - least <= part * ROOM) return false;
    const missing = propLower(fewer.calls - fewer.known, fewer.calls, ALPHA);
    return missing > propUpper(more.calls - more.known, more.calls, ALPHA) + part * ROOM;
  }
  const ratio = Math.max(1, part * MAX_RATIO[due]);
  if (least * ratio >= most) return false;
  return propUpper(fewer.known, fewer.calls, ALPHA) * ratio < propLower(more.known, more.calls, ALPHA);
};

/** Values that are missing in one arm. */
export interface MissingValues extends TrustPart {
  /** Arms whose history begins anew: what was counted of them was a part that was not drawn at random. */
  readonly changed: () => readonly Arm[];
}

const overall = ({ samples }: Tick, arm: Arm, signal: SignalName): Sample | undefined =>
  samples.find((sample) => sample.cohort === arm && sample.segment === OVERALL && sample.signal === signal);

/** Of these a call can have none: a clock that knows whole seconds, something that is free. Of the others 0 is not known. */
const MAY_BE_ZERO: readonly SignalName[] = ["latency_ms", "cost_usd"];

/** Calls with a value; of what no answered call can have none of, 0 stands for what is not known. */
const knownIn = (tick: Tick, arm: Arm, signal: SignalName): number => {
  const sample = overall(tick, arm, signal);
  const zeros = dueOf(signal) === "answered" && !MAY_BE_ZERO.includes(signal) ? (sample?.bins[ZERO_BUCKET] ?? 0) : 0;
  return (sample?.n ?? 0) - zeros;
};

/** Calls that neither failed nor were broken off, as far as the rate of errors tells. */
const answeredIn = (tick: Tick, arm: Arm): number => {
  const errors = overall(tick, arm, "error");
  return errors === undefined ? callsIn(tick, arm) : Math.max(0, errors.n - errors.sum);
};

/**
 * A signal that a rule rests on is known of much of one arm's calls and of little of the other's: streams without usage,
 * a client that tells no tokens, a candidate without a price. Those of which it is known are hardly like the rest.
 */
export const createMissingValues = ({
  rules,
  baseline,
  candidate,
}: Pick<Migration, "rules" | "baseline" | "candidate">): MissingValues => {
  const watched = watchedBy(rules);
  const ofCalls = createNewestCalls(OF_CALLS);
  const ofLater = createNewestCalls(OF_LATER);
  const firstLater = new Map<SignalName, number>();
  /** `signal arm` for what is doubted. */
  let found: ReadonlySet<string> = new Set();
  let changed: readonly Arm[] = [];
  let texts: readonly string[] = [];

  const windowOf = ({ due }: Watched): NewestCalls => (due === "later" ? ofLater : ofCalls);
  const knownOf = (each: Watched, arm: Arm): Known => {
    const calls = windowOf(each).calls(arm);
    return { calls, known: Math.min(calls, windowOf(each).sum(arm, each.signal)) };
  };

  const add = (tick: Tick): void => {
    for (const [window, isOfLater] of [
      [ofCalls, false],
      [ofLater, true],
    ] as const) {
      const about = watched.filter(({ due }) => (due === "later") === isOfLater).map(({ signal }) => signal);
      if (about.length === 0) continue;
      const signals = isOfLater ? about : [...new Set([...about, TOKENS] as const)];
      window.add(
        tick,
        eachArm((arm) => ({
          calls: isOfLater ? callsIn(tick, arm) : answeredIn(tick, arm),
          sums: new Map(signals.map((signal) => [signal, knownIn(tick, arm, signal)])),
        })),
      );
    }
    for (const { signal, due } of watched)
      if (due === "later" && !firstLater.has(signal) && ARMS.some((arm) => (overall(tick, arm, signal)?.n ?? 0) > 0))
        firstLater.set(signal, tick.to);
  };

  const isPatient = ({ signal, due }: Watched, now: number): boolean =>
    due === "later" && now < (firstLater.get(signal) ?? now + 1) + PATIENCE_MS;

  /** The model of an arm without a price looks like this: what is counted is known, and its cost is not. */
  const priceText = ({ signal }: Watched, arm: Arm): string => {
    const { calls } = knownOf({ signal, due: "answered", arms: [arm] }, arm);
    const counted = ofCalls.sum(arm, TOKENS);
    const { model } = arm === "canary" ? candidate : baseline;
    return signal === "cost_usd" && counted >= 0.5 * calls
      ? `; tokens are known, so that ${model} seems to have no price (agent.prices names a file of them)`
      : "";
  };
  const describe = (each: Watched, arm: Arm): string => {
    const [own, others] = [knownOf(each, arm), knownOf(each, OTHER_ARM[arm])];
    const what = each.due === "later" ? "" : "answered ";
    return `${each.signal} is known of ${fixedPercent(own.known / own.calls)} of the newest ${own.calls} ${what}${arm} calls and of ${fixedPercent(others.known / others.calls)} of ${others.calls} ${OTHER_ARM[arm]} calls${priceText(each, arm)}`;
  };

  return {
    step: (all) => {
      // Segments have nothing to say here, and are most of the samples.
      const tick = { ...all, samples: all.samples.filter(({ segment }) => segment === OVERALL) };
      add(tick);
      const before = found;
      const now = watched.flatMap((each) =>
        each.arms.flatMap((arm) => {
          const key = `${each.signal} ${arm}`;
          const part = before.has(key) ? LET_GO : 1;
          const isFound =
            !isPatient(each, tick.to) && isOneSided(each.due, knownOf(each, arm), knownOf(each, OTHER_ARM[arm]), part);
          return isFound ? [{ key, arm, text: describe(each, arm) }] : [];
        }),
      );
      const ended = [...before].filter((key) => !now.some((each) => each.key === key));
      // What has ended is told until the history begins anew, with the next tick.
      changed = ARMS.filter((arm) => ended.some((key) => key.endsWith(` ${arm}`)));
      if (ended.length === 0 || now.length > 0) texts = now.map(({ text }) => text);
      found = new Set(now.map(({ key }) => key));
    },
    changed: () => changed,
    doubt: () => texts.join("; ") || null,
    about: () => [...found].toSorted().join("+"),
  };
};
