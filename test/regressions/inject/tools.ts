import type { ToolCall } from "../../../features/answer.ts";
import type { Draw } from "../traffic/draw.ts";
import { hitting, type Regression } from "./regression.ts";

const asObject = (written: string): Record<string, unknown> => JSON.parse(written) as Record<string, unknown>;

const withoutFirst = (written: string): string =>
  JSON.stringify(Object.fromEntries(Object.entries(asObject(written)).slice(1)));

const WAYS: readonly ((written: string) => string)[] = [
  (written) => written.slice(0, -2),
  withoutFirst,
  (written) => JSON.stringify({ ...asObject(written), reason: "customer asked" }),
  (written) => `\`\`\`json\n${written}\n\`\`\``,
];

const broken = (call: ToolCall, draw: Draw): ToolCall => {
  try {
    return { ...call, arguments: draw.pick(WAYS)(call.arguments) };
  } catch {
    return call;
  }
};

/** Arguments of one tool call in ten are cut, miss a member, have one too many, or are fenced. */
export const invalidToolArguments: Regression = hitting(
  0.1,
  ({ reply }) => reply.toolCalls.length > 0,
  (call, draw) => ({
    ...call,
    reply: { ...call.reply, toolCalls: call.reply.toolCalls.map((each) => broken(each, draw)) },
  }),
);
