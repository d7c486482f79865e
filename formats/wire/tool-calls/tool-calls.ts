import type { ToolCall } from "../../../features/answer.ts";
import { parseObject } from "../../json/read-json.ts";
import type { ToolCallPiece } from "./tool-call-piece.ts";

/** Calls kept per answer; an index beyond it is nonsense. */
const MAX_TOOL_CALLS = 1024;

interface Building {
  id: string;
  name: string;
  arguments: string;
}

const isBlank = (text: string): boolean => text.trim() === "";

const isJson = (text: string): boolean => text.trimStart().startsWith("{");

/** A call whose arguments are a JSON object to its end waits for no more of them. */
const isComplete = (call: Building): boolean => isJson(call.arguments) && parseObject(call.arguments) !== null;

/**
 * A name that comes in several pieces. Some servers send all of it in each, or more of it each time, and are not to be
 * joined; the official SDKs join (Python) or replace (JavaScript).
 */
const joinedName = (known: string, piece: string): string => {
  if (piece === "" || piece === known) return known;
  return piece.startsWith(known) ? piece : known + piece;
};

/** Same name, and arguments in the middle of which this one begins: a server that makes up an id for every piece. */
const goesOn = (call: Building, piece: ToolCallPiece): boolean =>
  piece.name === call.name &&
  isJson(call.arguments) &&
  !isComplete(call) &&
  !isBlank(piece.arguments) &&
  !isJson(piece.arguments);

/**
 * Whether a piece begins a call of its own, although its index, or its place, is that of `call`. One without a name
 * never does.
 */
const isAnother = (call: Building, piece: ToolCallPiece): boolean => {
  if (piece.name === "") return false;
  if (piece.id !== "" && call.id !== "") return !goesOn(call, piece);
  // Gemini's compatible endpoint gives all calls index 0 and an empty id.
  if (!isBlank(piece.arguments) && isComplete(call)) return true;
  const nothingElseTells = piece.id !== "" || (piece.index === null && call.id === "");
  return nothingElseTells && call.name !== "" && piece.name !== call.name;
};

/**
 * The tool calls of one answer, put together from their pieces. Which call a piece belongs to is decided by its id, then
 * by its index, then by the order in which the calls came.
 */
export class ToolCalls {
  readonly #calls: Building[] = [];
  #byId: Map<string, Building> | null = null;
  #byIndex: Map<number, Building> | null = null;

  /** How many calls there are so far. */
  size(): number {
    return this.#calls.length;
  }

  /** Begins a call and says its place; -1 where there are too many. */
  begin(call: ToolCall): number {
    return this.#add({ id: "", ...call }) === null ? -1 : this.#calls.length - 1;
  }

  /** Adds to the arguments of the call at a place; a place that is none is ignored. */
  extend(place: number, more: string): void {
    const call = this.#calls[place];
    if (call !== undefined) call.arguments += more;
  }

  /** Puts what is known by now in the place of what came before; what is empty changes nothing. */
  rewrite(place: number, { name, arguments: text }: ToolCall): void {
    const call = this.#calls[place];
    if (call === undefined) return;
    call.name = name || call.name;
    call.arguments = text || call.arguments;
  }

  /** The pieces of one delta. Of several without an index, the place in the delta is the index. */
  pieces(pieces: readonly ToolCallPiece[]): void {
    for (let place = 0; place < pieces.length; place += 1) {
      const piece = pieces[place] as ToolCallPiece;
      this.piece(piece.index === null && pieces.length > 1 ? { ...piece, index: place } : piece);
    }
  }

  piece(piece: ToolCallPiece): void {
    if (piece.index !== null && Math.abs(piece.index) >= MAX_TOOL_CALLS) return;
    const call = this.#callOf(piece) ?? this.#add({ id: "", name: "", arguments: "" });
    if (call === null) return;
    this.#remember(call, piece);
    call.name = joinedName(call.name, piece.name);
    call.arguments = piece.isWhole ? piece.arguments : call.arguments + piece.arguments;
  }

  list(): readonly ToolCall[] {
    return this.#calls.map(({ name, arguments: text }) => ({ name, arguments: text }));
  }

  /** The call a piece belongs to; undefined where it begins one. */
  #callOf(piece: ToolCallPiece): Building | undefined {
    const named = piece.id === "" ? undefined : this.#byId?.get(piece.id);
    if (named !== undefined) return named;
    const there = piece.index === null ? this.#calls.at(-1) : this.#byIndex?.get(piece.index);
    if (there !== undefined) return isAnother(there, piece) ? undefined : there;
    // An index that is new, and nothing else that is: more of the call before.
    const last = this.#calls.at(-1);
    return piece.id === "" && piece.name === "" && last !== undefined && !isComplete(last) ? last : undefined;
  }

  #remember(call: Building, { id, index }: ToolCallPiece): void {
    if (id !== "") {
      call.id = id;
      this.#byId ??= new Map();
      this.#byId.set(id, call);
    }
    if (index === null) return;
    this.#byIndex ??= new Map();
    this.#byIndex.set(index, call);
  }

  #add(call: Building): Building | null {
    if (this.#calls.length >= MAX_TOOL_CALLS) return null;
    this.#calls.push(call);
    return call;
  }
}
