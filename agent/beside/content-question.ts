import { isRecord } from "../../features/is-record.ts";
import { textOf } from "../../formats/json/read-json.ts";
import type { CorpusQuestion } from "../replay/corpus-line.ts";
import { readChatBody } from "../replay/read-request.ts";
import type { StoredContent } from "./stored-content.ts";

/** Why a stored call cannot be asked again as it was. */
export type NotAskable = "shortened" | "no-messages" | "redacted" | "other-words";

/** The question of a stored call, or why it cannot be asked. */
export type ContentQuestion = { readonly asked: CorpusQuestion } | { readonly not: NotAskable; readonly why: string };

/** What redactions leave: a word in brackets, stars, blocks. */
const REDACTED = /\[[^\]]{0,40}\]|<[^>]{0,40}>|\{[^}]{0,40}\}|\*{2,}|[\u2588x#_]{3,}|\bredacted\b/giu;

const textsOf = (message: unknown): readonly string[] =>
  isRecord(message) && Array.isArray(message.parts)
    ? message.parts.flatMap((part: unknown) => (isRecord(part) && part.type === "text" ? [textOf(part.content)] : []))
    : [];

/** True where nothing is left of what the user asked last, though there was something. */
const isRedacted = (messages: readonly unknown[]): boolean => {
  const asked = messages.findLast(
    (message) => isRecord(message) && message.role === "user" && textsOf(message).length > 0,
  );
  const text = textsOf(asked).join(" ");
  if (asked === undefined) return false;
  const left = text.replace(REDACTED, " ");
  return text.trim() === "" || (left !== text && !/[\p{L}\p{N}]/u.test(left));
};

/** Parameters in the words of chat completions: that JSON was wanted is said where nothing says it better. */
const parametersOf = ({
  output_type: output,
  ...request
}: StoredContent["request"]): Readonly<Record<string, unknown>> => ({
  ...(output === "json" ? { response_format: { type: "json_object" } } : {}),
  ...request,
});

const systemOf = (system: readonly unknown[]): string | null => {
  const texts = system.map((part) => (isRecord(part) && part.type === "text" ? textOf(part.content) : null));
  return texts.includes(null) ? null : texts.join("\n");
};

/** What was asked in a stored call. It is asked as it was, or not at all: shortened, redacted or partly unsayable it is another question. */
export const contentQuestion = ({ truncated, messages, system, tools, request }: StoredContent): ContentQuestion => {
  if (truncated.length > 0) return { not: "shortened", why: `${truncated.join(", ")} shortened by the app` };
  if (messages.length === 0) return { not: "no-messages", why: "no messages were stored" };
  if (isRedacted(messages)) return { not: "redacted", why: "nothing is left of what was asked" };
  const said = systemOf(system);
  if (said === null) return { not: "other-words", why: "system instructions that are no text" };
  const read = readChatBody({
    ...parametersOf(request),
    ...{ messages, tools: tools.length === 0 ? undefined : tools, system: said === "" ? undefined : said },
  });
  return "problem" in read ? { not: "other-words", why: read.problem } : { asked: read };
};
