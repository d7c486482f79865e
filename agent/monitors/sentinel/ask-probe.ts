import type { Answer } from "../../../features/answer.ts";
import { countOf } from "../../../formats/dialects/read/values.ts";
import { openaiChat } from "../../../formats/wire/openai/openai-chat.ts";
import { openaiChatBody } from "../../../formats/wire/openai/openai-chat-body.ts";
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

const readReply = (text: string, httpStatus: number): Read => {
  const facts = openaiChat.readAnswer(text);
  if (facts === null || facts.answer === null) return { ...NOTHING, errorType: "unreadable", httpStatus };
  const { answer, model, fingerprint, id, usage } = facts;
  return {
    errorType: "",
    httpStatus,
    answer,
    responseModel: model,
    systemFingerprint: fingerprint,
    responseId: id,
    inputTokens: countOf(usage.input),
    outputTokens: countOf(usage.output),
    cachedTokens: countOf(usage.cached),
    reasoningTokens: countOf(usage.reasoning),
  };
};

const exchange = async (
  { url, apiKey, model, maxTokens, timeout }: SentinelSettings,
  { messages, json }: Probe,
  ending: AbortSignal,
): Promise<Read> => {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify(openaiChatBody({ model, maxTokens, messages, json, temperature: 0 })),
      signal: AbortSignal.any([AbortSignal.timeout(timeout), ending]),
    });
    const { status, ok } = response;
    if (!ok) {
      await response.body?.cancel();
      return { ...NOTHING, errorType: String(status), httpStatus: status };
    }
    return readReply(await response.text(), status);
  } catch (error) {
    const { name } = Object(error) as { readonly name?: unknown };
    return { ...NOTHING, errorType: name === "TimeoutError" ? "timeout" : "network" };
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
