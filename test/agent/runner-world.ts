import { randomUUID } from "node:crypto";
import { createMigrationRunner, type MigrationRunner } from "../../agent/migration-runner.ts";
import type { FindLife } from "../../agent/models/find-life.ts";
import type { ClaimLedger } from "../../alerts/claims.ts";
import type { FlagCapabilities, RoutedFlag } from "../../alerts/flags/flag-target.ts";
import { type Journal, NO_JOURNAL } from "../../alerts/journal/journal.ts";
import { createLedgerWriter } from "../../alerts/ledger-writer.ts";
import { createNotifier, type Notifier } from "../../alerts/notifier.ts";
import { LeewayError } from "../../core/errors.ts";
import type { LedgerEntry, LedgerEvent } from "../../core/ledger.ts";
import type { Migration } from "../../core/migration.ts";
import type { Notice } from "../../core/notice.ts";
import type { SpanRow } from "../../core/span-row.ts";
import type { Store } from "../../store/store.ts";
import { peopleChannel } from "../alerts/people-channel.ts";
import { type FickleFlagTarget, fickleFlagTarget } from "../doubles/fickle-flag-target.ts";
import { aBatch, aSpan, T0 } from "../store/a-span.ts";
import { recordingLog } from "../store/recording-log.ts";
import { documentText, migrationOf, type PARTS } from "./config/documents.ts";

export const TICK_MS = 5_000;

type EventOf<T extends LedgerEvent["type"]> = Extract<LedgerEvent, { readonly type: T }>;

/** A store that can be out of order, for everybody who holds it; `unreadable`: only its ledger cannot be read. */
export interface BreakableStore extends Store {
  readonly behave: (mood: "work" | "fail" | "hang" | "unreadable") => void;
}

/** `store`, to be broken at will. */
export const breakable = (store: Store): BreakableStore => {
  let mood: Parameters<BreakableStore["behave"]>[0] = "work";
  const guard =
    <A extends readonly unknown[], R>(call: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> => {
      if (mood === "hang") return new Promise(() => undefined);
      return mood === "fail"
        ? Promise.reject(new LeewayError("store-unavailable", "the store is down"))
        : call(...args);
    };
  return {
    ...store,
    behave: (next) => {
      mood = next;
    },
    foldTick: guard(store.foldTick),
    senderCalls: guard(store.senderCalls),
    windowCalls: guard(store.windowCalls),
    canaryCalls: guard(store.canaryCalls),
    tickBeyond: guard(store.tickBeyond),
    ledgerSince: (name, since) =>
      mood === "unreadable" ? Promise.reject(new Error("the store is behind")) : guard(store.ledgerSince)(name, since),
    appendLedger: guard(store.appendLedger),
    claimLedger: guard(store.claimLedger),
    async *readTicks(migration, since, until) {
      await guard(async () => undefined)();
      yield* store.readTicks(migration, since, until);
    },
  };
};

/** One agent's part for one migration: its runner, its notifier and what its people were told. */
export interface RunnerAgent {
  readonly runner: MigrationRunner;
  readonly notifier: Notifier;
  readonly told: readonly Notice[];
}

/** What happens to the calls of some time. */
export interface Traffic {
  readonly canary?: number;
  readonly canaryErrors?: number;
  readonly baseline?: number;
  readonly baselineErrors?: number;
  readonly instance?: string;
  readonly segments?: Readonly<Record<string, string>>;
  /** Anything else of an arm's calls. */
  readonly canaryFields?: Partial<SpanRow>;
  readonly baselineFields?: Partial<SpanRow>;
}

/** A migration at 20% with the rule "error at most 5%", on the real store, a flag that obeys the test, and a clock of its own. */
export interface RunnerWorld {
  readonly migration: Migration;
  /** What its document matches: the service of all its calls. */
  readonly service: string;
  readonly target: FickleFlagTarget;
  readonly store: BreakableStore;
  readonly now: () => number;
  /** Lets time pass, without anybody doing anything. */
  readonly pass: (ms: number) => void;
  /** Another agent of the same migration: after a crash, or beside the first. */
  readonly agent: (parts?: {
    readonly target?: RoutedFlag;
    readonly fallbacks?: readonly RoutedFlag[];
    readonly store?: Store;
    readonly migration?: Migration;
    readonly journal?: Journal;
    readonly findLife?: FindLife;
    /** How far its clock is ahead. */
    readonly skewMs?: number;
  }) => RunnerAgent;
  /** Calls that ended evenly over the `ms` before `until` (default: the last tick before now). */
  readonly calls: (traffic: Traffic, ms?: number, until?: number) => Promise<void>;
  /** `ticks` times: calls, time, a round and the deliveries of every agent. */
  readonly run: (agents: RunnerAgent | readonly RunnerAgent[], ticks: number, traffic?: Traffic) => Promise<void>;
  /** Runs tick by tick until the ledger has an entry of this type: a write that hangs is given up and tried again in real time. */
  readonly runUntil: (agent: RunnerAgent, type: LedgerEvent["type"], traffic?: Traffic) => Promise<void>;
  readonly ledger: () => Promise<readonly LedgerEntry[]>;
  readonly events: <T extends LedgerEvent["type"]>(type: T) => Promise<readonly EventOf<T>[]>;
}

export const HEALTHY: Traffic = { canary: 20, baseline: 80 };
/** Forty percent of the canary's calls fail. */
export const ILL: Traffic = { canary: 20, canaryErrors: 8, baseline: 80 };
/** After a flip: only the baseline. */
export const DRAINED: Traffic = { baseline: 100 };

/** What a call of each arm comes from: what the document names for it. */
export const MODELS = {
  canary: { request_model: "new", response_model: "new" },
  baseline: { request_model: "old", response_model: "old" },
} as const;

const STAGES = "stages: [{ canary: 20%, for: 1m }, { canary: 50%, for: 1m }, { canary: 80%, for: 1m, approval: true }]";
let worlds = 0;

/** A world on `store`. `parts` replace parts of the migration document. */
export const runnerWorld = (
  real: Store,
  parts: Partial<Record<keyof typeof PARTS, string>> = {},
  capabilities: Partial<FlagCapabilities> = {},
): RunnerWorld => {
  worlds += 1;
  const name = `m${worlds}`;
  // Worlds share a store and its hours: a service that two of them match would lend each the other's calls of no arm.
  const service = `support-api-${worlds}`;
  // A drill before each stage is another test's matter.
  const skip = parts.stages?.includes("preflight:") ? "" : "preflight: { skip: [drill] }";
  const text = documentText(
    {
      // Its calls carry none, unless a test gives them some.
      segments: "segments: []",
      migration: `migration: ${name}`,
      match: `match: { service: ${service} }`,
      stages: STAGES,
      route: "route: { flag: model, target: prod }",
      ...parts,
    },
    skip,
  );
  const migration = migrationOf(text);
  const store = breakable(real);
  const target = fickleFlagTarget(capabilities);
  const { log } = recordingLog();
  let clock = T0;
  const now = (): number => clock;

  const agent: RunnerWorld["agent"] = ({ skewMs = 0, ...own } = {}) => {
    const now = (): number => clock + skewMs;
    const told: Notice[] = [];
    const people = peopleChannel(told, ["stage", "pause", "rollback", "page", "drained", "test", "drill"]);
    const parts = { target, store: store as Store, ...own };
    const flag = parts.target;
    const { appendLedger } = parts.store;
    const { journal = NO_JOURNAL } = own;
    /** The database's clock is the world's. */
    const claim: ClaimLedger = async (...args) => {
      const answer = await parts.store.claimLedger(...args);
      return { ...answer, ageMs: clock - (answer.holder?.at ?? clock) };
    };
    const left = journal.pending();
    const ledger = createLedgerWriter({ timeoutMs: 2_000 }, { appendLedger, log, journal, left });
    const notifier = createNotifier({ channels: [people], owner: randomUUID() }, { ledger, claim, now, log });
    notifier.restore(left);
    const settings = {
      tickMs: TICK_MS,
      settleMs: 2_000,
      drainDeadlineMs: 30_000,
      flipDeadlineMs: 10_000,
      storeTimeoutMs: 20_000,
      findLife: own.findLife ?? ((): null => null),
      flip: { callMs: 200, readbackMs: 0, pauseMs: 1 },
      link: () => "http://127.0.0.1:4320/",
    };
    const runner = createMigrationRunner(own.migration ?? migration, settings, {
      store: parts.store,
      flag,
      fallbacks: own.fallbacks ?? [],
      notifier,
      ledger,
      now,
      log,
    });
    return { runner, notifier, told };
  };

  const calls: RunnerWorld["calls"] = async (traffic, ms = TICK_MS, until = clock) => {
    const {
      canary = 0,
      canaryErrors = 0,
      baseline = 0,
      baselineErrors = 0,
      instance = "pod-1",
      segments = {},
    } = traffic;
    const fieldsOf = { canary: traffic.canaryFields ?? {}, baseline: traffic.baselineFields ?? {} };
    const arm = (cohort: "canary" | "baseline", count: number, errors: number): SpanRow[] =>
      Array.from({ length: count }, (_, i) => {
        const end_ms = until - ms + Math.floor(((i + 0.5) / count) * ms);
        const error = i < errors ? 1 : 0;
        return aSpan({
          migration: name,
          cohort,
          service,
          end_ms,
          instance,
          error,
          segments,
          start_ms: end_ms - 100,
          duration_ms: 100,
          ...MODELS[cohort],
          ...fieldsOf[cohort],
        });
      });
    const rows = [...arm("canary", canary, canaryErrors), ...arm("baseline", baseline, baselineErrors)];
    if (rows.length > 0) await real.insertSpans(aBatch(rows));
  };

  const run: RunnerWorld["run"] = async (agents, ticks, traffic = {}) => {
    const all = "runner" in agents ? [agents] : agents;
    for (let tick = 0; tick < ticks; tick++) {
      clock += TICK_MS;
      await calls(traffic);
      for (const { runner } of all) await runner.round();
      for (const { notifier } of all) await notifier.pump();
    }
  };

  const ledger = async (): Promise<readonly LedgerEntry[]> => real.readLedger(name);
  const runUntil: RunnerWorld["runUntil"] = async (agent, type, traffic = {}) => {
    for (let ticks = 0; ticks < 200; ticks++) {
      await run(agent, 1, traffic);
      if ((await ledger()).some(({ event }) => event.type === type)) return;
    }
    throw new Error(`no entry of type ${type} in 200 ticks`);
  };
  return {
    migration,
    service,
    target,
    store,
    now,
    pass: (ms) => {
      clock += ms;
    },
    agent,
    calls,
    run,
    runUntil,
    ledger,
    events: async (type) =>
      (await ledger()).flatMap(({ event }) => (event.type === type ? [event as EventOf<typeof type>] : [])),
  };
};
