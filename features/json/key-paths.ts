import { isRecord } from "../is-record.ts";
import { digest } from "./digest.ts";

/** Bounds of the walk, so that no answer is much work. */
const MAX_DEPTH = 16;
const MAX_VALUES = 2000;
const MAX_PATHS = 64;

/** Longest text that is taken for the value of an enumeration. */
const MAX_ENUM_CHARS = 64;

/** What a walk through a JSON answer found. */
export interface KeyPaths {
  /**
   * At most 64 entries, sorted by digest, no two equal: a letter and the 12 digits of the digest of a key path.
   * `k` = the key is there with a value, `n` = it is null, `e` = it is an empty array. Elements of an array share one
   * path. `v` = digest of a path and its value, for keys whose value the schema takes from a list.
   */
  readonly paths: readonly string[];
  /** One of 32 labels for the set of `k`, `n` and `e` entries: `s00` to `s31`. */
  readonly shape: string;
  readonly depth: number;
  readonly nulls: number;
  readonly emptyArrays: number;
}

interface Walk {
  readonly entries: Set<string>;
  /** Key paths whose value the schema takes from a list. */
  readonly enumerated: ReadonlySet<string>;
  values: number;
  depth: number;
  nulls: number;
  emptyArrays: number;
}

const kindOf = (value: unknown): "k" | "n" | "e" => {
  if (value === null) return "n";
  return Array.isArray(value) && value.length === 0 ? "e" : "k";
};

const visit = (walk: Walk, path: string, value: unknown, depth: number): void => {
  walk.values += 1;
  if (walk.values > MAX_VALUES || depth > MAX_DEPTH) return;
  if (value === null) walk.nulls += 1;
  if (typeof value === "string" && value.length <= MAX_ENUM_CHARS && walk.enumerated.has(path))
    walk.entries.add(`v${digest(`${path}=${value}`)}`);
  if (Array.isArray(value)) {
    walk.depth = Math.max(walk.depth, depth + 1);
    if (value.length === 0) walk.emptyArrays += 1;
    for (const element of value.slice(0, MAX_VALUES)) visit(walk, `${path}[]`, element, depth + 1);
  } else if (isRecord(value)) visitMembers(walk, path, value, depth + 1);
};

const visitMembers = (walk: Walk, path: string, value: Readonly<Record<string, unknown>>, depth: number): void => {
  walk.depth = Math.max(walk.depth, depth);
  for (const key in value) {
    if (walk.values > MAX_VALUES) return;
    const below = `${path}.${key}`;
    walk.entries.add(kindOf(value[key]) + digest(below));
    visit(walk, below, value[key], depth);
  }
};

const SHAPES = 32;

const shapeOf = (entries: readonly string[]): string =>
  `s${String(Number.parseInt(digest(entries.join()).slice(4), 16) % SHAPES).padStart(2, "0")}`;

/**
 * The key paths of a parsed JSON answer as digests: no names, no values. `enumerated` holds the paths (`.a.b[].c`)
 * whose values the declared schema takes from a list. Looks at 2000 values and 16 levels at most.
 */
export const keyPathsOf = (value: unknown, enumerated: ReadonlySet<string>): KeyPaths => {
  const walk: Walk = { entries: new Set(), enumerated, values: 0, depth: 0, nulls: 0, emptyArrays: 0 };
  visit(walk, "", value, 0);
  // By digest, so that of more than 64 paths every answer keeps the same ones.
  const sorted = [...walk.entries].sort((a, b) => (a.slice(1) + a < b.slice(1) + b ? -1 : 1));
  const { depth, nulls, emptyArrays } = walk;
  const shape = shapeOf(sorted.filter((entry) => !entry.startsWith("v")));
  return { paths: sorted.slice(0, MAX_PATHS), shape, depth, nulls, emptyArrays };
};
