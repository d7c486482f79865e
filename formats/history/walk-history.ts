/** Where something stands in a history, and the object it is in. */
export interface Place {
  /** As one would write it: `[2].content[0].type`. */
  readonly path: string;
  readonly name: string;
  readonly value: unknown;
  readonly beside: ReadonlyMap<string, unknown>;
}

/** Why a part was not looked at. */
export type Unread = "too deep" | "too much" | "unreadable";

const MAX_DEPTH = 40;
const MAX_MEMBERS = 200_000;

/** What a tool was asked and what it said is the app's own: names in it mean nothing here. */
const OPAQUE = new Set(["arguments", "args", "json", "response", "result", "output", "input_schema", "parameters"]);

const isOpaque = (name: string, beside: ReadonlyMap<string, unknown>): boolean =>
  OPAQUE.has(name) || (name === "input" && ["name", "toolName", "toolUseId"].some((other) => beside.has(other)));

/** Members with a value. An accessor is the app's code and is not run. */
const membersOf = (object: object): ReadonlyMap<string, unknown> => {
  const found = new Map<string, unknown>();
  for (const name of Object.keys(object)) {
    if (found.size >= MAX_MEMBERS) break;
    const descriptor = Object.getOwnPropertyDescriptor(object, name);
    if (descriptor !== undefined && "value" in descriptor) found.set(name, descriptor.value);
  }
  return found;
};

const isBytes = (value: object): boolean => ArrayBuffer.isView(value) || value instanceof ArrayBuffer;

const step = (path: string, name: string, isList: boolean): string =>
  isList ? `${path}[${name}]` : path === "" ? name : `${path}.${name.slice(0, 64)}`;

/**
 * Every member of every object in `history`, in order, each object once. Bounded in depth and number; cycles end. `unread` is told
 * of each part that was left out. Never throws, and runs nothing of the app's but the traps of a proxy.
 */
export const walkHistory = (
  history: unknown,
  see: (place: Place) => void,
  unread: (path: string, why: Unread) => void,
): void => {
  const seen = new Set<object>();
  let members = 0;
  const visit = (value: unknown, path: string, depth: number): void => {
    if (typeof value !== "object" || value === null || isBytes(value) || seen.has(value)) return;
    if (depth > MAX_DEPTH) {
      unread(path, "too deep");
      return;
    }
    if (members > MAX_MEMBERS) return;
    seen.add(value);
    const isList = Array.isArray(value);
    const beside = membersOf(value);
    for (const [name, inner] of beside) {
      members += 1;
      if (members === MAX_MEMBERS) unread(path, "too much");
      if (members >= MAX_MEMBERS) return;
      const at = step(path, name, isList);
      if (!isList) see({ path: at, name, value: inner, beside });
      if (!isOpaque(name, beside) || isList) attempt(inner, at, depth + 1);
    }
  };
  const attempt = (value: unknown, path: string, depth: number): void => {
    try {
      visit(value, path, depth);
    } catch {
      unread(path, "unreadable");
    }
  };
  attempt(history, "", 0);
};
