import { isRecord } from "../../../features/is-record.ts";
import type { Part } from "./message.ts";

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** A value as text: strings as they are, anything else as JSON. */
export const jsonText = (value: unknown): string =>
  typeof value === "string" ? value : value === undefined ? "" : (JSON.stringify(value) ?? "");

type Fields = Readonly<Record<string, unknown>>;

const text = (content: unknown): Part => ({ type: "text", content: textOf(content) });

const withId = (id: unknown): { readonly id?: string } => (typeof id === "string" && id !== "" ? { id } : {});

const toolCall = (id: unknown, name: unknown, args: unknown): Part => ({
  ...{ type: "tool_call" as const, name: textOf(name), arguments: jsonText(args) },
  ...withId(id),
});

const toolResponse = (id: unknown, response: unknown): Part => ({
  ...{ type: "tool_call_response" as const, response: jsonText(response) },
  ...withId(id),
});

/** What a URL or a payload is of: `image_url`, `input_audio`, `image/png`, … */
const modalityOf = (hint: string): string => /image|audio|video/.exec(hint)?.[0] ?? "file";

const media = (hint: string, url: unknown): Part => {
  const uri = textOf(url);
  const modality = modalityOf(hint);
  // A data: URL is the bytes themselves.
  return uri === "" || uri.startsWith("data:") ? { type: "blob", modality } : { type: "uri", modality, uri };
};

/** OpenAI, Anthropic, Mistral and Cohere name the type of a part. */
const TYPED: Readonly<Record<string, (part: Fields) => Part>> = {
  text: ({ text: content }) => text(content),
  input_text: ({ text: content }) => text(content),
  output_text: ({ text: content }) => text(content),
  refusal: ({ refusal }) => text(refusal),
  thinking: ({ thinking }) => ({ type: "reasoning", content: textOf(thinking) }),
  tool_use: ({ id, name, input }) => toolCall(id, name, input),
  tool_result: ({ tool_use_id, content }) => toolResponse(tool_use_id, content),
  function_call: ({ call_id, name, arguments: args }) => toolCall(call_id, name, args),
  function_call_output: ({ call_id, output }) => toolResponse(call_id, output),
  image_url: ({ image_url }) => media("image", isRecord(image_url) ? image_url.url : image_url),
  input_image: ({ image_url }) => media("image", image_url),
  image: ({ source }) => media("image", isRecord(source) ? source.url : undefined),
};

/** Gemini and Bedrock name a part by its only member. */
const MEMBERS: Readonly<Record<string, (value: Fields) => Part>> = {
  functionCall: ({ id, name, args }) => toolCall(id, name, args),
  functionResponse: ({ id, response }) => toolResponse(id, response),
  inlineData: ({ mimeType }) => media(textOf(mimeType), undefined),
  fileData: ({ mimeType, fileUri }) => media(textOf(mimeType), fileUri),
  toolUse: ({ toolUseId, name, input }) => toolCall(toolUseId, name, input),
  toolResult: ({ toolUseId, content }) => toolResponse(toolUseId, content),
  image: () => media("image", undefined),
  video: () => media("video", undefined),
  document: () => media("file", undefined),
};

/** A function call of `message.tool_calls`. */
export const readToolCall = (call: unknown): Part[] =>
  isRecord(call) && isRecord(call.function) ? [toolCall(call.id, call.function.name, call.function.arguments)] : [];

/** One part of a message's content, in any provider's words; a part nobody knows is one of unknown bytes. */
export const readPart = (part: unknown): Part[] => {
  if (typeof part === "string") return [text(part)];
  if (!isRecord(part)) return [];
  const type = textOf(part.type);
  if (Object.hasOwn(TYPED, type)) return [TYPED[type]?.(part) ?? text("")];
  if (typeof part.text === "string") return [text(part.text)];
  for (const [member, read] of Object.entries(MEMBERS)) {
    const value = part[member];
    if (isRecord(value)) return [read(value)];
  }
  return [{ type: "blob", modality: modalityOf(type) }];
};

/** All parts of a content: one text, a list of parts, or nothing. */
export const readParts = (content: unknown): Part[] => (Array.isArray(content) ? content : [content]).flatMap(readPart);
