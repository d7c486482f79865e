import { textOf } from "../../json/read-json.ts";
import { textOrJson } from "../../json/text-or-json.ts";
import type { Part } from "./message.ts";

/** A text; empty for what is none. */
export const textPart = (content: unknown): Part => ({ type: "text", content: textOf(content) });

const withId = (id: unknown): { readonly id?: string } => (typeof id === "string" && id !== "" ? { id } : {});

/** A call of a tool; the arguments may be text or an object. */
export const toolCallPart = (id: unknown, name: unknown, args: unknown): Part => ({
  ...{ type: "tool_call" as const, name: textOf(name), arguments: textOrJson(args) },
  ...withId(id),
});

/** What a tool answered. */
export const toolResponsePart = (id: unknown, response: unknown): Part => ({
  ...{ type: "tool_call_response" as const, response: textOrJson(response) },
  ...withId(id),
});

/** What a URL or a payload is of: `image_url`, `input_audio`, `image/png`, … */
export const modalityOf = (hint: string): string => /image|audio|video/.exec(hint)?.[0] ?? "file";

/** A link to something that is no text, or, where there is no link, that its bytes were there. */
export const mediaPart = (hint: string, url: unknown): Part => {
  const uri = textOf(url);
  const modality = modalityOf(hint);
  // A data: URL is the bytes themselves.
  return uri === "" || uri.startsWith("data:") ? { type: "blob", modality } : { type: "uri", modality, uri };
};
