import { describe, expect, test } from "vitest";
import type { Command, LedgerEntry, LedgerEvent } from "../../core/ledger.ts";
import type { ApprovalMeaning, Migration, Stage } from "../../core/migration.ts";
import type { Judgement } from "../../core/verdict.ts";
import { entryStage, needsApproval } from "../../lifecycle/approvals.ts";
import { COMMAND_TYPES, COMMANDS } from "../../lifecycle/commands/commands.ts";
import { decide } from "../../lifecycle/decide.ts";
import { decisionKey, idInMigration, startedKey } from "../../lifecycle/ledger-ids.ts";
import { standingOf } from "../../lifecycle/standing.ts";
import { desiredShare, type MigrationState, stageShare } from "../../lifecycle/state.ts";
import { foldLedger } from "../../lifecycle/transitions.ts";
import { anyJudgement, type Draw, forAll, RULES } from "../detectors/properties/generate.ts";
import { aMigration } from "../fixtures/a-migration.ts";

const HOUR = 3_600_000;

/** Any plan a document may have. */
const anyStages = (draw: Draw): readonly Stage[] => {
  const forMs = draw.pick([0, HOUR, 24 * HOUR]);
  const base = () => ({
    ...{ forMs, approval: draw.chance(0.3) },
    ...(draw.chance(0.3) ? { gate: ["error"] } : {}),
    ...(draw.chance(0.3) ? { minCalls: 50 } : {}),
  });
  const canaries = [0.05, 0.25, 0.9].slice(0, draw.whole(1, 3));
  return [
    ...(draw.chance(0.4) ? [{ kind: "baseline", ...base() } as const] : []),
    ...(draw.chance(0.2) ? [{ kind: "shadow", mirrored: 1, forMs, approval: false } as const] : []),
    ...canaries.map((share) => ({ kind: "canary", share, ...base() }) as const),
    ...(draw.chance(0.5) ? [{ kind: "observe", holdback: 0.01, ...base() } as const] : []),
  ];
};

const anyPlan = (draw: Draw): Migration =>
  aMigration({
    rules: RULES,
    stages: anyStages(draw),
    approvers: draw.chance(0.5) ? ["ana"] : [],
    ...(draw.chance(0.4) ? { not: [{ from: 0, to: 720, zone: "Europe/Berlin" }] } : {}),
  });

/** One agent on a store: it folds what is there, and appends what it decides or is told under ids that are of the fact. */
const createAgent = (migration: Migration, ledger: LedgerEntry[]) => {
  const state = (): MigrationState => foldLedger(migration, ledger);
  // As agent/clock/ledger-time.ts has it: an entry comes after all that are stored, whatever the clock says.
  const append = (id: string, now: number, by: string, event: LedgerEvent): void => {
    const at = Math.max(now, ...ledger.map((each) => each.at + 1));
    const entry = { id: idInMigration(migration.name, id), at, migration: migration.name, by, incident: "", event };
    if (!ledger.some((each) => each.id === entry.id)) ledger.push(entry);
  };
  return {
    state,
    start: (at: number, approvals: ApprovalMeaning): void => {
      const stage = entryStage(migration, approvals);
      const share = stageShare(migration, stage);
      const meaning = approvals === "entry" ? { approvals } : {};
      append(startedKey, at, "agent", { type: "started", hash: migration.hash, stage, share, ...meaning });
    },
    judge: (judgement: Judgement, at: number): string => {
      const decision = decide(migration, state(), judgement, at);
      if (decision.kind !== "continue")
        append(decisionKey(state(), decision), at, "agent", { type: "decision", decision, judgement });
      return decision.kind;
    },
    command: (command: Command, by: string, at: number, stage: number): boolean => {
      const type = COMMAND_TYPES[command];
      if (type.refuse(migration, state(), { command, by, reason: "why", stage }) !== null) return false;
      const given = type.isForStage ? { stage } : {};
      append(type.key(state(), ledger), at, by, { type: "command", command, reason: "why", ...given });
      return true;
    },
  };
};

const counted = (draw: Draw, state: MigrationState): Judgement => ({
  ...anyJudgement(draw, draw.chance(0.5) ? RULES.slice(0, 1) : RULES, 4),
  ...(draw.chance(0.7) ? { stage: Math.max(0, state.stage) } : {}),
  calls: { canary: draw.whole(0, 100), baseline: draw.whole(0, 100) },
});

describe("the life of any migration, in any order of judgements, commands and restarts, on clocks that step", () => {
  const seen = { rose: 0, latched: 0, waited: 0, harmed: 0, done: 0 };

  test("never serves more than was approved, nothing while it is latched, and waits for nothing where there is harm", () => {
    forAll(600, (draw) => {
      const migration = anyPlan(draw);
      const approvals = draw.pick<ApprovalMeaning>(["entry", "leaving"]);
      const ledger: LedgerEntry[] = [];
      let [agent, now] = [createAgent(migration, ledger), draw.whole(1, 1e12)];
      agent.start(now, approvals);
      for (let i = 0; i < 40; i++) {
        // A clock that is set back lets nothing end, and one that is set forward ends times early: neither approves.
        now = Math.max(1, now + draw.pick([1, HOUR, 24 * HOUR, -3 * HOUR]));
        if (draw.chance(0.2)) agent = createAgent(migration, ledger);
        const before = agent.state();
        const wasNeeded = needsApproval(migration, before);
        const share = desiredShare(migration, before);
        const by = draw.pick(["ana", "bob"]);
        const [isCommand, command] = [draw.chance(0.4), draw.pick(COMMANDS)];
        const judgement = counted(draw, before);
        const isTaken = isCommand && agent.command(command, by, now, before.stage);
        const decided = isCommand ? "" : agent.judge(judgement, now);
        const after = agent.state();
        const isHarm = judgement.verdicts.some(
          ({ outcome, severity }) => outcome === "breach" && severity === "rollback",
        );

        if (!isCommand && isHarm && before.rollback === null) {
          expect(decided).toBe("rollback");
          expect(desiredShare(migration, after)).toBe(0);
          seen.harmed += 1;
        }
        if (desiredShare(migration, after) > share) {
          seen.rose += 1;
          expect(isTaken ? ["advance", "rearm"] : [decided]).toContain(isTaken ? command : "advance");
          // Where a person is asked, only a person, and where approvers are named, only one of them.
          if (wasNeeded && before.rollback === null) {
            expect(isTaken && command === "advance").toBe(true);
            if (migration.approvers.length > 0) expect(by).toBe("ana");
          }
        }
        if (after.rollback !== null) {
          seen.latched += 1;
          expect(desiredShare(migration, after)).toBe(0);
          if (before.rollback !== null) expect(after.rollback.decidedAt).toBe(before.rollback.decidedAt);
        }
        // Never two stages at once, and never above the stage it stands at.
        if (after.since === before.since) expect(after.stage - before.stage).toBeLessThanOrEqual(1);
        expect(desiredShare(migration, after)).toBeLessThanOrEqual(stageShare(migration, after.stage));
        if (standingOf(migration, after, now) === "waiting-for-approval") seen.waited += 1;
        if (after.stage === migration.stages.length) seen.done += 1;
      }
    });
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(150);
  });

  test("is one state, whoever folds it and however often the same fact comes", () => {
    forAll(500, (draw) => {
      const migration = anyPlan(draw);
      const ledger: LedgerEntry[] = [];
      // Two agents and people: each acts on what it has read, which may be old.
      const agents = [createAgent(migration, ledger), createAgent(migration, ledger)];
      let now = 1;
      for (const agent of agents) agent.start(now, "entry");
      for (let i = 0; i < 30; i++) {
        now += draw.pick([1, HOUR]);
        const agent = draw.pick(agents);
        const { stage } = agent.state();
        if (draw.chance(0.4)) agent.command(draw.pick(COMMANDS), "ana", now, stage - (draw.chance(0.2) ? 1 : 0));
        else agent.judge(counted(draw, agent.state()), now);
      }
      const state = foldLedger(migration, ledger);
      // A fact that comes again, at once or late, changes nothing that is served, nor where the migration stands.
      const repeated = ledger.flatMap((entry) => (draw.chance(0.5) ? [entry, entry] : [entry]));
      const twice = foldLedger(migration, repeated);
      expect(desiredShare(migration, twice)).toBe(desiredShare(migration, state));
      expect([twice.stage, twice.stageSince, twice.isPaused, twice.rollback]).toEqual([
        ...[state.stage, state.stageSince, state.isPaused, state.rollback],
      ]);
      // What a newer version wrote in between is passed over.
      const later = { type: "later-event", kind: "x" } as unknown as LedgerEvent;
      const strange = ledger.flatMap((entry) => [entry, { ...entry, id: `${entry.id}:later`, event: later }]);
      expect(foldLedger(migration, strange)).toEqual(state);
      expect(foldLedger(migration, JSON.parse(JSON.stringify(ledger)))).toEqual(state);
    });
  });
});
