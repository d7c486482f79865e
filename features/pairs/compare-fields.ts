import { isRecord } from "../is-record.ts";
import { digest } from "../json/digest.ts";
import { equalScalars, type SpellingBudget, spelling, typeOf } from "./equal-values.ts";
import { normalised } from "./normalised.ts";

/** What two JSON answers differ in. */
export interface FieldDifference {
  readonly compared: number;
  readonly equal: number;
  readonly keysLost: number;
  readonly keysNew: number;
  readonly typesChanged: number;
  /** Codes with the digest of a key path, unsorted. */
  readonly codes: ReadonlySet<string>;
}

/** Bounds of the walk, as of the key paths (json/key-paths.ts); what lies beyond is not compared. */
const MAX_STEPS = 4000;
const MAX_DEPTH = 16;
/** Elements of two lists that are looked up whatever their order. */
const MAX_ELEMENTS = 200;
/** Values of both that are looked up so, all lists taken together. */
const MAX_SPELLED = 10_000;
/** Longest text that is a value, not prose. */
const SHORT = 64;

interface Walk {
  steps: number;
  compared: number;
  equal: number;
  readonly lost: Set<string>;
  readonly added: Set<string>;
  readonly retyped: Set<string>;
  readonly codes: Set<string>;
  readonly enumerated: ReadonlySet<string>;
  readonly digests: Map<string, string>;
  readonly budget: SpellingBudget;
}

type Value = unknown;

const note = (walk: Walk, code: string, path: string): void => {
  const known = walk.digests.get(path) ?? digest(path);
  walk.digests.set(path, known);
  walk.codes.add(`${code}:${known}`);
};

const isShort = (value: Value): boolean =>
  typeof value !== "string" || normalised(value.slice(0, 4 * SHORT)).length <= SHORT;

const compareScalars = (walk: Walk, path: string, served: Value, other: Value): void => {
  walk.compared += 1;
  if (equalScalars(served, other)) {
    walk.equal += 1;
    return;
  }
  if (walk.enumerated.has(path)) note(walk, "enum", path);
  else if (isShort(served) && isShort(other)) note(walk, "value", path);
};

const compareTypes = (walk: Walk, path: string, served: Value, other: Value): void => {
  walk.compared += 1;
  if (served === null || other === null) {
    note(walk, other === null ? "key-null" : "key-filled", path);
    return;
  }
  walk.retyped.add(path);
  note(walk, "type", path);
};

/** Whether two lists hold the same elements in another order; false where that would take too long to say. */
const isReordered = (served: readonly Value[], other: readonly Value[], budget: SpellingBudget): boolean => {
  if (served.length !== other.length || served.length > MAX_ELEMENTS || budget.left < 0) return false;
  const spell = (value: Value): string => spelling(value, budget);
  const [a, b] = [served.map(spell), other.map(spell)];
  if (budget.left < 0) return false;
  if (a.every((each, at) => each === b[at])) return false;
  b.sort();
  return a.sort().every((each, at) => each === b[at]);
};

const compareLists = (
  walk: Walk,
  path: string,
  served: readonly Value[],
  other: readonly Value[],
  depth: number,
): void => {
  const length = Math.min(served.length, other.length);
  if (served.length !== other.length) note(walk, "list-length", path);
  if (isReordered(served, other, walk.budget)) {
    note(walk, "list-order", path);
    walk.compared += length;
    walk.equal += length;
    return;
  }
  for (let at = 0; at < length; at += 1) visit(walk, `${path}[]`, served[at], other[at], depth + 1);
};

const compareMembers = (
  walk: Walk,
  path: string,
  served: Readonly<Record<string, Value>>,
  other: Readonly<Record<string, Value>>,
  depth: number,
): void => {
  for (const name of Object.keys(served)) {
    if (walk.steps > MAX_STEPS) return;
    const below = `${path}.${name}`;
    if (Object.hasOwn(other, name)) visit(walk, below, served[name], other[name], depth + 1);
    else missing(walk, served[name], "null-gone", walk.lost, below);
  }
  for (const name of Object.keys(other)) {
    if (walk.steps > MAX_STEPS) return;
    if (!Object.hasOwn(served, name)) missing(walk, other[name], "null-new", walk.added, `${path}.${name}`);
  }
};

/** A key that one of them lacks. One that is null says as much as none, mostly, and is told apart. */
const missing = (walk: Walk, value: Value, ofNull: string, where: Set<string>, path: string): void => {
  walk.steps += 1;
  if (value === null) note(walk, ofNull, path);
  else where.add(path);
};

const visit = (walk: Walk, path: string, served: Value, other: Value, depth: number): void => {
  walk.steps += 1;
  if (walk.steps > MAX_STEPS || depth > MAX_DEPTH) return;
  if (typeOf(served) !== typeOf(other)) compareTypes(walk, path, served, other);
  else if (Array.isArray(served) && Array.isArray(other)) compareLists(walk, path, served, other, depth);
  else if (isRecord(served) && isRecord(other)) compareMembers(walk, path, served, other, depth);
  else compareScalars(walk, path, served, other);
};

/**
 * Compares two parsed JSON values place by place: keys by name, elements of lists by place, unless the lists hold the same in
 * another order. `enumerated` holds the key paths whose values the schema lists. A key that is lost with the object around it
 * is not told besides. Looks at 4000 places and 16 levels.
 */
export const compareFields = (served: unknown, other: unknown, enumerated: ReadonlySet<string>): FieldDifference => {
  const sets = {
    lost: new Set<string>(),
    added: new Set<string>(),
    retyped: new Set<string>(),
    codes: new Set<string>(),
  };
  const walk: Walk = {
    steps: 0,
    compared: 0,
    equal: 0,
    ...sets,
    enumerated,
    digests: new Map(),
    budget: { left: MAX_SPELLED },
  };
  visit(walk, "", served, other, 0);
  for (const path of walk.lost) note(walk, "key-lost", path);
  for (const path of walk.added) note(walk, "key-new", path);
  return {
    ...{ compared: walk.compared, equal: walk.equal, codes: walk.codes },
    ...{ keysLost: walk.lost.size, keysNew: walk.added.size, typesChanged: walk.retyped.size },
  };
};
