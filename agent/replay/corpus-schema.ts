import { z } from "zod";
import type { CorpusLine, CorpusRequest } from "./corpus-line.ts";

const args = z.union([z.string(), z.record(z.string(), z.unknown())]);

/** A part of a message, as chat completions or as the GenAI conventions have it. */
const part = z.discriminatedUnion("type", [
  z
    .strictObject({ type: z.literal("text"), text: z.string().optional(), content: z.string().optional() })
    .refine(({ text, content }) => (text === undefined) !== (content === undefined), {
      message: "a text part; expected one of text and content",
    }),
  z.strictObject({
    type: z.literal("image_url"),
    image_url: z.union([z.string(), z.strictObject({ url: z.string(), detail: z.literal("auto").optional() })]),
  }),
  z.strictObject({ type: z.literal("uri"), modality: z.string(), uri: z.string() }),
  z.strictObject({
    ...{ type: z.literal("tool_call"), id: z.string().optional(), name: z.string().min(1) },
    arguments: args.optional(),
  }),
  z.strictObject({
    type: z.literal("tool_call_response"),
    id: z.string().optional(),
    response: z.unknown().optional(),
  }),
  z.looseObject({ type: z.enum(["reasoning", "blob"]) }),
]);

const toolCall = z.strictObject({
  ...{ id: z.string().optional(), index: z.number().optional(), type: z.literal("function").optional() },
  function: z.strictObject({ name: z.string().min(1), arguments: args.optional() }),
});

const message = z
  .strictObject({
    role: z.enum(["system", "developer", "user", "assistant", "model", "tool"]),
    content: z.union([z.string(), z.array(part)]).nullish(),
    parts: z.array(part).optional(),
    tool_calls: z.array(toolCall).nullish(),
    tool_call_id: z.string().optional(),
    refusal: z.null().optional(),
    finish_reason: z.string().optional(),
  })
  .refine(({ content, parts }) => content == null || parts === undefined, {
    message: "content and parts; expected one of them",
  });

const namedTool = { name: z.string().min(1), description: z.string().optional() };
const schema = z.union([z.record(z.string(), z.unknown()), z.string()]);

const tool = z.union([
  z.strictObject({
    type: z.literal("function"),
    function: z.strictObject({ ...namedTool, parameters: schema.optional(), strict: z.literal(false).nullish() }),
  }),
  z.strictObject({ type: z.literal("function").optional(), ...namedTool, parameters: schema.optional() }),
]);

const responseFormat = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text") }),
  z.strictObject({ type: z.literal("json_object") }),
  z.strictObject({
    type: z.literal("json_schema"),
    json_schema: z.looseObject({ name: z.string().min(1), schema: z.unknown().optional() }),
  }),
]);

const toolChoice = z.union([
  z.enum(["auto", "none", "required"]),
  z.strictObject({ type: z.literal("function"), function: z.strictObject({ name: z.string().min(1) }) }),
]);

const tokens = z.number().int().positive().nullish();

const requestShape = {
  messages: z.array(message).min(1).optional(),
  system: z.string().optional(),
  tools: z.array(tool).nullish(),
  tool_choice: toolChoice.nullish(),
  response_format: responseFormat.nullish(),
  temperature: z.number().min(0).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_tokens: tokens,
  max_completion_tokens: tokens,
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  seed: z.number().int().nullish(),
};

/** Members of a request in the words of chat completions, for schemas that have more beside them. */
export const REQUEST_SHAPE: Readonly<Record<keyof CorpusRequest, z.ZodType>> = requestShape;

/** A request in the words of chat completions. Other members are let through: whoever asks has to refuse them. */
export const requestSchema: z.ZodType<CorpusRequest> = z.looseObject(requestShape);

const name = z.union([z.string(), z.number(), z.boolean()]).nullish();

/** One line of a corpus: whose answer it is to be, and what is asked. Other keys are a record's, and not looked at. */
export const lineSchema: z.ZodType<CorpusLine> = z.looseObject({
  ...{ prompt_id: name, task: name, conversation_id: name, prompt: z.unknown().optional() },
  truncated: z.array(z.string()).nullish(),
  ...requestShape,
  request: z.strictObject({ format: z.string().min(1), body: z.record(z.string(), z.unknown()) }).optional(),
});

/** Members of a request that a question has a place for. */
export const REQUEST_KEYS: ReadonlySet<string> = new Set(Object.keys(requestShape));
