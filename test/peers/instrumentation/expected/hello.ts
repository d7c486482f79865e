import { type Expected, type ExpectedSpan, PRESENT } from "./expected.ts";

/** The text of the doubles' plain answer is 25 characters long. */
const SAID: ExpectedSpan = { "leeway.output.chars": 25, "leeway.output.refusal_class": "none" };

/** What differs between the SDKs that talk to the shared doubles. */
interface Dialect {
  readonly operation: string;
  /** Absent where loopback hides the provider. */
  readonly provider?: string;
  /** Cached tokens included, as the conventions ask for. */
  readonly inputTokens: number;
  /** Of a thinking answer; undefined where the provider does not say. */
  readonly reasoningTokens?: number;
  /** How often the SDK repeats what fails each time; default 0. */
  readonly retries?: number;
}

/** Expectations shared by every wire format, by the last word of a step's name. */
const scenarios = ({
  operation,
  provider,
  inputTokens,
  reasoningTokens,
  retries = 0,
}: Dialect): Readonly<Record<string, ExpectedSpan>> => {
  const any: ExpectedSpan = {
    "gen_ai.operation.name": operation,
    ...(provider !== undefined && { "gen_ai.provider.name": provider }),
    "leeway.attempt": 0,
  };
  const ok: ExpectedSpan = {
    ...any,
    "error.type": undefined,
    "http.response.status_code": 200,
    "gen_ai.response.finish_reasons": PRESENT,
    "gen_ai.usage.input_tokens": inputTokens,
    "gen_ai.usage.cache_read.input_tokens": 3,
  };
  const failed: ExpectedSpan = { ...any, "error.type": PRESENT, "leeway.output.chars": undefined };
  return {
    plain: { ...ok, ...SAID },
    flaky: { ...ok, ...SAID, "leeway.attempt": 1 },
    tool: { ...ok, "leeway.output.tool_call_valid": true },
    refusal: { ...ok, "leeway.output.refusal_class": "hard" },
    thinking: { ...ok, "leeway.output.chars": 2, "gen_ai.usage.reasoning.output_tokens": reasoningTokens },
    length: { ...ok, "leeway.output.truncated": true },
    overloaded: { ...failed, "leeway.attempt": retries },
    cut: failed,
    broken: failed,
    refusedOnce: { ...failed, "http.response.status_code": 503 },
    refused: { ...failed, "error.type": "ECONNREFUSED", "leeway.attempt": retries },
  };
};

const STREAMED: ExpectedSpan = { "gen_ai.request.stream": true, "gen_ai.response.time_to_first_chunk": PRESENT };

/** Expectations of the steps of an app on a shared double; a step is judged by its first and last word. */
export const helloExpected = (dialect: Dialect, steps: readonly string[]): Expected => {
  const byScenario = scenarios(dialect);
  const expectedOf = (step: string): Expected[string] => {
    // What the app repeats by itself are calls of their own.
    if (step.includes("loop")) return [byScenario.refusedOnce ?? {}, byScenario.plain ?? {}];
    const wanted = byScenario[/[a-z]+$/.exec(step)?.[0] ?? ""] ?? {};
    // How much of a short stream an app that stops early has been sent is the network's choice.
    if (step.includes("break")) return { "gen_ai.operation.name": dialect.operation };
    if (step.startsWith("fim")) return { ...wanted, "gen_ai.operation.name": "text_completion" };
    const isStream = /^(?:stream|helper)/.test(step);
    return isStream && wanted["error.type"] === undefined ? { ...wanted, ...STREAMED } : wanted;
  };
  return Object.fromEntries(steps.map((step) => [step, expectedOf(step)]));
};
