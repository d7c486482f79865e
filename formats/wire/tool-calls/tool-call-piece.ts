import { isRecord } from "../../../features/is-record.ts";
import { jsonText } from "../../json/json-text.ts";
import { objectOf, textOf } from "../../json/read-json.ts";
import { readToolCall } from "../../tools/read-tool-call.ts";

/** A piece of a streamed tool call, as far as it can be told which call it belongs to. */
export interface ToolCallPiece {
  /** Empty where the piece names none. */
  readonly id: string;
  /** Null where it names none: absent, null, or no whole number. */
  readonly index: number | null;
  /** Empty in most pieces but the first. */
  readonly name: string;
  /** The next piece of the arguments, or all of them. */
  readonly arguments: string;
  /** True where the arguments came as an object: then they are all of them. */
  readonly isWhole: boolean;
}

/** An index as senders write it: a whole number, or its text. Null for anything else. */
export const indexOf = (value: unknown): number | null => {
  const index = typeof value === "string" && /^-?\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof index === "number" && Number.isInteger(index) ? index : null;
};

/** The id of a call; empty without one. */
export const idOf = (value: unknown): string => (typeof value === "number" ? String(value) : textOf(value));

/** Arguments as text: as they were written, or the JSON of what a server sent as an object. */
export const argumentsText = (value: unknown): string =>
  isRecord(value) || Array.isArray(value) ? jsonText(value) : textOf(value);

/** Reads one entry of a delta's `tool_calls`; any of it may be missing, or something else. */
export const pieceOf = (entry: unknown): ToolCallPiece => {
  const { id, name, arguments: given } = readToolCall(entry);
  // An empty object is how some begin what they send in pieces.
  const isWhole = isRecord(given) && Object.keys(given).length > 0;
  return {
    ...{ id: idOf(id), index: indexOf(objectOf(entry).index), name: textOf(name) },
    ...{ arguments: isRecord(given) && !isWhole ? "" : argumentsText(given), isWhole },
  };
};
