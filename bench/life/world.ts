import { join } from "node:path";
import { createContract, type OnDisk } from "../../agent/documents/contract.ts";
import { createMigrationRunner, type MigrationRunner } from "../../agent/migration-runner.ts";
import type { FindLife } from "../../agent/models/find-life.ts";
import { createBuiltinTarget } from "../../alerts/flags/builtin.ts";
import { NO_JOURNAL } from "../../alerts/journal/journal.ts";
import { createLedgerWriter } from "../../alerts/ledger-writer.ts";
import { createNotifier } from "../../alerts/notifier.ts";
import type { LedgerEntry } from "../../core/ledger.ts";
import type { Notice } from "../../core/notice.ts";
import { encodeSpanRow } from "../../core/span-row.ts";
import type { ShadowEvidence } from "../../core/verdict.ts";
import { openReader, type StoreReader } from "../../store/open-reader.ts";
import { openStore } from "../../store/open-store.ts";
import type { Store } from "../../store/store.ts";
import { peopleChannel } from "../../test/alerts/people-channel.ts";
import { recordingLog } from "../../test/store/recording-log.ts";
import { temporaryDirectory } from "../../test/store/temporary-directory.ts";
import { embeddedSettings } from "../../test/store/test-store.ts";
import { askBuiltin, conversationArms } from "./app.ts";
import { createCalls } from "./calls.ts";
import { readDocument } from "./document.ts";

const HOUR_MS = 3_600_000;
export const DAY_MS: number = 24 * HOUR_MS;
/**
 * An agent's tick is a minute at most. Longer ones say the same, later: with one a day six weeks take minutes, not hours. What takes the
 * time is how alike calls are, which each of them measures anew.
 */
export const COARSE_MS: number = DAY_MS;
/** Ticks of the day on which something happens. */
export const FINE_MS = 1_800_000;
export const SETTLE_MS = 2_000;
/** A Monday, five in the afternoon in Los Angeles, and as long after it as a tick takes to settle: a day of UTC ends there. */
export const START: number = Date.parse("2026-09-08T00:00:05Z");
/** Beside the end of a day people look in at ten in the morning and at two: so long after it. */
const LOOK_IN_MS: readonly number[] = [17 * HOUR_MS, 21 * HOUR_MS];
/** So long before a tick ends there is a round of its own, in which the pre-flight looks: an agent has one each minute. */
const BEFORE_MS = 60_000;
/** What waits for a flag or a drain is looked at this often. */
const LOOK_MS = 15_000;

/** The whole of a migration on the real engine: store, flag, runner and people, and a clock that goes as fast as they do. */
export interface LifeWorld {
  /** The one at hand. */
  readonly runner: () => MigrationRunner;
  readonly now: () => number;
  readonly told: readonly Notice[];
  readonly log: readonly string[];
  readonly ledger: () => Promise<readonly LedgerEntry[]>;
  readonly store: Store;
  /** Opens a reader beside the agent, as `leeway report` does. It has to be closed. */
  readonly openReader: () => Promise<StoreReader>;
  /** Puts something on the disk where the document lies. */
  readonly write: (seen: OnDisk) => void;
  /** From now on the candidate's provider is in trouble, or no more. */
  readonly setIll: (isIll: boolean) => void;
  /** The agent ends, without a word, and another one begins, with ticks of `tickMs`: all it knows is in the store. */
  readonly restart: (tickMs: number) => Promise<void>;
  /** Calls, a round, and messages: those of a tick, or of seconds while a flag is on its way. */
  readonly step: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** As many as come in the days of the shadow stage, about. */
const SHADOW_ANSWERS = 60_000;

/** Stub of what measures a shadow: it says that it is one, and lets the stage pass when there are answers enough. */
const stubShadow = (answers: number, wanted: number): ShadowEvidence => ({
  outcome: answers < wanted ? "undecided" : "clear",
  reason: `a stub of this simulation: nobody measured the ${answers} answers that were thrown away, at least ${wanted} were wanted`,
});

/** Made-up days, so that the story does not change with the table of real ones. */
const findLife: FindLife = (model) =>
  model === "gpt-4o-2024-08-06"
    ? {
        ...{ name: model, table: "models.yaml", retires: "2026-11-30", notBefore: null, announced: "2026-06-01" },
        ...{ source: "made up for this simulation", seen: null },
      }
    : null;

const ROUTE = { flag: "support-model", target: "prod" };

/** The next end of a tick, or the hour before it at which people look in. */
const nextStop = (clock: number, tickMs: number): number => {
  const day = START + Math.floor((clock - START) / DAY_MS) * DAY_MS;
  const ticked = START + (Math.floor((clock - START) / tickMs) + 1) * tickMs;
  return Math.min(ticked, ...LOOK_IN_MS.map((ms) => day + ms).filter((at) => at > clock));
};

/** Opens it, at START. `close` has to be called. */
export const openLife = async (seed = 5): Promise<LifeWorld> => {
  const { path, remove } = await temporaryDirectory();
  const { log, messages } = recordingLog();
  let clock = START - HOUR_MS;
  const now = (): number => clock;
  const store = await openStore(embeddedSettings(path), { log, now });
  // The days of the simulation pass by, as seen from those in which it is run: nothing is to be dropped for its age.
  for (const table of ["llm_spans", "llm_1m", "intake_totals"]) await store.query(`ALTER TABLE ${table} REMOVE TTL`);
  const document = readDocument();
  const { baseline, candidate } = document.migration;
  const parts = { log, conversations: conversationArms(now) };
  const target = createBuiltinTarget({ file: join(path, "flags.json"), name: ROUTE.target }, parts);
  const flag = target.bind(ROUTE, { baseline: baseline.model, canary: candidate.model });
  const told: Notice[] = [];
  const people = peopleChannel(told, ["stage", "pause", "rollback", "page", "drained", "drill"]);
  const claim: Store["claimLedger"] = async (...args) => {
    const answer = await store.claimLedger(...args);
    return { ...answer, ageMs: clock - (answer.holder?.at ?? clock) };
  };
  let seen: OnDisk = document;
  let [shadowed, agents] = [0, 0];
  const start = (tickMs: number) => {
    agents += 1;
    const owner = `agent-${agents}`;
    const ledger = createLedgerWriter(
      { timeoutMs: 30_000 },
      { appendLedger: store.appendLedger, log, journal: NO_JOURNAL, left: [] },
    );
    const notifier = createNotifier({ channels: [people], owner }, { ledger, claim, now, log });
    const contract = createContract({ atHand: document.migration, seen, targets: ["prod"], kept: null });
    const settings = {
      ...{ tickMs, settleMs: SETTLE_MS, drainDeadlineMs: 300_000, storeTimeoutMs: 120_000, findLife },
      ...{ blindAfterMs: DAY_MS, flip: { readbackMs: 0, pauseMs: 1 } },
      link: () => "http://127.0.0.1:4320/",
    };
    const runner = createMigrationRunner(document.migration, settings, {
      ...{ store, flag, notifier, ledger, now, log, contract, owner },
      shadow: () => stubShadow(shadowed, SHADOW_ANSWERS),
    });
    return { runner, notifier, contract, tickMs };
  };
  let agent = start(COARSE_MS);
  const calls = createCalls(seed, askBuiltin(target, ROUTE.flag));
  let isIll = false;

  const send = async (from: number, to: number): Promise<void> => {
    const { hash, stage, rollback } = agent.runner.history.state();
    const isShadowed = rollback === null && agent.runner.migration.stages[stage]?.kind === "shadow";
    // Before the migration its calls were nobody's.
    const rows = calls(from, to, { isShadowed, isIll, isBefore: hash === null });
    shadowed += rows.filter(({ cohort }) => cohort === "shadow").length;
    const batch = { token: `calls-${from}`, lines: rows.map(encodeSpanRow).join(""), rows: rows.length };
    if (rows.length > 0) await store.insertSpans(batch);
  };

  const round = async (): Promise<void> => {
    await agent.runner.round();
    await agent.notifier.pump();
  };

  const step = async (): Promise<void> => {
    const { drill, rollback } = agent.runner.history.state();
    const isMoving = drill !== null || (rollback !== null && rollback.drain !== "proven");
    const next = nextStop(clock, agent.tickMs);
    const to = isMoving ? Math.min(clock + LOOK_MS, next) : next;
    await send(clock, to);
    if (!isMoving) {
      clock = to - BEFORE_MS;
      await round();
    }
    clock = to;
    await round();
  };

  await send(clock, START);
  clock = START;
  await round();
  return {
    ...{ now, told, log: messages, step, store },
    runner: () => agent.runner,
    ledger: () => store.readLedger(document.migration.name),
    openReader: () => {
      const port = Number(new URL(store.endpoint.url).port);
      return openReader({ ...embeddedSettings(path), port }, { log, now });
    },
    restart: async (tickMs) => {
      agent = start(tickMs);
      // Takes in what is stored: some rounds, in which no time passes.
      do await round();
      while (agent.runner.detector.isBehind());
    },
    write: (next) => {
      seen = next;
      agent.contract.see(next);
    },
    setIll: (next) => {
      isIll = next;
    },
    close: async () => {
      await target.close();
      await store.close();
      await remove();
    },
  };
};
