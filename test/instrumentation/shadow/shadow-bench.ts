import type { ShadowPlan } from "../../../core/shadow-plan.ts";
import type { Answer } from "../../../features/answer.ts";
import { type CallContext, startCallContext } from "../../../instrumentation/call-context.ts";
import type { FinishedCall } from "../../../instrumentation/fetch/finished-call.ts";
import { createAppFunctions } from "../../../instrumentation/shadow/app-functions.ts";
import { createShadow, type Shadow } from "../../../instrumentation/shadow/create-shadow.ts";
import type { ShadowFunctions } from "../../../instrumentation/shadow-functions.ts";
import type { EventRecord } from "../../../instrumentation/shared-events.ts";

/** A plan by which every call is asked again. */
export const PLAN: ShadowPlan = {
  ...{ migration: "bot", operation: null, baselineModel: "old", candidateModel: "new", share: 1, selfRerun: 0 },
  ...{ audience: null, baseUrl: null, key: null, timeoutMs: 1000, concurrency: 4 },
  left: { calls: null, tokens: null, usd: null },
};

const CONTEXT: CallContext = {
  ...{ cohort: null, flag: null, conversation: null, prompt: null, segments: { tier: "free" } },
  identity: { traceId: "a".repeat(32), spanId: "b".repeat(16) },
};

const answerOf = (text: string | null, toolCalls: Answer["toolCalls"] = []): Answer => ({
  ...{ text, chars: text?.length ?? 0, refusal: null, toolCalls },
  finishReason: toolCalls.length > 0 ? "tool_calls" : "stop",
});

/** A chat completion that was served with `body`, and answered by `text`. */
export const served = (
  body: Readonly<Record<string, unknown>> = {},
  {
    text = "the answer",
    toolCalls = [],
    ...rest
  }: Partial<FinishedCall> & Partial<Pick<Answer, "text" | "toolCalls">> = {},
): FinishedCall => ({
  ...{ startedAt: 0, durationMs: 50, firstContentMs: null, stream: null, provider: "openai", attempt: 0 },
  url: new URL("http://127.0.0.1:1/v1/chat/completions"),
  request: { operation: "chat", model: "old", asked: { json: false, tools: ["find"] }, attributes: {} },
  body: { model: "old", messages: [{ role: "user", content: "a question" }], ...body },
  context: CONTEXT,
  ...{ parent: null, httpStatus: 200, errorType: null, failure: null, retries: null },
  answer: {
    ...{ id: "", model: "old", fingerprint: "", finishReasons: ["stop"], complete: true, error: null },
    usage: { input: 10, output: 5 },
    answer: answerOf(text, toolCalls),
  },
  ...rest,
});

/** A shadow with a clock that is moved by hand, and what it told. */
export interface ShadowBench {
  readonly shadow: Shadow;
  /** Registers functions for the plan's migration. */
  readonly register: (functions: ShadowFunctions) => () => void;
  /** A model call that a function makes; it is told of when the clock moves on. */
  readonly callModel: () => CallContext;
  /** Moves the clock on, and lets everything that is due happen. */
  readonly pass: (ms: number) => Promise<void>;
  readonly pairs: () => readonly EventRecord["attributes"][];
  /** Calls by what became of them, `candidate paired` for one. */
  readonly outcomes: () => Readonly<Record<string, number>>;
  readonly errors: readonly unknown[];
  readonly lines: readonly string[];
  plan: ShadowPlan;
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Begins with the budget of `plan`; what would be sent is only counted. */
export const createShadowBench = (given: Partial<ShadowPlan> = {}, random: () => number = () => 0.5): ShadowBench => {
  let now = 0;
  let ids = 0;
  const due = new Set<{ readonly fn: () => void; readonly at: number }>();
  const later = (fn: () => void, ms: number): (() => void) => {
    const timer = { fn, at: now + ms };
    due.add(timer);
    return () => void due.delete(timer);
  };
  const events: EventRecord[] = [];
  const errors: unknown[] = [];
  const lines: string[] = [];
  const functions = createAppFunctions((line) => void lines.push(line));
  const shadow = createShadow({
    ...{ access: { hosts: new Set<string>(), keys: new Set<string>() }, env: { OPENAI_API_KEY: "sk" } },
    ...{
      plans: () => [bench.plan],
      functions,
      embedInProcess: async () => "absent",
      send: async () => null,
      tell: (event) => void events.push(event),
    },
    ...{ random, tick: () => now, later, day: () => 0, onInternalError: (error) => void errors.push(error) },
    hex: () => (++ids).toString(16).padStart(32, "0"),
  });
  const pass = async (ms: number): Promise<void> => {
    const until = now + ms;
    for (;;) {
      await settle();
      const next = [...due].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      due.delete(next);
      now = Math.max(now, next.at);
      next.fn();
    }
    now = until;
  };
  const pairs = (): readonly EventRecord["attributes"][] => {
    shadow.tellCounts();
    return events.map(({ attributes }) => attributes);
  };
  const bench: ShadowBench = {
    ...{ shadow, pass, pairs, errors, lines, plan: { ...PLAN, ...given } },
    register: (each) => functions.register("bot", each),
    callModel: () => {
      const context = startCallContext(null);
      later(() => shadow.heard(served({}, { context })), 100);
      return context;
    },
    outcomes: () => {
      const counts: Record<string, number> = {};
      for (const attributes of pairs()) {
        const name = `${attributes["leeway.pair.kind"]} ${attributes["leeway.pair.outcome"]}`;
        counts[name] = (counts[name] ?? 0) + Number(attributes["leeway.pair.calls"] ?? 1);
      }
      return counts;
    },
  };
  shadow.renew([bench.plan]);
  return bench;
};
