import type { Behaviour, Draw } from "./behaviour.ts";
import type { ChatRequest } from "./chat-request.ts";
import type { Random } from "./random.ts";

/** One tool call of an answer, in OpenAI's wire format. */
export interface ToolCall {
  readonly id: string;
  readonly type: "function";
  readonly function: { readonly name: string; readonly arguments: string };
}

/** What the model answers, before it is put on the wire. */
export interface Answer {
  readonly content: string | null;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: "stop" | "length" | "tool_calls";
  readonly usage: Usage;
}

/** Token counts in OpenAI's wire format: cached tokens are part of the prompt, reasoning tokens of the completion. */
export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details: { readonly cached_tokens: number; readonly audio_tokens: number };
  readonly completion_tokens_details: {
    readonly reasoning_tokens: number;
    readonly audio_tokens: number;
    readonly accepted_prediction_tokens: number;
    readonly rejected_prediction_tokens: number;
  };
}

const WORDS = (
  "you can change the address in your account settings and the next invoice will show it while orders that are already " +
  "on their way keep the old one so please check the tracking page first then contact our team if the parcel is late"
).split(" ");
const REFUSAL = "I’m sorry, but I can’t help with that request.";

const prose = (words: number, random: Random): string => {
  const picked = Array.from({ length: words }, () => WORDS[Math.floor(random.uniform() * WORDS.length)] ?? "and");
  const text = picked.join(" ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
};

/** A value that fits a JSON schema of the simple kinds (object, array, string, number, boolean, enum). */
const fromSchema = (schema: unknown, text: string): unknown => {
  const shape = (schema ?? {}) as { type?: string; enum?: unknown[]; properties?: object; items?: unknown };
  if (shape.enum) return shape.enum[0];
  if (shape.type === "number" || shape.type === "integer") return 1;
  if (shape.type === "boolean") return true;
  if (shape.type === "array") return [fromSchema(shape.items, text)];
  if (shape.properties === undefined) return text;
  return Object.fromEntries(Object.entries(shape.properties).map(([key, inner]) => [key, fromSchema(inner, text)]));
};

const contentOf = (request: ChatRequest, draw: Draw, random: Random): string => {
  if (draw.refusal) return REFUSAL;
  const text = prose(draw.words, random);
  const format = request.response_format?.type ?? "text";
  const schema = request.response_format?.json_schema?.schema;
  const body = format === "text" ? text : JSON.stringify(schema ? fromSchema(schema, text) : { answer: text });
  const fenced = draw.fence ? `\`\`\`${format === "text" ? "" : "json"}\n${body}\n\`\`\`` : body;
  return draw.truncated ? fenced.slice(0, Math.ceil(fenced.length / 2)) : fenced;
};

const toolCallOf = (request: ChatRequest, draw: Draw, random: Random): ToolCall[] => {
  const tool = request.tools?.[0];
  if (tool === undefined || request.tool_choice === "none" || draw.refusal || !draw.toolCall) return [];
  const args = JSON.stringify(fromSchema(tool.function.parameters, "1042"));
  const id = `call_${Math.floor(random.uniform() * 2 ** 40).toString(36)}`;
  return [
    { id, type: "function", function: { name: tool.function.name, arguments: draw.brokenTool ? args.slice(1) : args } },
  ];
};

const usageOf = (request: ChatRequest, behaviour: Behaviour, output: string): Usage => {
  const prompt = Math.ceil(JSON.stringify(request.messages).length / 4);
  const reasoning = behaviour.reasoningTokens ?? 0;
  const completion = Math.ceil(output.length / 4) + reasoning;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    // OpenAI caches prompts from 1024 tokens on, in steps of 128.
    prompt_tokens_details: { cached_tokens: prompt < 1024 ? 0 : Math.floor(prompt / 128) * 128, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
};

/** Composes the answer to a request from what was drawn for the call. */
export const composeAnswer = (request: ChatRequest, behaviour: Behaviour, draw: Draw, random: Random): Answer => {
  const toolCalls = toolCallOf(request, draw, random);
  const content = toolCalls.length > 0 ? null : contentOf(request, draw, random);
  const output = content ?? JSON.stringify(toolCalls);
  const finishReason = toolCalls.length > 0 ? "tool_calls" : draw.truncated ? "length" : "stop";
  return { content, toolCalls, finishReason, usage: usageOf(request, behaviour, output) };
};
