import { LeewayError } from "../../core/errors.ts";
import type { ToolCall } from "../../features/answer.ts";
import { type GivenAnswer, readGivenAnswer } from "../../formats/ask-again/given-answer.ts";
import { createReplay } from "../../formats/ask-again/replay-tools.ts";
import type { ServedToolCall } from "../../formats/ask-again/served-run.ts";
import { parseObject, wordOf } from "../../formats/json/read-json.ts";
import { textOrJson } from "../../formats/json/text-or-json.ts";
import { readContent } from "../../formats/wire/content/read-content.ts";
import { errorType } from "../fetch/error-type.ts";
import type { ShadowCall, ShadowFunctions } from "../shadow-functions.ts";
import { stubTools } from "./stub-tools.ts";

/** What a function of the app is handed. */
export interface RunRequest extends Pick<ShadowCall, "pairId" | "migration" | "model" | "servedModel" | "format"> {
  /** JSON of the request's body. */
  readonly text: string;
  readonly toolCalls: readonly ServedToolCall[];
  readonly segments: Readonly<Record<string, string>>;
}

/** How a run ended. */
export type RunEnd =
  | {
      readonly outcome: "paired";
      readonly given: GivenAnswer;
      /** Calls that its stubs answered. */
      readonly stubbed: readonly ToolCall[];
      readonly durationMs: number;
    }
  | { readonly outcome: "failed" | "timed-out" | "unknown-tool-call"; readonly errorType: string };

/** A run under way. Neither promise rejects. */
export interface Running {
  readonly ended: Promise<RunEnd>;
  /** The function itself has come to its end, which may be long after the run's. */
  readonly settled: Promise<void>;
  readonly isSettled: () => boolean;
  /** Nobody waits for it any more. */
  readonly stop: () => void;
}

/** What a run works with. */
export interface RunFunctionParts {
  /** Monotonic ms. */
  readonly tick: () => number;
  readonly later: (fn: () => void, ms: number) => () => void;
}

/** A result as a tool would have given it: an object or a list comes parsed. */
const resultValue = (result: string): unknown => {
  if (!/^\s*[[{]/.test(result)) return result;
  try {
    return JSON.parse(result);
  } catch {
    return result;
  }
};

/** The class of what was thrown, or the code of a network error; never its message. */
const typeOf = (error: unknown): string => {
  try {
    return wordOf(errorType(error, null, 0, null)) || "unknown";
  } catch {
    return "unknown";
  }
};

const failed = (error: unknown): RunEnd => {
  const type = typeOf(error);
  return { outcome: type === "timeout" ? "timed-out" : "failed", errorType: type };
};

const readEnd = (value: unknown, stubbed: readonly ToolCall[], durationMs: number): RunEnd => {
  try {
    const given = readGivenAnswer(value);
    return given === null
      ? { outcome: "failed", errorType: "no-answer" }
      : { outcome: "paired", given, stubbed, durationMs };
  } catch {
    return { outcome: "failed", errorType: "no-answer" };
  }
};

/** Runs a function of the app, and waits for its answer no longer than `timeoutMs`. Never throws. */
export const runFunction = (
  run: NonNullable<ShadowFunctions["run"]>,
  { text, toolCalls, segments, ...named }: RunRequest,
  timeoutMs: number,
  { tick, later }: RunFunctionParts,
): Running => {
  const controller = new AbortController();
  const startTick = tick();
  const replay = createReplay(toolCalls);
  const stubbed: ToolCall[] = [];
  const { promise: ended, resolve } = Promise.withResolvers<RunEnd>();
  let isOver = false;
  const end = (how: RunEnd, reason: Error | null): void => {
    if (isOver) return;
    isOver = true;
    stopWaiting();
    resolve(how);
    if (reason !== null) controller.abort(reason);
  };
  const timeUp = (): void =>
    end({ outcome: "timed-out", errorType: "timeout" }, new DOMException("no answer in time", "TimeoutError"));
  const stopWaiting = later(timeUp, timeoutMs);

  const toolResult = (name: string, args: unknown): string => {
    const written = textOrJson(args ?? {});
    const result = replay(String(name), written);
    if (result !== null) {
      stubbed.push({ name: String(name), arguments: written });
      return result;
    }
    const error = new LeewayError(
      "tool-not-served",
      `the served run has no such call of ${name}: this shadow run ends`,
    );
    end({ outcome: "unknown-tool-call", errorType: "" }, error);
    throw error;
  };

  const call = (): ShadowCall => {
    const body = parseObject(text) ?? {};
    const { input, systemInstructions, toolDefinitions } = readContent(body, null);
    return {
      ...{ ...named, body, messages: input, tools: toolDefinitions },
      system: systemInstructions.map((part) => (part.type === "text" ? part.content : "")).join("\n"),
      ...{ toolCalls: structuredClone(toolCalls), segments: { ...segments }, signal: controller.signal, toolResult },
      stubTools: (tools) => stubTools(tools, (name, args) => resultValue(toolResult(name, args))),
    };
  };

  const answer = new Promise<unknown>((give) => give(run(call())));
  let isSettled = false;
  const settle = (how: RunEnd): void => {
    isSettled = true;
    end(how, null);
  };
  const settled = answer.then(
    (value) => settle(readEnd(value, stubbed, tick() - startTick)),
    (error: unknown) => settle(failed(error)),
  );
  return {
    ...{ ended, settled, isSettled: () => isSettled },
    stop: () => end({ outcome: "failed", errorType: "aborted" }, new DOMException("the process ends", "AbortError")),
  };
};
