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

/** A key path that was met; the elements of a list meet the same ones, which are put together and hashed once. */
interface Path {
  readonly path: string;
  readonly digest: string;
  /** The schema takes its value from a list. */
  readonly isEnumerated: boolean;
  /** Kinds of values that stood there, in the order they were met. */
  kinds: string;
  /** Null until one is met: most values have none. */
  members: Map<string, Path> | null;
  elements: Path | null;
}

interface Walk {
  /** A digest with its letter behind it, so that they sort by digest. */
  readonly entries: Set<string>;
  readonly enumerated: ReadonlySet<string>;
  values: number;
  depth: number;
  nulls: number;
  emptyArrays: number;
}

const createPath = (path: string, { enumerated }: Walk): Path => ({
  path,
  digest: digest(path),
  isEnumerated: enumerated.has(path),
  kinds: "",
  members: null,
  elements: null,
});

const memberOf = (path: Path, key: string, walk: Walk): Path => {
  path.members ??= new Map();
  const known = path.members.get(key);
  if (known !== undefined) return known;
  const created = createPath(`${path.path}.${key}`, walk);
  path.members.set(key, created);
  return created;
};

const kindOf = (value: unknown): "k" | "n" | "e" => {
  if (value === null) return "n";
  return Array.isArray(value) && value.length === 0 ? "e" : "k";
};

const visit = (walk: Walk, path: Path, value: unknown, depth: number): void => {
  walk.values += 1;
  if (walk.values > MAX_VALUES || depth > MAX_DEPTH) return;
  if (value === null) walk.nulls += 1;
  if (path.isEnumerated && typeof value === "string" && value.length <= MAX_ENUM_CHARS)
    walk.entries.add(`${digest(`${path.path}=${value}`)}v`);
  if (Array.isArray(value)) visitElements(walk, path, value, depth + 1);
  else if (isRecord(value)) visitMembers(walk, path, value, depth + 1);
};

const visitElements = (walk: Walk, path: Path, value: readonly unknown[], depth: number): void => {
  walk.depth = Math.max(walk.depth, depth);
  if (value.length === 0) {
    walk.emptyArrays += 1;
    return;
  }
  path.elements ??= createPath(`${path.path}[]`, walk);
  // Every element counts as a value, so that no more than these are looked at.
  for (let at = 0; at < value.length && at < MAX_VALUES; at += 1) visit(walk, path.elements, value[at], depth);
};

const visitMembers = (walk: Walk, path: Path, value: Readonly<Record<string, unknown>>, depth: number): void => {
  walk.depth = Math.max(walk.depth, depth);
  for (const key in value) {
    if (walk.values > MAX_VALUES) return;
    const below = memberOf(path, key, walk);
    const kind = kindOf(value[key]);
    if (!below.kinds.includes(kind)) {
      below.kinds += kind;
      walk.entries.add(below.digest + kind);
    }
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
  visit(walk, createPath("", walk), value, 0);
  // By digest, so that of more than 64 paths every answer keeps the same ones.
  const sorted = [...walk.entries].sort().map((entry) => entry.slice(-1) + entry.slice(0, -1));
  const { depth, nulls, emptyArrays } = walk;
  const shape = shapeOf(sorted.filter((entry) => !entry.startsWith("v")));
  return { paths: sorted.slice(0, MAX_PATHS), shape, depth, nulls, emptyArrays };
};
