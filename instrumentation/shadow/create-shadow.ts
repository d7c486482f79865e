import { isOfAudience } from "../../core/audience.ts";
import type { PairKind, PairOutcome } from "../../core/pair-row.ts";
import type { ShadowPlan } from "../../core/shadow-plan.ts";
import { compareAnswers } from "../../features/pairs/compare-answers.ts";
import type { ComparedAnswer } from "../../features/pairs/compared-answer.ts";
import { PASSED_ON } from "../../formats/ask-again/key-header.ts";
import type { ShadowAccess } from "../../formats/ask-again/shadow-access.ts";
import type { CallContext } from "../call-context.ts";
import { createFailOpen } from "../fail-open.ts";
import type { FinishedCall } from "../fetch/finished-call.ts";
import { insidePair, type PairMark } from "../pair-scope.ts";
import type { EventRecord } from "../shared-events.ts";
import type { AppFunctions } from "./app-functions.ts";
import type { EmbedInProcess } from "./in-process.ts";
import { createLanes, heldBy, takeTurn } from "./lanes.ts";
import { type AskedPair, createOpinions, type Opinion } from "./opinions.ts";
import { pairEvent, type ToldPair, unpairedEvent } from "./pair-event.ts";
import { type RunEnd, runFunction } from "./run-function.ts";
import { addCall, type RunState, runAnswer } from "./run-job.ts";
import { comparedOf, jobOf, type RunJob, type SecondJob, type SentJob } from "./second-job.ts";
import type { SendAgain } from "./send-again.ts";
import { createUnpairedCounts, type Unpaired } from "./unpaired-counts.ts";

/** Asks candidates what the app asked their baselines, behind the app's back and in nobody's way. */
export interface Shadow {
  /** Hears of every call that ended, also of its own. */
  readonly heard: (call: FinishedCall) => void;
  /** What of a request's headers is kept until it ended; null while nothing is shadowed. */
  readonly carry: (headers: Headers) => Readonly<Record<string, string>> | null;
  /** Takes over what the agent says is left of the day's budget. */
  readonly renew: (plans: readonly ShadowPlan[]) => void;
  /** Tells what was counted so far. */
  readonly tellCounts: () => void;
  /** Why nothing would be asked of a migration now; null = it would. */
  readonly held: (migration: string) => PairOutcome | "no-plan" | null;
  /** Counts a served call that is not asked again. */
  readonly count: (of: Unpaired) => void;
  /** Second calls that wait or are under way, and pairs that are not told of yet. */
  readonly open: () => number;
  /** The process ends: what is under way makes no pair any more. */
  readonly end: () => void;
}

/** What a shadow works with. */
export interface ShadowParts {
  readonly access: ShadowAccess;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly plans: () => readonly ShadowPlan[];
  readonly functions: Pick<AppFunctions, "runOf" | "embedOf">;
  readonly embedInProcess: EmbedInProcess;
  readonly send: SendAgain;
  /** Takes the event of a pair over. */
  readonly tell: (event: EventRecord) => void;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Monotonic ms. */
  readonly tick: () => number;
  readonly later: (fn: () => void, ms: number) => () => void;
  /** Numbers the days of the budget, UTC. */
  readonly day: () => number;
  /** Random hex digits. */
  readonly hex: (chars: number) => string;
  readonly onInternalError: (error: unknown) => void;
}

/** Requests that wait, and characters of them and of the answers they are compared with. */
const MAX_WAITING = 256;
const MAX_CHARS = 16 * 1024 * 1024;

/** An answer that is over is told within this time, ms. */
const TOLD_MS = 5_000;

/** Longest name of a model that a function of the app gives. */
const MAX_NAME = 256;

const isServedBy = (plan: ShadowPlan, { context, request }: FinishedCall): boolean =>
  request.model === plan.baselineModel &&
  (plan.operation === null || plan.operation === request.operation) &&
  (context.cohort === null || context.cohort === "baseline");

const tokensOf = ({ inputTokens, outputTokens }: ComparedAnswer): number | null =>
  inputTokens === null || outputTokens === null ? null : inputTokens + outputTokens;

const NO_OPINION: Opinion = { numbers: {}, labels: {} };

const askedPair = (job: SecondJob, other: ComparedAnswer): AskedPair => ({
  ...{ id: job.id, migration: job.migration, served: job.served, plan: job.plan, kind: job.kind },
  ...{ url: job.url, format: job.format, request: job.text },
  texts: [job.compared.answer.text ?? "", other.answer.text ?? ""],
});

/** Starts with nothing to do. An error of ours ends the shadow, and nothing else. */
export const createShadow = (parts: ShadowParts): Shadow => {
  const { plans, functions, send, tell, random, later, hex } = parts;
  const { guard, attempt } = createFailOpen(parts.onInternalError);
  const counts = createUnpairedCounts();
  const laneOf = createLanes(parts);
  const jobParts = { ...parts, runOf: functions.runOf };
  /** Requests that were sent, until they are told of. */
  const sent = new Map<string, SentJob>();
  const runs = new Map<string, RunState>();
  const askOpinions = createOpinions({ ...parts, embedOf: functions.embedOf });
  /** Pairs of which other models are being asked, and how they are told. */
  const heardOut = new Map<string, (opinion: Opinion) => void>();
  let waiting: SecondJob[] = [];
  let chars = 0;

  const unpaired = (
    { migration, kind }: Pick<SecondJob, "migration" | "kind">,
    segments: CallContext["segments"],
    outcome: PairOutcome,
  ): void => counts.add({ migration, kind, outcome, segments });

  const told = (job: SecondJob, outcome: PairOutcome, rest: Partial<ToldPair> = {}): void => {
    const { id, migration, kind, served, servedModel, otherModel } = job;
    const base = { id, migration, kind, served, servedModel, otherModel };
    tell(pairEvent({ ...base, outcome, other: null, errorType: "", difference: null, ...rest }));
  };

  /** Its turn is over, and another one's may begin. */
  const leave = (job: SecondJob): void => {
    laneOf(job.migration).active -= 1;
    chars -= job.chars;
    pump();
  };

  const missed = (job: SecondJob, outcome: PairOutcome, errorType: string, other: ToldPair["other"] = null): void => {
    // A tool that was not served says nothing about whether the candidate can be asked.
    if (outcome !== "unknown-tool-call") laneOf(job.migration).breaker.failed();
    told(job, outcome, { other, errorType });
  };

  const paired = (
    job: SecondJob,
    other: ComparedAnswer,
    rest: Pick<ToldPair, "other"> & Partial<Pick<ToldPair, "otherModel">>,
  ): void => {
    laneOf(job.migration).breaker.succeeded();
    const difference = compareAnswers(job.compared, other, job.asked);
    const tellWith = ({ numbers, labels }: Opinion): void => {
      const measures = { ...difference.numbers, ...numbers };
      told(job, "paired", { ...rest, difference: { ...difference, numbers: measures }, labels });
    };
    const isSame = difference.numbers.equal_normalised === 1;
    const opinions = isSame ? null : askOpinions(askedPair(job, other));
    if (opinions === null) tellWith(NO_OPINION);
    else {
      heardOut.set(job.id, tellWith);
      const once = (opinion: Opinion): void => {
        if (heardOut.delete(job.id)) tellWith(opinion);
      };
      void opinions.then((opinion) => guard(once, opinion));
    }
  };

  /** It is over, and the call was never told of: it was none that is understood. */
  const unheard = (job: SentJob): void => {
    if (sent.delete(job.id)) told(job, "failed", { errorType: "not-observed" });
  };

  const over = (job: SentJob): void => {
    later(() => guard(unheard, job), TOLD_MS);
    leave(job);
  };

  const startSending = (job: SentJob): void => {
    sent.set(job.id, job);
    const { id, migration, served, sending } = job;
    void insidePair({ id, migration, served }, () => send(sending)).then(
      () => guard(over, job),
      (error: unknown) => {
        parts.onInternalError(error);
        guard(over, job);
      },
    );
  };

  const answered = (job: SentJob, call: FinishedCall): void => {
    sent.delete(job.id);
    const other = call.errorType === null ? comparedOf(call) : null;
    if (other === null)
      missed(job, call.errorType === "timeout" ? "timed-out" : "failed", call.errorType ?? "no-answer", call.context);
    else {
      laneOf(job.migration).allowance.used(tokensOf(other));
      paired(job, other, { other: call.context });
    }
  };

  /** Told when its calls are, or when that has taken too long. */
  const tellRun = (state: RunState): void => {
    const { job, end } = state;
    if (end === null || !runs.delete(job.id)) return;
    if (end.outcome !== "paired") missed(job, end.outcome, end.errorType, state.context);
    else {
      const otherModel = end.given.model.slice(0, MAX_NAME) || job.otherModel;
      paired(job, runAnswer(state, end), { other: state.context, otherModel });
    }
  };

  const runEnded = (state: RunState, end: RunEnd): void => {
    const { job, running, calls } = state;
    state.end = end;
    const lane = laneOf(job.migration);
    if (!running.isSettled()) {
      lane.overdue += 1;
      void running.settled.then(() => {
        lane.overdue -= 1;
      });
    }
    if (calls.begun === 0) lane.allowance.unseen();
    if (state.told >= calls.begun) tellRun(state);
    else later(() => guard(tellRun, state), TOLD_MS);
    leave(job);
  };

  const startRun = (job: RunJob): void => {
    const { id, migration, served, plan } = job;
    const calls = { begun: 0 };
    const onCall = (): void => {
      // The first one is the call that was taken from the budget.
      if (calls.begun > 0) laneOf(migration).allowance.more();
      calls.begun += 1;
    };
    const mark: PairMark = { id, migration, served, onCall };
    const running = insidePair(mark, () => runFunction(job.run, job.request, plan.timeoutMs, parts));
    const state: RunState = {
      ...{ job, running, calls, told: 0, inputTokens: 0, outputTokens: 0, costUsd: 0, context: null, end: null },
    };
    runs.set(id, state);
    void running.ended.then((end) => guard(runEnded, state, end));
  };

  const start = (job: SecondJob): void => {
    const lane = laneOf(job.migration);
    const usedUp = takeTurn(lane);
    if (usedUp !== null) {
      chars -= job.chars;
      unpaired(job, job.served.segments, usedUp);
      return;
    }
    lane.active += 1;
    if (job.by === "app") startRun(job);
    else startSending(job);
  };

  const pump = (): void => {
    const left: SecondJob[] = [];
    for (const job of waiting.splice(0)) {
      if (laneOf(job.migration).active < job.plan.concurrency) start(job);
      else left.push(job);
    }
    waiting = [...left, ...waiting];
  };

  /** Null where there is room for it. */
  const crowded = (job: SecondJob): PairOutcome | null => {
    if (waiting.length >= MAX_WAITING) return "queue-full";
    return chars + job.chars > MAX_CHARS ? "memory-full" : null;
  };

  const ask = (plan: ShadowPlan, kind: PairKind, call: FinishedCall, compared: ComparedAnswer): void => {
    const { segments } = call.context;
    const job = jobOf(plan, kind, call, compared, jobParts);
    if (typeof job === "string") {
      unpaired({ migration: plan.migration, kind }, segments, job);
      return;
    }
    const left = crowded(job);
    if (left !== null) {
      unpaired(job, segments, left);
      return;
    }
    chars += job.chars;
    waiting.push(job);
  };

  const consider = (plan: ShadowPlan, call: FinishedCall): void => {
    if (!isServedBy(plan, call)) return;
    const { audience, share, migration } = plan;
    const isOutside = audience !== null && !isOfAudience(audience, call.context.segments[audience.segment] ?? null);
    const draw = (kind: PairKind): number => call.stored?.draws[kind] ?? random();
    const isLeftOut = isOutside || draw("candidate") >= share;
    const compared = call.errorType === null ? comparedOf(call) : null;
    if (isLeftOut || compared === null)
      unpaired({ migration, kind: "candidate" }, call.context.segments, isLeftOut ? "sampled-out" : "unanswered");
    else {
      ask(plan, "candidate", call, compared);
      if (draw("rerun") < plan.selfRerun) ask(plan, "rerun", call, compared);
    }
  };

  /** A call of a function of the app; it may be late. */
  const heardInRun = (mark: PairMark, call: FinishedCall): void => {
    const other = comparedOf(call);
    if (other !== null) laneOf(mark.migration).allowance.used(tokensOf(other));
    const state = runs.get(mark.id);
    if (state === undefined) return;
    addCall(state, call);
    if (state.end !== null && state.told >= state.calls.begun) tellRun(state);
  };

  const hear = (call: FinishedCall): void => {
    const mark = call.context.pair;
    if (mark === undefined) {
      for (const plan of plans())
        if ((call.stored?.migration ?? plan.migration) === plan.migration) consider(plan, call);
      pump();
      return;
    }
    const job = sent.get(mark.id);
    if (job !== undefined) answered(job, call);
    else if (mark.onCall !== undefined) heardInRun(mark, call);
  };

  const tellCounts = (): void => counts.take((of, calls) => tell(unpairedEvent(hex(32), of, calls)));

  const end = (): void => {
    for (const job of waiting.splice(0)) unpaired(job, job.served.segments, "ended");
    for (const job of sent.values()) told(job, "ended");
    const stopped = [...runs.values()];
    for (const state of stopped) {
      if (state.end === null) told(state.job, "ended");
      else tellRun(state);
    }
    for (const tellWith of heardOut.values()) tellWith(NO_OPINION);
    heardOut.clear();
    sent.clear();
    runs.clear();
    tellCounts();
    // Last: what listens to a signal is the app's.
    for (const { running } of stopped) running.stop();
  };

  return {
    heard: (call) => guard(hear, call),
    carry: (headers) =>
      attempt(() => {
        if (plans().length === 0) return null;
        return Object.fromEntries(
          PASSED_ON.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) ?? ""]] : [])),
        );
      }, null),
    renew: (next) =>
      guard(() => {
        for (const { migration, left } of next) {
          const lane = laneOf(migration);
          lane.allowance.renew(left, lane.active);
        }
      }),
    tellCounts: () => guard(tellCounts),
    held: (migration) => (plans().some((plan) => plan.migration === migration) ? heldBy(laneOf(migration)) : "no-plan"),
    count: counts.add,
    open: () => waiting.length + sent.size + runs.size + heardOut.size,
    end: () => guard(end),
  };
};
