import type { Answer } from "../../../features/answer.ts";
import { isRecord } from "../../../features/is-record.ts";
import type { SentinelSettings } from "../../config/monitor-schema.ts";
import type { Probe } from "./read-probes.ts";

/** What came back for a probe. Counts are null where the answer does not say. */
export interface ProbeReply {
  /** Epoch ms. */
  readonly startMs: number;
  readonly endMs: number;
  /** `error.type` of a call that failed: an HTTP status, `timeout`, `network` or `unreadable`; empty otherwise. */
  readonly errorType: string;
  readonly httpStatus: number | null;
  /** Null without an answer. */
  readonly answer: Answer | null;
  readonly responseModel: string;
  readonly systemFingerprint: string;
  readonly responseId: string;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cachedTokens: number | null;
  readonly reasoningTokens: number | null;
}

const bodyOf = ({ model, maxTokens }: SentinelSettings, { messages, json }: Probe): string =>
  JSON.stringify({
    model,
    messages,
    temperature: 0,
    max_tokens: maxTokens,
    ...(json ? { response_format: { type: "json_object" } } : {}),
  });

const textIn = (record: Readonly<Record<string, unknown>>, name: string): string => {
  const value = record[name];
  return typeof value === "string" ? value : "";
};

const countIn = (record: unknown, name: string): number | null => {
  const value = isRecord(record) ? record[name] : undefined;
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : null;
};

const answerOf = (body: Readonly<Record<string, unknown>>): Answer | null => {
  const choice: unknown = Array.isArray(body.choices) ? body.choices[0] : undefined;
  if (!isRecord(choice) || !isRecord(choice.message)) return null;
  const { content, refusal } = choice.message;
  const text = typeof content === "string" ? content : null;
  return {
    text,
    chars: text?.length ?? 0,
    refusal: typeof refusal === "string" ? refusal : null,
    finishReason: textIn(choice, "finish_reason"),
    toolCalls: [],
  };
};

type Read = Omit<ProbeReply, "startMs" | "endMs">;

const NOTHING: Read = {
  errorType: "",
  httpStatus: null,
  answer: null,
  responseModel: "",
  systemFingerprint: "",
  responseId: "",
  inputTokens: null,
  outputTokens: null,
  cachedTokens: null,
  reasoningTokens: null,
};

const readBody = (body: unknown, httpStatus: number): Read => {
  const answer = isRecord(body) ? answerOf(body) : null;
  if (!isRecord(body) || answer === null) return { ...NOTHING, errorType: "unreadable", httpStatus };
  const usage = isRecord(body.usage) ? body.usage : {};
  return {
    errorType: "",
    httpStatus,
    answer,
    responseModel: textIn(body, "model"),
    systemFingerprint: textIn(body, "system_fingerprint"),
    responseId: textIn(body, "id"),
    inputTokens: countIn(usage, "prompt_tokens"),
    outputTokens: countIn(usage, "completion_tokens"),
    cachedTokens: countIn(usage.prompt_tokens_details, "cached_tokens"),
    reasoningTokens: countIn(usage.completion_tokens_details, "reasoning_tokens"),
  };
};

const exchange = async (settings: SentinelSettings, probe: Probe, ending: AbortSignal): Promise<Read> => {
  try {
    const response = await fetch(settings.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(settings.apiKey === "" ? {} : { authorization: `Bearer ${settings.apiKey}` }),
      },
      body: bodyOf(settings, probe),
      signal: AbortSignal.any([AbortSignal.timeout(settings.timeout), ending]),
    });
    const { status, ok } = response;
    if (!ok) {
      await response.body?.cancel();
      return { ...NOTHING, errorType: String(status), httpStatus: status };
    }
    return readBody(JSON.parse(await response.text()), status);
  } catch (error) {
    const { name } = Object(error) as { readonly name?: unknown };
    const errorType = name === "TimeoutError" ? "timeout" : error instanceof SyntaxError ? "unreadable" : "network";
    return { ...NOTHING, errorType };
  }
};

/**
 * Asks the model one probe, at temperature 0. A failure is an answer too: never rejects. The text stays in memory; the
 * key goes nowhere but into the request. `ending` breaks the call off.
 */
export const askProbe = async (
  settings: SentinelSettings,
  probe: Probe,
  { now, ending }: { readonly now: () => number; readonly ending: AbortSignal },
): Promise<ProbeReply> => {
  const startMs = now();
  const read = await exchange(settings, probe, ending);
  return { ...read, startMs, endMs: Math.max(startMs, now()) };
};
