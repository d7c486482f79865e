import { isOfAudience } from "../../core/audience.ts";
import type { PairKind, PairOutcome } from "../../core/pair-row.ts";
import type { ShadowPlan } from "../../core/shadow-plan.ts";
import type { AskedFor } from "../../features/answer.ts";
import { compareAnswers } from "../../features/pairs/compare-answers.ts";
import type { ComparedAnswer } from "../../features/pairs/compared-answer.ts";
import { effectOf } from "../../formats/ask-again/effects.ts";
import { PASSED_ON } from "../../formats/ask-again/key-header.ts";
import { secondRequest } from "../../formats/ask-again/second-request.ts";
import { wireFormatOf } from "../../formats/wire/wire-formats.ts";
import type { CallContext } from "../call-context.ts";
import { createFailOpen } from "../fail-open.ts";
import type { FinishedCall } from "../fetch/finished-call.ts";
import { insidePair } from "../pair-scope.ts";
import type { EventRecord } from "../shared-events.ts";
import { createAllowance } from "./allowance.ts";
import { createBreaker } from "./breaker.ts";
import { type AskedPair, createOpinions, type Opinion } from "./opinions.ts";
import { pairEvent, type ToldPair, unpairedEvent } from "./pair-event.ts";
import type { SecondSending, SendAgain } from "./send-again.ts";
import { isHostAllowed, keyHeaders, type ShadowAccess } from "./shadow-access.ts";
import { createUnpairedCounts } from "./unpaired-counts.ts";

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
  /** The process ends: what is under way makes no pair any more. */
  readonly end: () => void;
}

/** What a shadow works with. */
export interface ShadowParts {
  readonly access: ShadowAccess;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly plans: () => readonly ShadowPlan[];
  readonly send: SendAgain;
  /** Takes the event of a pair over. */
  readonly tell: (event: EventRecord) => void;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Monotonic ms. */
  readonly tick: () => number;
  readonly later: (fn: () => void, ms: number) => void;
  /** Random hex digits. */
  readonly hex: (chars: number) => string;
  readonly onInternalError: (error: unknown) => void;
}

/** Requests that wait, and characters of them and of the answers they are compared with. */
const MAX_WAITING = 256;
const MAX_CHARS = 16 * 1024 * 1024;

/** An answer that is over is told within this time, ms. */
const TOLD_MS = 5_000;

/** A second call on its way. */
interface Job extends Pick<ToldPair, "id" | "migration" | "kind" | "servedModel" | "otherModel"> {
  readonly plan: ShadowPlan;
  readonly served: CallContext;
  readonly compared: ComparedAnswer;
  readonly asked: AskedFor;
  readonly sending: SecondSending;
  /** Of the call that was served. */
  readonly url: URL;
  readonly format: string;
  readonly chars: number;
}

interface Lane {
  readonly allowance: ReturnType<typeof createAllowance>;
  readonly breaker: ReturnType<typeof createBreaker>;
  active: number;
}

const comparedOf = ({ answer, durationMs }: FinishedCall): ComparedAnswer | null => {
  if (!answer?.answer) return null;
  const { input = null, output = null, costUsd = null } = answer.usage;
  return { answer: answer.answer, inputTokens: input, outputTokens: output, latencyMs: durationMs, costUsd };
};

const isServedBy = (plan: ShadowPlan, { context, request }: FinishedCall): boolean =>
  request.model === plan.baselineModel &&
  (plan.operation === null || plan.operation === request.operation) &&
  (context.cohort === null || context.cohort === "baseline");

const tokensOf = ({ inputTokens, outputTokens }: ComparedAnswer): number | null =>
  inputTokens === null || outputTokens === null ? null : inputTokens + outputTokens;

const NO_OPINION: Opinion = { numbers: {}, labels: {} };

const askedPair = (job: Job, other: ComparedAnswer): AskedPair => ({
  ...{ id: job.id, migration: job.migration, served: job.served, plan: job.plan, kind: job.kind },
  ...{ url: job.url, format: job.format, request: job.sending.text },
  texts: [job.compared.answer.text ?? "", other.answer.text ?? ""],
});

/** Starts with nothing to do. An error of ours ends the shadow, and nothing else. */
export const createShadow = (parts: ShadowParts): Shadow => {
  const { access, env, plans, send, tell, random, tick, later, hex } = parts;
  const { guard, attempt } = createFailOpen(parts.onInternalError);
  const counts = createUnpairedCounts();
  const lanes = new Map<string, Lane>();
  const pending = new Map<string, Job>();
  const askOpinions = createOpinions(parts);
  /** Pairs of which other models are being asked, and how they are told. */
  const heardOut = new Map<string, (opinion: Opinion) => void>();
  let waiting: Job[] = [];
  let chars = 0;

  const laneOf = (migration: string): Lane => {
    const found = lanes.get(migration);
    if (found !== undefined) return found;
    const made = { allowance: createAllowance(), breaker: createBreaker(tick), active: 0 };
    lanes.set(migration, made);
    return made;
  };

  const told = (job: Job, outcome: PairOutcome, rest: Partial<ToldPair> = {}): void => {
    const { id, migration, kind, served, servedModel, otherModel } = job;
    const base = { id, migration, kind, served, servedModel, otherModel };
    tell(pairEvent({ ...base, outcome, other: null, errorType: "", difference: null, ...rest }));
  };

  const isWaited = (job: Job): boolean => pending.get(job.id) === job;

  /** It is over, and the call was never told of: it was none that is understood. */
  const unheard = (job: Job): void => {
    if (!isWaited(job)) return;
    pending.delete(job.id);
    told(job, "failed", { errorType: "not-observed" });
  };

  const over = (job: Job): void => {
    laneOf(job.migration).active -= 1;
    chars -= job.chars;
    later(() => guard(unheard, job), TOLD_MS);
    pump();
  };

  const start = (job: Job): void => {
    const lane = laneOf(job.migration);
    const usedUp = lane.breaker.isOpen() ? "breaker-open" : lane.allowance.take();
    if (usedUp !== null) {
      chars -= job.chars;
      counts.add(job.migration, job.kind, usedUp);
      return;
    }
    lane.active += 1;
    pending.set(job.id, job);
    const { id, migration, served, sending } = job;
    void insidePair({ id, migration, served }, () => send(sending)).then(
      () => guard(over, job),
      (error: unknown) => {
        parts.onInternalError(error);
        guard(over, job);
      },
    );
  };

  const pump = (): void => {
    const left: Job[] = [];
    for (const job of waiting.splice(0)) {
      if (laneOf(job.migration).active < job.plan.concurrency) start(job);
      else left.push(job);
    }
    waiting = left;
  };

  /** The job, or why there is none. */
  const jobOf = (plan: ShadowPlan, kind: PairKind, call: FinishedCall, compared: ComparedAnswer): Job | PairOutcome => {
    const format = wireFormatOf(call.url);
    const model = kind === "rerun" ? plan.baselineModel : plan.candidateModel;
    const baseUrl = kind === "rerun" ? null : plan.baseUrl;
    const second = format && secondRequest({ format: format.name, url: call.url, body: call.body }, model, baseUrl);
    if (format === null || second === null) return "other-format";
    const text = JSON.stringify(second.body);
    const effect = effectOf(call.body, text);
    if (effect !== null) return effect;
    const url = new URL(second.url);
    const key = isHostAllowed(url, call.url, access)
      ? keyHeaders(url, format, kind === "rerun" ? null : plan.key, access, env)
      : null;
    if (key === null) return "no-key";
    const size = text.length + (compared.answer.text?.length ?? 0);
    if (waiting.length >= MAX_WAITING) return "queue-full";
    if (chars + size > MAX_CHARS) return "memory-full";
    return {
      ...{ id: hex(32), migration: plan.migration, kind, plan, served: call.context, compared, chars: size },
      ...{ servedModel: call.request.model, otherModel: model, asked: call.request.asked },
      ...{ url: call.url, format: format.name },
      sending: { url: second.url, headers: { ...call.passedOn, ...key }, text, timeoutMs: plan.timeoutMs },
    };
  };

  const ask = (plan: ShadowPlan, kind: PairKind, call: FinishedCall, compared: ComparedAnswer): void => {
    const job = jobOf(plan, kind, call, compared);
    if (typeof job === "string") counts.add(plan.migration, kind, job);
    else {
      chars += job.chars;
      waiting.push(job);
    }
  };

  const consider = (plan: ShadowPlan, call: FinishedCall): void => {
    if (!isServedBy(plan, call)) return;
    const { audience, share, migration } = plan;
    const isOutside = audience !== null && !isOfAudience(audience, call.context.segments[audience.segment] ?? null);
    const isLeftOut = isOutside || random() >= share;
    const compared = call.errorType === null ? comparedOf(call) : null;
    if (isLeftOut || compared === null) counts.add(migration, "candidate", isLeftOut ? "sampled-out" : "unanswered");
    else {
      ask(plan, "candidate", call, compared);
      if (random() < plan.selfRerun) ask(plan, "rerun", call, compared);
    }
  };

  const missed = (job: Job, { context, errorType }: FinishedCall): void => {
    laneOf(job.migration).breaker.failed();
    const outcome = errorType === "timeout" ? "timed-out" : "failed";
    told(job, outcome, { other: context, errorType: errorType ?? "no-answer" });
  };

  const paired = (job: Job, { context }: FinishedCall, other: ComparedAnswer): void => {
    const { breaker, allowance } = laneOf(job.migration);
    breaker.succeeded();
    allowance.used(tokensOf(other));
    const difference = compareAnswers(job.compared, other, job.asked);
    const tellWith = ({ numbers, labels }: Opinion): void => {
      const measures = { ...difference.numbers, ...numbers };
      told(job, "paired", { other: context, difference: { ...difference, numbers: measures }, labels });
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

  const answered = (job: Job, call: FinishedCall): void => {
    pending.delete(job.id);
    const other = call.errorType === null ? comparedOf(call) : null;
    if (other === null) missed(job, call);
    else paired(job, call, other);
  };

  const hear = (call: FinishedCall): void => {
    const mark = call.context.pair;
    if (mark !== undefined) {
      const job = pending.get(mark.id);
      if (job !== undefined) answered(job, call);
      return;
    }
    for (const plan of plans()) consider(plan, call);
    pump();
  };

  const tellCounts = (): void => counts.take((of, calls) => tell(unpairedEvent(hex(32), of, calls)));

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
    end: () =>
      guard(() => {
        for (const { migration, kind } of waiting.splice(0)) counts.add(migration, kind, "ended");
        for (const job of pending.values()) told(job, "ended");
        for (const tellWith of heardOut.values()) tellWith(NO_OPINION);
        heardOut.clear();
        pending.clear();
        tellCounts();
      }),
  };
};
