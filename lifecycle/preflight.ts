import { type Audience, type Exposure, sameAudience } from "../core/audience.ts";
import type { Arm } from "../core/cohort.ts";
import { lengthText } from "../core/length-text.ts";
import type { Migration } from "../core/migration.ts";
import { DAY_MS } from "../core/retention.ts";
import type { Judgement } from "../core/verdict.ts";
import { BEFORE_FIRST, waitsForChecks } from "./approvals.ts";
import { exposureText } from "./exposure-text.ts";
import { notWaitedFor } from "./gate.ts";
import type { Retirement } from "./retirement-due.ts";
import { exposureOfStage, shareOfStage } from "./stages.ts";
import { desiredExposure, desiredShare, isDrilling, type MigrationState } from "./state.ts";
import type { WayBack } from "./way-back.ts";

/** What is looked at before more traffic goes to the candidate. */
export const PREFLIGHT_CHECKS = ["flag", "baseline", "sentinel", "spans", "segments", "signals", "drill"] as const;

/** One of them. */
export type PreflightName = (typeof PREFLIGHT_CHECKS)[number];

/** How one check ended. What was not measured is no pass: it is shown, and holds nothing. */
export interface PreflightCheck {
  readonly check: PreflightName;
  readonly outcome: "ok" | "failed" | "not-measured";
  /** What was found, and where it failed what to do: one line. */
  readonly line: string;
}

/** What a sentinel heard of a model in its newest run. Times are ms, moments epoch ms. */
export interface BaselineProbes {
  readonly monitor: string;
  /** How often it asks, on average. */
  readonly periodMs: number;
  /** Null where it has not asked for two periods, and before its first run. `error`: that of the last one that failed. */
  readonly newest: {
    readonly at: number;
    readonly asked: number;
    readonly answered: number;
    readonly error: string;
  } | null;
}

/** What the checks are made of; null = it was not read. */
export interface PreflightFacts {
  /** The route's own flag as its system has it. `mayWrite`: null = the system cannot tell. */
  readonly flag:
    | {
        readonly share: number;
        readonly audience?: Audience | null;
        readonly mayWrite: boolean | null;
        readonly because: string;
      }
    | { readonly problem: string }
    | null;
  /** Calls of the last hour per arm, baseline calls among them that were answered, and the segment names they carry. */
  readonly calls: {
    readonly perArm: Readonly<Record<Arm, number>>;
    readonly answered: number | null;
    readonly segments: readonly string[] | null;
  } | null;
  /** When the baseline is retired; null = unknown, or no day was announced. */
  readonly retirement: Retirement | null;
  /** What a sentinel heard of the baseline's model; "none" = none asks it. */
  readonly probes: BaselineProbes | "none" | null;
  /** The newest proof that the way back works, or does not; null = it was never tried. */
  readonly wayBack: WayBack | null;
}

type Answer = Omit<PreflightCheck, "check">;

const ok = (line: string): Answer => ({ outcome: "ok", line });
const failed = (line: string): Answer => ({ outcome: "failed", line });
const unmeasured = (line: string): Answer => ({ outcome: "not-measured", line });

/** `wanted`: null before the start, when it may serve anything. */
const ofFlag = ({ route }: Migration, wanted: Exposure | null, { flag }: PreflightFacts, isDrill: boolean): Answer => {
  const name = `flag ${route.flag} on ${route.target}`;
  if (isDrill) return unmeasured(`${name} is looked at again when the drill that is under way is over`);
  if (flag === null) return unmeasured(`${name} was not asked yet`);
  if ("problem" in flag)
    return failed(`${name} cannot be read: ${flag.problem}; see that ${route.target} is up and takes the token`);
  const isForOthers = wanted !== null && wanted.share > 0 && !sameAudience(flag.audience, wanted.audience);
  if (wanted !== null && (Math.abs(flag.share - wanted.share) > 1e-6 || isForOthers))
    return failed(
      `${name} serves ${exposureText(flag, wanted)} and was left at ${exposureText(wanted, flag)}: set it back, or pause the migration`,
    );
  if (flag.mayWrite === false)
    return failed(
      `${name} may not be written, so no rollback could be carried out: ${flag.because || "give the token the right to"}`,
    );
  const serves = wanted === null ? "can be read" : "serves what it was left at";
  return flag.mayWrite === null
    ? unmeasured(`${name} ${serves}; whether it may be written is not known: ${flag.because}`)
    : ok(`${name} ${serves}, and may be written`);
};

const ofBaseline = ({ baseline }: Migration, { calls, retirement }: PreflightFacts, now: number): Answer => {
  const { model } = baseline;
  if (retirement !== null && now >= Date.parse(retirement.retires))
    return failed(
      `the baseline ${model} is retired since ${retirement.retires} (${retirement.source}): there is nothing to roll back to; roll back to another model first, or name its own day in agent.models`,
    );
  if (calls === null || calls.answered === null || calls.perArm.baseline === 0)
    return unmeasured(`whether the baseline ${model} still answers is not known: no call of it in the last hour`);
  return calls.answered === 0
    ? failed(
        `none of the ${calls.perArm.baseline} baseline calls of the last hour was answered by ${model}: see whether it is up`,
      )
    : ok(`${calls.answered} of ${calls.perArm.baseline} baseline calls of the last hour were answered`);
};

/** It asks where nobody else does: a model that few calls go to any more may be down unseen. */
const ofSentinel = ({ baseline: { model } }: Migration, { probes }: PreflightFacts, now: number): Answer => {
  if (probes === null) return unmeasured(`what sentinels heard of the baseline ${model} could not be read`);
  if (probes === "none")
    return unmeasured(
      `no sentinel asks the baseline ${model}: one under monitors in leeway.yaml would (docs/monitors.md)`,
    );
  const { monitor, periodMs, newest } = probes;
  if (newest === null)
    return unmeasured(
      `sentinel ${monitor} has not asked the baseline ${model} lately, and asks every ${lengthText(periodMs)}: leeway status says why`,
    );
  const { asked, answered, error, at } = newest;
  const age = lengthText(Math.max(0, now - at));
  return answered === 0
    ? failed(
        `the baseline ${model} answered none of ${asked} probes of sentinel ${monitor} ${age} ago${error === "" ? "" : ` (${error})`}: see whether it is up`,
      )
    : ok(`the baseline ${model} answered ${answered} of ${asked} probes of sentinel ${monitor} ${age} ago`);
};

/** Where so many calls of an arm are to be expected, none comes by chance less than once in a thousand hours. */
const EXPECTED = 7;

/** Calls that this arm should have beside those of the other one; 0 where the share is of an audience of unknown size. */
const expectedCalls = (
  arm: Arm,
  { share, audience }: Exposure,
  { canary, baseline }: Readonly<Record<Arm, number>>,
) => {
  if (audience !== null && audience !== undefined) return 0;
  return arm === "canary" ? (baseline * share) / (1 - share) : (canary * (1 - share)) / share;
};

const ofSpans = (wanted: Exposure, { calls }: PreflightFacts): Answer => {
  if (calls === null) return unmeasured("the spans could not be read");
  const { canary, baseline } = calls.perArm;
  const { share } = wanted;
  const needed = [...(share > 0 ? ["canary" as const] : []), ...(share < 1 ? ["baseline" as const] : [])];
  const missing = needed.filter((arm) => calls.perArm[arm] === 0);
  const [one = "canary"] = missing;
  // Between no call at all and no call of one arm there is a quiet night.
  if (missing.length === 1 && needed.length === 2 && expectedCalls(one, wanted, calls.perArm) < EXPECTED)
    return unmeasured(
      `no ${one} call came in the last hour, and ${canary + baseline} of the other arm are too few to expect one`,
    );
  return missing.length === 0
    ? ok(`spans come in: ${canary} canary and ${baseline} baseline calls in the last hour`)
    : failed(
        `no ${missing.join(" and no ")} call came in the last hour: see that the app runs, loads the preload, and reaches the collector`,
      );
};

/** Before the first canary call: spans cannot come from a canary, and where none come in at all nothing is known yet. */
const ofFirstSpans = ({ calls }: PreflightFacts): Answer => {
  if (calls === null) return unmeasured("the spans could not be read");
  const { baseline } = calls.perArm;
  return baseline > 0
    ? ok(`spans come in: ${baseline} baseline calls in the last hour`)
    : unmeasured(
        "no baseline call came in the last hour: a stage { baseline: 1h } before the first would wait for them with nobody exposed",
      );
};

const ofSegments = ({ segments }: Migration, { calls }: PreflightFacts): Answer => {
  if (segments.length === 0) return ok("the document names no segment");
  const seen = calls?.segments ?? null;
  if (calls === null || seen === null || calls.perArm.canary + calls.perArm.baseline === 0)
    return unmeasured("no call of the last hour to look for segments in");
  const missing = segments.filter((name) => !seen.includes(name));
  return missing.length === 0
    ? ok("calls carry every segment that the document names")
    : failed(
        `no call of the last hour carries the segment ${missing.join(", ")}: set leeway.segment.${missing[0]} in the app, or leave it out of the document`,
      );
};

/** A rule that the stage's gate does not wait for holds nothing here either. */
const ofSignals = (wanted: number, judgement: Judgement | null, unheld: readonly string[]): Answer => {
  if (judgement === null) return unmeasured("nothing was judged yet");
  if (wanted <= 0) return unmeasured("nobody meets the candidate yet");
  const blind = judgement.verdicts.flatMap((verdict) =>
    verdict.outcome === "undecided" && verdict.why === "no-data" && !unheld.includes(verdict.rule)
      ? [verdict.rule]
      : [],
  );
  return blind.length === 0
    ? ok(`every rule ${unheld.length === 0 ? "" : "of the gate "}has seen calls that carry its signal`)
    : failed(
        `no call carried what ${blind.join(", ")} ${blind.length === 1 ? "is" : "are"} about: send it, or take the rule out`,
      );
};

/** A way back that was tried this long ago is believed, ms. */
const DRILLED_MS = 7 * DAY_MS;
/** The clocks of two agents differ by less, ms. */
const AHEAD_MS = 3_600_000;

const ofDrill = (
  { name, stages }: Migration,
  state: MigrationState,
  { wayBack }: PreflightFacts,
  now: number,
): Answer => {
  const [current, next] = [stages[state.stage], stages[state.stage + 1]];
  // Nobody is exposed before, and a drill of a flag that serves nothing has no drain to prove.
  if (current === undefined || shareOfStage(current) <= 0)
    return unmeasured("no drill is asked for before the first stage in which somebody meets the candidate");
  if (next === undefined) return ok("no stage follows: no drill is asked for");
  if (state.asksDrill !== true) return unmeasured("it was started by an earlier version, which asks for no drill");
  const how = `leeway drill ${name}`;
  if (wayBack === null) return failed(`the way back was never tried: ${how}`);
  if (!wayBack.isGood)
    return failed(
      `the way back failed when it was tried last${wayBack.why === "" ? "" : ` (${wayBack.why})`}: mend that, then ${how}`,
    );
  const age = now - wayBack.at;
  // By a clock that was ahead it would count for as long as that was, and a week.
  if (age < -AHEAD_MS) return failed(`the way back was tried by a clock that was ${lengthText(-age)} ahead: ${how}`);
  return age > DRILLED_MS
    ? failed(`the way back was tried ${lengthText(age)} ago, and is to be tried every 7 days: ${how}`)
    : ok(`the way back was tried ${lengthText(Math.max(0, age))} ago`);
};

/** Before the start it stands before the first stage. */
const placeOf = (state: MigrationState): MigrationState =>
  state.hash === null ? { ...state, stage: BEFORE_FIRST, approvals: "entry" } : state;

/**
 * What is looked at before a first stage that waits for nobody, and before each advance, in the order of PREFLIGHT_CHECKS, less what
 * the document skips. `now` is epoch ms. Pure; it stands before these alone, never before a pause or a rollback.
 */
export const preflight = (
  migration: Migration,
  given: MigrationState,
  facts: PreflightFacts,
  judgement: Judgement | null,
  now: number,
): readonly PreflightCheck[] => {
  const state = placeOf(given);
  const stage = migration.stages[state.stage];
  const wanted = stage === undefined ? desiredShare(migration, state) : shareOfStage(stage);
  const answers: Readonly<Record<PreflightName, () => Answer>> = {
    flag: () => {
      const exposure = state.hash === null ? null : desiredExposure(migration, state);
      return ofFlag(migration, exposure, facts, isDrilling(state, now));
    },
    baseline: () => ofBaseline(migration, facts, now),
    sentinel: () => ofSentinel(migration, facts, now),
    spans: () =>
      waitsForChecks(migration, state)
        ? ofFirstSpans(facts)
        : ofSpans(stage === undefined ? { share: wanted } : exposureOfStage(stage), facts),
    segments: () => ofSegments(migration, facts),
    drill: () => ofDrill(migration, state, facts, now),
    signals: () => ofSignals(wanted, judgement, stage === undefined ? [] : notWaitedFor(migration, stage)),
  };
  const skipped = migration.preflightSkips ?? [];
  return PREFLIGHT_CHECKS.filter((check) => !skipped.includes(check)).map((check) => ({ check, ...answers[check]() }));
};

/** The lines of the checks that failed. */
export const failedLines = (checks: readonly PreflightCheck[] | null): readonly string[] =>
  (checks ?? []).flatMap(({ outcome, line }) => (outcome === "failed" ? [line] : []));
