import { PLAYBOOK, readRule } from "../../../agent/config/rule-schema.ts";
import type { Arm } from "../../../core/cohort.ts";
import { bucketValue } from "../../../core/histogram.ts";
import type { Rule } from "../../../core/migration.ts";
import type { Sample, Tick } from "../../../core/sample.ts";
import { normalFrom } from "../../../core/seeded-random.ts";
import type { CatalogueSignal } from "../../../core/signals.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { MINUTE_MS, migrationOf } from "../one-rule.ts";
import { joinedRandom, poissonFrom } from "../whole/joined-random.ts";
import { BUCKETS, createUserSums } from "./user-sums.ts";

/** What becomes of two arms whose users differ from one another for as long as they stay. */
export interface LastingRow {
  readonly name: string;
  readonly rule: string;
  readonly runs: number;
  /** Runs with a breach, which is false in all of them; and the same with likeness left out. */
  readonly acted: number;
  readonly actedWithout: number;
}

/** One world of users. Arms are given to users at random, once. */
export interface World {
  readonly name: string;
  readonly users: number;
  readonly share: number;
  /** Share of the users in whom the errors are, and how often a call of theirs fails. */
  readonly failing: { readonly users: number; readonly often: number };
  readonly rule: Rule;
}

const ruleOf = (signal: string): Rule => {
  const written =
    signal === "error"
      ? { signal, limit: "5%", unit: "absolute", severity: "rollback" }
      : PLAYBOOK.find((each) => each.signal === signal);
  const rule = written === undefined ? null : readRule(written as Parameters<typeof readRule>[0], {});
  if (rule === null || !("id" in rule)) throw new Error(`no rule on ${signal}`);
  return rule;
};

/** Errors in 8% of 400 users, 5% of all calls: the canary stands exactly at its limit. And equal arms of other habits. */
export const WORLDS: readonly World[] = [
  {
    name: "errors in 8% of 400 users",
    users: 400,
    share: 0.05,
    failing: { users: 0.08, often: 0.625 },
    rule: ruleOf("error"),
  },
  {
    name: "errors in 8% of 4000 users",
    users: 4000,
    share: 0.05,
    failing: { users: 0.08, often: 0.625 },
    rule: ruleOf("error"),
  },
  ...[0.05, 0.25].flatMap((share) =>
    [400, 4000].map((users) => ({
      name: `lasting habits of ${users} users, canary ${100 * share}%`,
      users,
      share,
      failing: { users: 0.02, often: 0.5 },
      rule: ruleOf("output_shape"),
    })),
  ),
];

const SIGNALS: readonly CatalogueSignal[] = ["error", "output_chars", "bullets", "code_fence", "answer_form"];
const FORMS = ["prose", "list", "json", "line"];
const CALLS_A_MINUTE = 25;
const TICK_MINUTES = 20;
const DAYS = 14;
/** The median answer, and how far users, and calls, are from it: log-buckets of 1%. */
const LENGTH = { median: 602, users: 30, calls: 40 };

interface User {
  readonly arm: Arm;
  readonly fails: number;
  readonly length: number;
  readonly bullets: number;
  readonly fences: number;
  readonly form: number;
}

const drawUser = (random: () => number, { share, failing }: World): User => ({
  arm: random() < share ? "canary" : "baseline",
  fails: random() < failing.users ? failing.often : 0,
  length: LENGTH.users * normalFrom(random),
  bullets: random() < 0.4 ? 0.6 : 0.1,
  fences: random() < 0.2 ? 0.6 : 0.03,
  form: Math.floor(random() * FORMS.length),
});

type Counts = Map<string, { n: number; sum: number; bins: Record<string, number> }>;

const count = (counts: Counts, signal: CatalogueSignal, arm: Arm, value: number, bin: string | null): void => {
  const key = `${signal} ${arm}`;
  const cell = counts.get(key) ?? { n: 0, sum: 0, bins: {} };
  counts.set(key, cell);
  cell.n += 1;
  cell.sum += value;
  if (bin !== null) cell.bins[bin] = (cell.bins[bin] ?? 0) + 1;
};

const samplesOf = (counts: Counts): readonly Sample[] =>
  [...counts].map(([key, cell]) => {
    const [signal, cohort] = key.split(" ") as [Sample["signal"], Arm];
    return { signal, cohort, segment: "", ...cell };
  });

/** True when the rule was breached in `days`, which it must not be; `isTold`: likeness is measured and told. */
export const isBreached = (world: World, seed: number, isTold: boolean, days: number = DAYS): boolean => {
  const random = joinedRandom(seed);
  const users = Array.from({ length: world.users }, () => drawUser(random, world));
  const engine = createEngine(migrationOf([world.rule], world.share));
  const asked = world.rule.signal === "error" ? SIGNALS.slice(0, 1) : SIGNALS;
  const sums = createUserSums(asked);

  const call = (counts: Counts, called: Record<Arm, number>): void => {
    const id = Math.floor(random() * users.length);
    const user = users[id];
    if (user === undefined) return;
    const [arm, bucket] = [user.arm, id % BUCKETS];
    const put = (signal: CatalogueSignal, value: number, bin: string | null, alike = value): void => {
      count(counts, signal, arm, value, bin);
      sums.add(signal, arm, bucket, alike);
    };
    called[arm] += 1;
    const isError = random() < user.fails ? 1 : 0;
    put("error", isError, null);
    if (isError === 1 || asked.length === 1) return;
    const length = Math.round(LENGTH.median + user.length + LENGTH.calls * normalFrom(random));
    put("output_chars", bucketValue(length), String(length), length / 100);
    put("bullets", random() < user.bullets ? 1 : 0, null);
    put("code_fence", random() < user.fences ? 1 : 0, null);
    const form = random() < 0.7 ? user.form : Math.floor(random() * FORMS.length);
    put("answer_form", 0, FORMS[form] ?? "", form % 2);
  };

  for (let minute = 0; minute < days * 1440; minute += TICK_MINUTES) {
    const effects = isTold ? sums.effects() : { designEffects: Object.fromEntries(asked.map((name) => [name, 1])) };
    sums.begin(Math.floor(minute / 1440));
    const [counts, called]: [Counts, Record<Arm, number>] = [new Map(), { canary: 0, baseline: 0 }];
    for (let left = poissonFrom(random, CALLS_A_MINUTE * TICK_MINUTES); left > 0; left--) call(counts, called);
    const tick: Tick = {
      ...{ migration: "simulated", from: minute * MINUTE_MS, to: (minute + TICK_MINUTES) * MINUTE_MS, stage: 0 },
      ...{ share: world.share, samples: samplesOf(counts), ...effects },
      calls: (["canary", "baseline"] as const).map((cohort) => ({ cohort, segment: "", calls: called[cohort] })),
    };
    if (engine.step(tick, "outcome").verdicts[0]?.outcome === "breach") return true;
  }
  return false;
};

/** Equal arms, or a canary exactly at its limit, of users with lasting traits: 14 days each, seeds 1 to `runs`. */
export const runLastingUsers = (runs: number, progress: (name: string) => void): readonly LastingRow[] =>
  WORLDS.map((world) => {
    progress(world.name);
    const seeds = Array.from({ length: runs }, (_, i) => i + 1);
    return {
      ...{ name: world.name, rule: world.rule.id, runs },
      acted: seeds.filter((seed) => isBreached(world, seed, true)).length,
      actedWithout: seeds.filter((seed) => isBreached(world, seed, false)).length,
    };
  });

/** The rows as a table. */
export const printLastingUsers = (rows: readonly LastingRow[]): string => {
  const lines = rows.map(
    ({ name, rule, runs, acted, actedWithout }) => `| ${name} | ${rule} | ${runs} | ${acted} | ${actedWithout} |`,
  );
  return ["| users | rule | runs | acted | likeness left out |", "| --- | --- | --- | --- | --- |", ...lines, ""].join(
    "\n",
  );
};
