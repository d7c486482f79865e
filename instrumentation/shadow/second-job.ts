import type { PairKind, PairOutcome } from "../../core/pair-row.ts";
import type { ShadowPlan } from "../../core/shadow-plan.ts";
import type { AskedFor } from "../../features/answer.ts";
import type { ComparedAnswer } from "../../features/pairs/compared-answer.ts";
import { effectOf } from "../../formats/ask-again/effects.ts";
import { secondRequest } from "../../formats/ask-again/second-request.ts";
import { readServedRun } from "../../formats/ask-again/served-run.ts";
import { isHostAllowed, keyHeaders, type ShadowAccess } from "../../formats/ask-again/shadow-access.ts";
import { jsonText } from "../../formats/json/json-text.ts";
import { wireFormatOf } from "../../formats/wire/wire-formats.ts";
import type { CallContext } from "../call-context.ts";
import type { FinishedCall } from "../fetch/finished-call.ts";
import type { AppRun } from "./app-functions.ts";
import type { ToldPair } from "./pair-event.ts";
import type { RunRequest } from "./run-function.ts";
import type { SecondSending } from "./send-again.ts";

interface Job extends Pick<ToldPair, "id" | "migration" | "kind" | "servedModel" | "otherModel"> {
  readonly plan: ShadowPlan;
  readonly served: CallContext;
  readonly compared: ComparedAnswer;
  readonly asked: AskedFor;
  /** Of the call that was served. */
  readonly url: URL;
  readonly format: string;
  /** JSON of the request. */
  readonly text: string;
  /** What it keeps in memory. */
  readonly chars: number;
}

/** A request that the preload sends a second time. */
export interface SentJob extends Job {
  readonly by: "preload";
  readonly sending: SecondSending;
}

/** A call, or a whole run of an agent, that a function of the app asks again. */
export interface RunJob extends Job {
  readonly by: "app";
  readonly run: AppRun["run"];
  readonly unit: AppRun["unit"];
  readonly request: RunRequest;
}

/** A second call on its way. */
export type SecondJob = SentJob | RunJob;

/** What a job is made of, beside the call. */
export interface JobParts {
  readonly access: ShadowAccess;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly runOf: (migration: string, kind: PairKind) => AppRun | null;
  /** Random hex digits. */
  readonly hex: (chars: number) => string;
}

/** The answer of a call, as one of a pair; null without one. */
export const comparedOf = ({ answer, durationMs }: FinishedCall): ComparedAnswer | null => {
  if (!answer?.answer) return null;
  const { input = null, output = null, costUsd = null } = answer.usage;
  return { answer: answer.answer, inputTokens: input, outputTokens: output, latencyMs: durationMs, costUsd };
};

type Common = Omit<Job, "text" | "otherModel" | "chars">;

const commonOf = (
  plan: ShadowPlan,
  kind: PairKind,
  call: FinishedCall,
  compared: ComparedAnswer,
  format: string,
  hex: JobParts["hex"],
): Common => ({
  ...{
    id: call.stored?.pairIds[kind] ?? hex(32),
    migration: plan.migration,
    kind,
    plan,
    served: call.context,
    compared,
  },
  ...{ servedModel: call.request.model, asked: call.request.asked, url: call.url, format },
});

const charsOf = (text: string, { answer }: ComparedAnswer): number => text.length + (answer.text?.length ?? 0);

const sentJob = (
  plan: ShadowPlan,
  kind: PairKind,
  call: FinishedCall,
  compared: ComparedAnswer,
  { access, env, hex }: JobParts,
): SentJob | PairOutcome => {
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
  return {
    ...commonOf(plan, kind, call, compared, format.name, hex),
    ...{ by: "preload", otherModel: model, text, chars: charsOf(text, compared) },
    sending: { url: second.url, headers: { ...call.passedOn, ...key }, text, timeoutMs: plan.timeoutMs },
  };
};

/** What a run of several calls took is not what its last one did. */
const comparedRun = (compared: ComparedAnswer, calls: RunRequest["toolCalls"]): ComparedAnswer => {
  if (calls.length === 0) return compared;
  const toolCalls = [
    ...calls.map(({ name, arguments: args }) => ({ name, arguments: args })),
    ...compared.answer.toolCalls,
  ];
  const unknown = { inputTokens: null, outputTokens: null, latencyMs: null, costUsd: null };
  return { ...unknown, answer: { ...compared.answer, toolCalls } };
};

const runJob = (
  plan: ShadowPlan,
  kind: PairKind,
  { run, unit }: AppRun,
  call: FinishedCall,
  compared: ComparedAnswer,
  { hex }: JobParts,
): RunJob | PairOutcome => {
  const format = wireFormatOf(call.url);
  if (format === null) return "other-format";
  const isWithin = unit === "run" && compared.answer.toolCalls.length > 0;
  if (isWithin) return "within-run";
  const served = readServedRun(call.body, format);
  const text = jsonText(unit === "run" ? served.body : call.body);
  const effect = effectOf(call.body, text);
  if (effect !== null) return effect;
  const common = commonOf(
    plan,
    kind,
    call,
    unit === "run" ? comparedRun(compared, served.calls) : compared,
    format.name,
    hex,
  );
  const { id, migration, servedModel } = common;
  const otherModel = kind === "rerun" ? plan.baselineModel : plan.candidateModel;
  const request = {
    ...{ pairId: id, migration, model: otherModel, servedModel, format: format.name, text },
    ...{ toolCalls: served.calls, segments: call.context.segments },
  };
  const results = served.calls.reduce((sum, each) => sum + each.arguments.length + (each.result?.length ?? 0), 0);
  return {
    ...common,
    ...{ by: "app", run, unit, request, otherModel, text },
    chars: charsOf(text, compared) + results,
  };
};

/** The second call of a served one, or why there is none. A function that the app has given asks the candidate by itself. */
export const jobOf = (
  plan: ShadowPlan,
  kind: PairKind,
  call: FinishedCall,
  compared: ComparedAnswer,
  parts: JobParts,
): SecondJob | PairOutcome => {
  const own = parts.runOf(plan.migration, kind);
  return own === null ? sentJob(plan, kind, call, compared, parts) : runJob(plan, kind, own, call, compared, parts);
};
