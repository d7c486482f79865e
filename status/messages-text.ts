import { isRecord } from "../features/is-record.ts";

const text = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));

const partText = (part: unknown): string => {
  if (!isRecord(part)) return "";
  if (part.type === "tool_call") return `calls ${text(part.name)}(${text(part.arguments)})`;
  if (part.type === "tool_call_response") return `tool says: ${text(part.response)}`;
  if (part.type === "uri") return `(${text(part.modality)}: ${text(part.uri)})`;
  if (part.type === "blob") return `(${text(part.modality)})`;
  return text(part.content ?? "");
};

/** Messages of the GenAI conventions as text to be read, each under its role; `withRoles` false = the parts alone. */
export const messagesText = (messages: readonly unknown[], withRoles: boolean): string =>
  messages
    .filter(isRecord)
    .map(({ role, parts }) => {
      const said = (Array.isArray(parts) ? parts : []).map(partText).join("\n");
      return withRoles ? `${text(role)}: ${said}` : said;
    })
    .join("\n");
