import { alignFlag } from "../../agent/align-flag.ts";
import { createDrillRun, type DrillRun } from "../../agent/drill-run.ts";
import { createFlagPace } from "../../agent/flag-pace.ts";
import { createMigrationHistory, type MigrationHistory } from "../../agent/migration-history.ts";
import type { RoutedFlag } from "../../alerts/flags/flag-target.ts";
import { createLedgerWriter } from "../../alerts/ledger-writer.ts";
import type { Migration } from "../../core/migration.ts";
import type { Decision } from "../../core/verdict.ts";
import type { DrainState } from "../../lifecycle/drain.ts";
import { startedKey } from "../../lifecycle/ledger-ids.ts";
import { type RecordingLedger, recordingLedger } from "../alerts/recording-ledger.ts";
import { recordingLog } from "../alerts/recording-log.ts";
import { type FickleFlagTarget, fickleFlagTarget } from "../doubles/fickle-flag-target.ts";
import { documentText, migrationOf } from "./config/documents.ts";

const PROVEN = {
  state: "proven",
  lastCanaryStart: null,
  probability: 0,
  exposure: null,
  senders: [],
} as unknown as DrainState;

/** One of the agents of a drill world. */
export interface DrillAgent {
  readonly history: MigrationHistory;
  readonly run: DrillRun;
  readonly align: () => Promise<string>;
  readonly begin: () => Promise<string>;
  readonly decide: (decision: Decision) => Promise<void>;
  /** What a round does about a drill, a second later. What is wrong. */
  readonly round: () => Promise<string>;
  readonly start: () => Promise<void>;
}

/** Flag and ledger, which its agents share, and their time. */
export interface DrillWorld {
  readonly migration: Migration;
  readonly target: FickleFlagTarget;
  readonly ledger: RecordingLedger;
  readonly agent: (owner: string, flag?: RoutedFlag) => DrillAgent;
  readonly pass: (ms: number) => void;
}

/** What a drill is made of, without store, people or rounds: ledger and flag are in memory, and time is the test's. */
export const drillWorld = (): DrillWorld => {
  const migration = migrationOf(
    documentText({ stages: "stages: [{ canary: 20%, for: 1h }, { canary: 50%, for: 1h }]" }),
  );
  let clock = 100_000_000;
  const now = (): number => clock;
  const log = recordingLog();
  const ledger = recordingLedger();
  const target = fickleFlagTarget();

  /** One of several that share ledger and flag. */
  const agent = (owner: string, flag: RoutedFlag = target): DrillAgent => {
    const writer = createLedgerWriter({}, { appendLedger: ledger.append, log });
    const history = createMigrationHistory(migration, {
      readLedger: async () => ledger.entries(),
      ledger: writer,
      now,
    });
    const pace = createFlagPace(flag, now);
    const settings = { callMs: 200, readbackMs: 0, pauseMs: 1 };
    const parts = { history, flag, read: async () => [PROVEN, ""] as const, owner, now, drainDeadlineMs: 30_000 };
    const run = createDrillRun(() => migration, { ...parts, settings });
    const align = (): Promise<string> => alignFlag(migration, { history, flag, pace, now, settings });
    return {
      history,
      run,
      align,
      begin: () => run.begin({ reason: "friday", by: "ana" }),
      decide: (decision: Decision) => history.decide(decision, null),
      /** What a round does about a drill. */
      round: async (): Promise<string> => {
        clock += 1_000;
        await history.refresh();
        await run.settle();
        const problem = await align();
        if (!(await run.goOn(problem))) return problem;
        const after = await align();
        await run.goOn(after);
        return after;
      },
      start: async (): Promise<void> => {
        await history.refresh();
        const started = { type: "started", hash: migration.hash, stage: 0, share: 0.2, approvals: "entry" } as const;
        await history.record(started, { id: startedKey });
      },
    };
  };
  return {
    migration,
    target,
    ledger,
    agent,
    pass: (ms: number) => {
      clock += ms;
    },
  };
};
