import { isRecord } from "../../features/is-record.ts";
import { textOf } from "../../formats/json/read-json.ts";

/** The result of a tool, for the name of it and what it was called with. */
type Replay = (name: string, args: unknown) => unknown;

/** By which of its members a tool is carried out, in the words of the usual agent libraries. */
const EXECUTORS = ["execute", "invoke", "call", "run", "func", "handler", "function"];

type Tool = Readonly<Record<string, unknown>>;

/** Rejects where it throws; a promise that nobody waits for must not end the app. */
const stubOf =
  (name: string, replay: Replay) =>
  (args?: unknown): Promise<unknown> => {
    const result = new Promise<unknown>((resolve) => resolve(replay(name, args)));
    result.catch(() => undefined);
    return result;
  };

const withStubs = (name: string, tool: Tool, replay: Replay): Tool => {
  const stubs = EXECUTORS.filter((member) => typeof tool[member] === "function").map(
    (member) => [member, stubOf(name, replay)] as const,
  );
  const copy: Tool = Object.assign(Object.create(Object.getPrototypeOf(tool)), tool, Object.fromEntries(stubs));
  // OpenAI's `runTools` has them one level deeper.
  return isRecord(tool.function) ? Object.assign(copy, { function: withStubs(name, tool.function, replay) }) : copy;
};

const nameIn = (tool: unknown): string => {
  if (!isRecord(tool)) return "";
  return textOf(tool.name) || (isRecord(tool.function) ? textOf(tool.function.name) : "");
};

const stub = (name: string, tool: unknown, replay: Replay): unknown => {
  if (typeof tool === "function") return stubOf(name, replay);
  return isRecord(tool) ? withStubs(name, tool, replay) : tool;
};

/**
 * Copies of tools that do nothing but give what `replay` has for them; an object by their names, or a list of tools that have names.
 * They return promises, which reject with what `replay` throws.
 */
export const stubTools = <T extends object>(tools: T, replay: Replay): T =>
  (Array.isArray(tools)
    ? tools.map((tool) => stub(nameIn(tool), tool, replay))
    : Object.fromEntries(Object.entries(tools).map(([name, tool]) => [name, stub(name, tool, replay)]))) as T;
