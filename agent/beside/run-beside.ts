import { LeewayError } from "../../core/errors.ts";
import type { ShadowPlan } from "../../core/shadow-plan.ts";
import type { JsonObject } from "../../formats/json/json-object.ts";
import type { SharedBeside } from "../../instrumentation/shared-beside.ts";
import type { AskedModel } from "../replay/asker.ts";
import type { Pace, PaceClock } from "../replay/pace.ts";
import { askBeside, type BesideChoice, baselineOf, besideRequest, candidateOf } from "./beside-askers.ts";
import { contentQuestion, type NotAskable } from "./content-question.ts";
import { storedCall } from "./stored-call.ts";
import type { StoredContent } from "./stored-content.ts";

/** What is asked again, and how. */
export interface BesidePlan {
  readonly migration: string;
  /** `service.name` of the calls that are asked again. */
  readonly service: string;
  readonly candidate: BesideChoice;
  readonly baseline: Pick<BesideChoice, "provider" | "baseUrl" | "keyVariable">;
  /** Second calls under way at a time; the document's own number is never exceeded. */
  readonly concurrency: number;
  /** True = end where nothing is left; false = wait for more. */
  readonly isOnce: boolean;
}

/** What a run works with. */
export interface BesideParts {
  readonly beside: SharedBeside;
  /** Stored calls from `after` on, in their order; empty `after` = from the beginning. */
  readonly page: (after: string) => Promise<readonly StoredContent[]>;
  /** Ids (`trace.span`) of those that the candidate was asked already. */
  readonly asked: (calls: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Where the run before ended. */
  readonly from: string;
  /** All before this place is dealt with. */
  readonly save: (after: string) => Promise<void>;
  readonly pace: Pick<Pace, "turn">;
  readonly clock: PaceClock;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted when nothing more is to be asked. */
  readonly ending: AbortSignal;
  /** Aborted when nothing is waited for any more. */
  readonly breaking: AbortSignal;
  readonly say: (line: string) => void;
}

/** How a run ended. */
export interface BesideResult {
  /** Calls by what became of them, as pairs are told: `candidate paired`. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Calls that had been asked before, and those of other services. */
  readonly before: number;
  readonly otherService: number;
  /** Calls that cannot be asked again, by why. */
  readonly notAskable: Readonly<Record<NotAskable, number>>;
  /** Why it ended before everything was dealt with; empty = it did not. */
  readonly stopped: string;
}

/** Different lines that are said; the counts tell of all. */
const MAX_LINES = 20;

const LOOK_MS = 50;
const POLL_MS = 5_000;
/** So long it is waited for an agent that says what is to be asked, where the run is to end by itself. */
const PATIENCE_MS = 30_000;

/** Place of a call, as the agent's API reads it. */
export const placeOf = ({ received_ms, trace_id, span_id }: StoredContent): string =>
  `${Math.floor(received_ms)}.${trace_id}.${span_id}`;

const callId = ({ trace_id, span_id }: StoredContent): string => `${trace_id}.${span_id}`;

interface Models {
  readonly candidate: AskedModel;
  readonly baseline: AskedModel | null;
}

/** Has stored calls asked again, in their order, as the preload's shadow asks those of an app. Rejects with the agent's error. */
export const runBeside = async (plan: BesidePlan, parts: BesideParts): Promise<BesideResult> => {
  const { migration, service, concurrency, isOnce } = plan;
  const { beside, clock, ending, breaking, environment, say } = parts;
  const notAskable: Record<NotAskable, number> = { shortened: 0, "no-messages": 0, redacted: 0, "other-words": 0 };
  const counts = { before: 0, otherService: 0 };
  /** Requests by the id of their pair. */
  const requests = new Map<string, { readonly asked: AskedModel; readonly body: JsonObject }>();
  const told = new Set<string>();
  let models: (Models & { readonly of: string }) | null = null;
  let stopped = "";

  const sayOnce = (line: string): void => {
    if (told.has(line) || told.size >= MAX_LINES) return;
    told.add(line);
    say(line);
  };

  const ask: Parameters<SharedBeside["askBy"]>[1]["candidate"] = (call) => {
    const request = requests.get(call.pairId);
    requests.delete(call.pairId);
    if (request === undefined) throw new Error("no request");
    return askBeside(request.asked, request.body, call);
  };
  beside.askBy(migration, { candidate: ask, rerun: ask });

  const modelsOf = (of: ShadowPlan): Models => {
    const key = JSON.stringify([of.baselineModel, of.candidateModel, of.baseUrl, of.key]);
    if (models?.of === key) return models;
    const baseline = baselineOf(of, plan.baseline, environment);
    if ("why" in baseline && of.selfRerun > 0) sayOnce(`the baseline is not asked once more: ${baseline.why}`);
    models = {
      ...{ of: key, candidate: candidateOf(of, plan.candidate, environment) },
      baseline: "why" in baseline ? null : baseline,
    };
    return models;
  };

  const stop = (why: string): null => {
    stopped ||= why;
    return null;
  };

  /** What is to be asked, when there is room for one more call; null where nothing more is to be. */
  const turn = async (): Promise<ShadowPlan | null> => {
    for (let waited = 0; ; waited += LOOK_MS) {
      if (ending.aborted) return stop("it was told to end");
      const held = beside.held(migration);
      const asked = beside.plan(migration);
      if (held === null && asked !== null && beside.open() < Math.min(concurrency, asked.concurrency))
        return (await parts.pace.turn(ending)) ? asked : stop("it was told to end");
      if (held?.startsWith("budget-")) {
        if (isOnce) return stop(`the day's budget is used up (${held})`);
        sayOnce(`the day's budget is used up (${held}): waiting`);
      }
      if (held === "no-plan" && isOnce && waited > PATIENCE_MS)
        return stop(`the agent does not say that ${migration} is to be shadowed now`);
      await clock.sleep(LOOK_MS, ending);
    }
  };

  const deal = (content: StoredContent, asked: ShadowPlan): void => {
    const refuse = (not: NotAskable, why: string): void => {
      notAskable[not] += 1;
      sayOnce(`not askable: ${why}`);
      beside.count({ migration, kind: "candidate", outcome: "not-askable", segments: content.segments });
    };
    const { candidate, baseline } = modelsOf(asked);
    const question = contentQuestion(content);
    if ("not" in question) {
      refuse(question.not, question.why);
      return;
    }
    const { maxTokens } = plan.candidate;
    const second = besideRequest(candidate, question.asked, maxTokens);
    if ("notAskable" in second) {
      refuse("other-words", second.notAskable);
      return;
    }
    const rerun = baseline === null ? null : besideRequest(baseline, question.asked, maxTokens);
    const body = rerun === null || "notAskable" in rerun ? null : rerun.body;
    const url = new URL((baseline ?? candidate).url);
    const call = storedCall(migration, content, url, body !== null);
    const { pairIds } = call.stored;
    requests.set(pairIds.candidate, { asked: candidate, body: second.body });
    if (baseline !== null && body !== null) requests.set(pairIds.rerun, { asked: baseline, body });
    beside.serve(call);
  };

  const idle = async (): Promise<void> => {
    while (beside.open() > 0 && !breaking.aborted) await clock.sleep(LOOK_MS, breaking);
    requests.clear();
  };

  /** The last call that was dealt with; null where there was none. */
  const dealAll = async (calls: readonly StoredContent[]): Promise<StoredContent | null> => {
    const asked = await parts.asked(calls.map(callId));
    let last: StoredContent | null = null;
    for (const content of calls) {
      if (content.service !== service) counts.otherService += 1;
      else if (asked.has(callId(content))) counts.before += 1;
      else {
        const now = await turn();
        if (now === null) break;
        deal(content, now);
      }
      last = content;
    }
    return last;
  };

  let after = parts.from;
  /** A run that goes on outlives an agent that is away for a while. */
  const pageOrNone = (): Promise<readonly StoredContent[]> =>
    parts.page(after).catch((error: unknown) => {
      if (isOnce || !(error instanceof LeewayError) || error.code !== "agent-unreachable") throw error;
      sayOnce(`${error.message}: waiting`);
      return [];
    });
  while (stopped === "" && !ending.aborted) {
    const calls = await pageOrNone();
    if (calls.length === 0) {
      if (isOnce) break;
      await clock.sleep(POLL_MS, ending);
      continue;
    }
    const last = await dealAll(calls);
    await idle();
    if (last !== null && !breaking.aborted) {
      after = placeOf(last);
      await parts.save(after);
    }
  }
  await idle();
  if (ending.aborted) stop("it was told to end");
  return { outcomes: beside.outcomes(), ...counts, notAskable, stopped };
};
