import type { Migration, Rule, Severity } from "../../core/migration.ts";
import { OVERALL, type Tick } from "../../core/sample.ts";
import { PAUSE_ALPHA, ROLLBACK_ALPHA } from "../../detectors/plan.ts";
import { binomialInterval } from "../../detectors/stats/binomial-interval.ts";
import type { StoreReader } from "../../store/open-reader.ts";
import type { NoBacktest } from "./backtest.ts";
import { type Detection, summarizeDetection } from "./detection.ts";
import { type FalseAlarmRequest, type PreparedHalves, prepareHalves } from "./prepare-halves.ts";
import type { RuleReplay } from "./replay.ts";
import { type HalvesRun, runHalves } from "./run-halves.ts";
import { signalsOf } from "./signals-of.ts";

/** How often something happened, with its exact 95% interval. */
export interface Frequency {
  readonly count: number;
  readonly runs: number;
  readonly interval: { readonly lower: number; readonly upper: number };
}

/** How often one rule was breached without a reason. */
export interface RuleAlarms extends Frequency {
  readonly rule: string;
  readonly severity: Severity;
  /** Known calls of the rule's signal in a run, both arms; 0 = it was not measured. */
  readonly calls: number;
}

/** What random halves of this baseline came to. Times are epoch ms. */
export interface FalseAlarms {
  readonly schema: "leeway.backtest-aa/1";
  readonly migration: string;
  readonly seed: number;
  readonly share: number;
  readonly everyMs: number;
  readonly range: { readonly from: number; readonly to: number };
  /** Calls of the baseline in that time. */
  readonly calls: number;
  /** Runs in which a rule of the severity was breached, and what is promised at most; before any regression. */
  readonly alarms: Readonly<Record<Severity, Frequency & { readonly promised: number }>>;
  readonly rules: readonly RuleAlarms[];
  /** How soon the regression was found; null where none was put in. */
  readonly detection: Detection | null;
  readonly notes: readonly string[];
}

const frequency = (runs: readonly HalvesRun[], happened: (run: HalvesRun) => boolean): Frequency => {
  const count = runs.filter(happened).length;
  return { count, runs: runs.length, interval: binomialInterval(count, runs.length) };
};

const isEarly = (rule: RuleReplay, since: number): boolean => rule.breach !== null && rule.breach.at <= since;

/** Known calls of a rule's signal in a tick, in both arms; of all signals for the output shape. */
const knownCalls = (tick: Tick, { signal }: Rule): number =>
  tick.samples
    .filter((each) => each.segment === OVERALL && (each.signal === signal || signal === "output_shape"))
    .reduce((sum, { n }) => sum + n, 0);

interface Judged {
  readonly runs: readonly HalvesRun[];
  /** Known calls per rule in the first run. */
  readonly known: readonly number[];
}

/** Judges as many dealings as are asked for. */
const judgeAll = async (
  reader: StoreReader,
  request: FalseAlarmRequest,
  halves: PreparedHalves,
  progress: (done: number) => void,
): Promise<Judged> => {
  const { migration, seed, share, everyMs, injections } = request;
  const { range, calls, injected, since } = halves;
  const designEffects = await reader.effectsOver(range);
  const { segments, segmentOptions, rules } = migration;
  const dealt = {
    ...range,
    everyMs,
    share,
    segments,
    segmentOptions,
    signals: signalsOf(rules),
    injected,
    designEffects,
  };
  const isAbout = rules.map(({ signal }) => injections.some((each) => each.signal === signal));
  const until = (seen: readonly RuleReplay[]): boolean =>
    isAbout.includes(true) && seen.every(({ breach }, i) => isAbout[i] === false || breach !== null);
  const runs: HalvesRun[] = [];
  let known: readonly number[] = rules.map(() => 0);
  for (let run = 0; run < request.runs; run++) {
    const seen = (tick: Tick): void => {
      if (run === 0) known = known.map((count, i) => count + (rules[i] === undefined ? 0 : knownCalls(tick, rules[i])));
      progress((run + (tick.to - range.from) / (range.to - range.from)) / request.runs);
    };
    const ticks = reader.halves({ ...dealt, seed: `${seed}:${run}` }, calls);
    runs.push(await runHalves(migration, ticks, { from: range.from, share, everyMs, since }, { until, seen }));
  }
  return { runs, known };
};

const summarizeAlarms = (
  { rules }: Migration,
  { runs, known }: Judged,
  since: number,
): Pick<FalseAlarms, "alarms" | "rules" | "notes"> => {
  const of = (severity: Severity): Frequency =>
    frequency(runs, (run) => run.rules.some((rule) => rule.severity === severity && isEarly(rule, since)));
  const unmeasured = rules.filter((_, i) => known[i] === 0).map(({ id }) => id);
  return {
    alarms: {
      rollback: { ...of("rollback"), promised: ROLLBACK_ALPHA },
      pause: { ...of("pause"), promised: PAUSE_ALPHA },
    },
    rules: rules.map(({ id, severity }, i) => ({
      rule: id,
      severity,
      calls: known[i] ?? 0,
      ...frequency(runs, (run) => run.rules[i] !== undefined && isEarly(run.rules[i], since)),
    })),
    notes:
      unmeasured.length === 0
        ? []
        : [`no call carries what these rules are about, so nothing is known of them: ${unmeasured.join(", ")}`],
  };
};

/**
 * Deals the baseline's calls to two arms at random, as often as asked for, and judges them: what the rules of the
 * migration come to where nothing is wrong, and how soon they see what is put in. `progress` is told the share that is
 * done, 0-1.
 */
export const falseAlarms = async (
  reader: StoreReader,
  request: FalseAlarmRequest,
  progress: (done: number) => void,
): Promise<FalseAlarms | NoBacktest> => {
  const prepared = await prepareHalves(reader, request);
  if ("problem" in prepared) return prepared;
  const { migration, seed, share, everyMs, injections } = request;
  const { range, calls, since } = prepared;
  const judged = await judgeAll(reader, request, prepared, progress);
  return {
    schema: "leeway.backtest-aa/1",
    migration: migration.name,
    seed,
    share,
    everyMs,
    range: { from: range.from, to: range.to },
    calls,
    ...summarizeAlarms(migration, judged, since),
    detection: injections.length === 0 ? null : summarizeDetection(migration, injections, judged.runs, since),
  };
};
