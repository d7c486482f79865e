import { outputFeatures } from "../../../features/output-features.ts";
import { openaiChat } from "../../../formats/wire/openai/openai-chat.ts";
import { DELTA_STREAMS, type DeltaStream } from "../../../test/formats/wire/tool-calls/delta-streams.ts";
import type { DirtyCase, DirtyKind } from "../case.ts";

const TOOLS = ["get_weather", "glob", "ping"];

const told = (calls: number, valid: boolean | null): string => `${calls} calls, ${valid ? "valid" : "not valid"}`;

/** What the preload makes of the chunks of a stream. */
const measured = ({ deltas }: DeltaStream): string => {
  const fold = openaiChat.createFold(new URL("http://x.test/"));
  for (const delta of deltas) fold.event({ choices: [{ index: 0, delta }] });
  fold.event({ choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }] });
  const { answer } = fold.facts();
  if (answer === null) return "no answer";
  return told(answer.toolCalls.length, outputFeatures(answer, { json: false, tools: TOOLS }).toolCallValid);
};

const caseOf =
  (before: Readonly<Record<string, string>>) =>
  (stream: DeltaStream): DirtyCase => {
    const right = told(stream.calls.length, true);
    const measure = (): string => measured(stream);
    return {
      input: stream.written,
      right,
      before: before[stream.written] ?? right,
      measure,
      isRight: (said) => said === right,
    };
  };

/** Where something else was said before. */
const BEFORE: Readonly<Record<string, string>> = {
  "the name in every piece": "1 calls, not valid",
  "the name in every piece, no id": "1 calls, not valid",
  "the name in every piece, neither id nor index": "2 calls, not valid",
  "more of the name each time": "1 calls, not valid",
  "no index": "3 calls, not valid",
  "index null": "3 calls, not valid",
  'index "0"': "3 calls, not valid",
  'index 0, then "0"': "3 calls, not valid",
  "index from 1": "0 calls, not valid",
  "index -1": "0 calls, not valid",
  "an index in the first piece alone": "3 calls, not valid",
  "one id over two indexes": "2 calls, not valid",
  "another id and the name in every piece": "1 calls, not valid",
  "a call that is no list": "0 calls, not valid",
  "an old function call with the name in every piece": "1 calls, not valid",
  "an empty function_call beside tool calls": "1 calls, not valid",
  "two calls, their pieces mixed, ids and no index": "4 calls, not valid",
  "two ids on one index": "1 calls, not valid",
  "two ids on one index, in pieces": "1 calls, not valid",
  "all of index 0 with an empty id": "1 calls, not valid",
  "both in every piece, with neither id nor index": "4 calls, not valid",
  "indexes from 1, in pieces": "0 calls, not valid",
  "the same tool twice on one index": "1 calls, not valid",
};

/** Tool calls whose pieces are not written as OpenAI writes them. */
export const toolCallDeltas: DirtyKind = {
  kind: "capture: pieces of tool calls",
  cases: DELTA_STREAMS.map(caseOf(BEFORE)),
};
