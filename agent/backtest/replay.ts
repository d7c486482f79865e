import { unreachable } from "../../core/exhaustive.ts";
import type { LedgerEntry } from "../../core/ledger.ts";
import type { Migration } from "../../core/migration.ts";
import type { Tick } from "../../core/sample.ts";
import type { Decision, Judgement, Verdict } from "../../core/verdict.ts";
import { createEngine, type Engine } from "../../detectors/engine.ts";
import { narrowTick } from "../../detectors/narrow-tick.ts";
import { LEARN_MS } from "../../detectors/plan.ts";
import { decide } from "../../lifecycle/decide.ts";
import { decisionKey } from "../../lifecycle/ledger-ids.ts";
import { audienceOfStage } from "../../lifecycle/stages.ts";
import { type MigrationState, NOT_STARTED } from "../../lifecycle/state.ts";
import { applyEntry } from "../../lifecycle/transitions.ts";
import { isGiven, isGivenDecision } from "./recorded-history.ts";

/** A decision the replay came to. Times are epoch ms. */
export interface ReplayedDecision {
  readonly at: number;
  readonly decision: Exclude<Decision, { readonly kind: "continue" }>;
  /** Index of the stage it was decided in. */
  readonly stage: number;
  /** The verdict behind it; null for an advance or a page, behind which all of them are. */
  readonly verdict: Verdict | null;
  /** What the agent would have called it in the ledger, without the name of the migration. */
  readonly key: string;
}

/** What became of one rule. Times are epoch ms, null = never. */
export interface RuleReplay {
  readonly rule: string;
  readonly severity: Verdict["severity"];
  /** The first breach, whether or not anything was still to be decided by then. */
  readonly breach: { readonly at: number; readonly stage: number; readonly verdict: Verdict } | null;
  readonly firstClear: number | null;
  /** The verdict on the last tick; null when none was judged. */
  readonly last: Verdict | null;
}

/** What a replay came to so far. */
export interface ReplayResult {
  readonly ticks: number;
  /** Calls judged per arm. */
  readonly calls: Readonly<Record<"canary" | "baseline", number>>;
  readonly decisions: readonly ReplayedDecision[];
  readonly rules: readonly RuleReplay[];
}

/** The agent's judging, with the clock injected. */
export interface Replay {
  /** Takes in a stored tick of the hour before the next start or re-arming, as the agent does. */
  readonly learn: (tick: Tick) => void;
  /** Judges one stored tick, at the moment the agent would have. Ticks come in order. */
  readonly step: (tick: Tick) => void;
  readonly result: () => ReplayResult;
}

/** What a replay is told. Times are epoch ms, durations ms. */
export interface ReplaySettings {
  readonly tickMs: number;
  readonly settleMs: number;
  /** Judge from here only, as if the migration had been started then; null = from its start. */
  readonly from: number | null;
  /** Told of every judgement, with the moment its life began. Default: nobody is. */
  readonly judged?: (judgement: Judgement, since: number) => void;
}

/** An advance shows in the ticks by then, or a re-arming has overtaken it. */
const ADVANCE_SHOWS_MS = 60_000;

/** True for an advance that came of judging this very tick or a later one: the tick still has the stage before. */
const isAhead = ({ at, event }: LedgerEntry, tick: Tick, now: number): boolean =>
  event.type === "decision" &&
  event.decision.kind === "advance" &&
  tick.stage < event.decision.toStage &&
  now - at < ADVANCE_SHOWS_MS;

type MutableRule = { -readonly [Key in keyof RuleReplay]: RuleReplay[Key] };

const verdictBehind = (decision: Decision, { verdicts }: Judgement): Verdict | null =>
  "rule" in decision ? (verdicts.find(({ rule }) => rule === decision.rule) ?? null) : null;

const countCalls = (calls: Record<"canary" | "baseline", number>, tick: Tick): void => {
  for (const { cohort, segment, calls: count } of tick.calls) if (segment === "") calls[cohort] += count;
};

const noteVerdict = (rule: MutableRule, verdict: Verdict, { at, stage }: Judgement): void => {
  rule.last = verdict;
  switch (verdict.outcome) {
    case "breach":
      rule.breach ??= { at, stage, verdict };
      return;
    case "clear":
      rule.firstClear ??= at;
      return;
    case "undecided":
      return;
    default:
      unreachable(verdict);
  }
};

/**
 * Judges stored ticks with the rules of `migration` exactly as its agent does: the same engine, the same decisions, the
 * state folded from `recorded`, of which only what is given counts (see isGiven). Judging starts anew where the agent's
 * did, at the start and at every re-arming.
 */
export const createReplay = (
  migration: Migration,
  recorded: readonly LedgerEntry[],
  { tickMs, settleMs, from, judged }: ReplaySettings,
): Replay => {
  const given = recorded.filter(isGiven);
  let [state, next, ticks]: [MigrationState, number, number] = [NOT_STARTED, 0, 0];
  let current: { readonly engine: Engine; readonly since: number; readonly part: string | null } | null = null;
  let past: Tick[] = [];
  const calls = { canary: 0, baseline: 0 };
  const decisions: ReplayedDecision[] = [];
  const rules = new Map(
    migration.rules.map(({ id, severity }): [string, MutableRule] => [
      id,
      { rule: id, severity, breach: null, firstClear: null, last: null },
    ]),
  );

  const bringUpTo = (now: number, tick: Tick): void => {
    for (let entry = given[next]; entry !== undefined && entry.at <= now; entry = given[++next]) {
      if (isAhead(entry, tick, now)) return;
      state = applyEntry(state, migration, entry);
    }
  };
  const hasSegments = migration.stages.some((stage) => audienceOfStage(stage) !== null);
  const engineSince = (since: number, part: string | null): Engine => {
    if (current?.since === since && current.part === part) return current.engine;
    const engine = createEngine(migration);
    for (const tick of past) {
      const own = narrowTick(tick, part);
      if (own !== null) engine.learn(own);
    }
    [current, past] = [{ engine, since, part }, []];
    return engine;
  };
  /** A stage for other people is judged anew, and learned for from the hour before it. */
  const remember = (tick: Tick): void => {
    if (hasSegments) past = [...past.filter(({ to }) => to > tick.to - LEARN_MS), tick];
  };
  const keep = (decision: Decision, judgement: Judgement, now: number): void => {
    if (decision.kind === "continue") return;
    const key = decisionKey(state, decision);
    if (decisions.some((earlier) => earlier.key === key)) return;
    decisions.push({ at: now, decision, stage: judgement.stage, verdict: verdictBehind(decision, judgement), key });
    // The traffic moved when it moved: an advance that was not made then does not move the stage.
    if (isGivenDecision(decision)) return;
    const event = { type: "decision", decision, judgement } as const;
    state = applyEntry(state, migration, {
      id: key,
      at: now,
      migration: migration.name,
      by: "agent",
      incident: "",
      event,
    });
  };

  return {
    learn: (tick) => void past.push(tick),
    step: (stored) => {
      const tick = narrowTick(stored, stored.judgedPart ?? null) ?? stored;
      // The agent looks at every tick's end; this is the first look after the tick has settled.
      const now = Math.ceil((tick.to + settleMs) / tickMs) * tickMs;
      bringUpTo(now, tick);
      const since = Math.max(state.since, from ?? 0);
      if (state.hash === null || tick.to <= since) return;
      const part = stored.judgedPart ?? null;
      const engine = engineSince(since, part);
      const begin = engine.lastTick() ?? Math.floor(since / tickMs) * tickMs;
      const judgement = engine.step({ ...tick, from: Math.max(tick.from, begin) }, "outcome");
      ticks += 1;
      remember(stored);
      judged?.(judgement, state.since);
      countCalls(calls, tick);
      for (const verdict of judgement.verdicts) {
        const rule = rules.get(verdict.rule);
        if (rule !== undefined) noteVerdict(rule, verdict, judgement);
      }
      keep(decide(migration, state, judgement, now), judgement, now);
    },
    result: () => ({ ticks, calls: { ...calls }, decisions: [...decisions], rules: [...rules.values()] }),
  };
};
