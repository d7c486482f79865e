import { isRecord } from "../../../features/is-record.ts";
import { textOf } from "../../json/read-json.ts";
import { readToolCall } from "../../tools/read-tool-call.ts";
import { WIRE_FORMATS } from "../wire-formats.ts";
import type { Part } from "./message.ts";
import { modalityOf, textPart, toolCallPart } from "./part.ts";
import type { PartReader } from "./request-content.ts";

const TYPES = new Map<string, PartReader>(
  WIRE_FORMATS.flatMap(({ requestContent: { types = {} } }) => Object.entries(types)),
);
const MEMBERS = new Map<string, PartReader>(
  WIRE_FORMATS.flatMap(({ requestContent: { members = {} } }) => Object.entries(members)),
);

/** A call of a tool beside a message's content, in `message.tool_calls`. */
export const readCallPart = (call: unknown): Part[] => {
  if (!isRecord(call) || !isRecord(call.function ?? call.custom)) return [];
  const { id, name, arguments: args } = readToolCall(call);
  return [toolCallPart(id, name, args)];
};

/**
 * One part of a message's content, in the words of any provider, because servers take over one another's; a part nobody
 * knows is one of unknown bytes.
 */
export const readPart = (part: unknown): Part[] => {
  if (typeof part === "string") return [textPart(part)];
  if (!isRecord(part)) return [];
  const type = textOf(part.type);
  const read = TYPES.get(type);
  if (read !== undefined) return [read(part)];
  if (typeof part.text === "string") return [textPart(part.text)];
  for (const [member, readMember] of MEMBERS) {
    const value = part[member];
    if (isRecord(value)) return [readMember(value)];
  }
  return [{ type: "blob", modality: modalityOf(type) }];
};

/** All parts of a content: one text, a list of parts, or nothing. */
export const readParts = (content: unknown): Part[] => (Array.isArray(content) ? content : [content]).flatMap(readPart);
