import { isRecord } from "../../../features/is-record.ts";

/** How a value stands at its place: absent ones do not stand there. */
export type Standing = "null" | "empty" | "filled";

const standingOf = (value: unknown): Standing => {
  if (value === null) return "null";
  return value === "" || (Array.isArray(value) && value.length === 0) ? "empty" : "filled";
};

/** Paths that are looked at. */
const MOST = 10_000;

/**
 * The key paths of parsed JSON, each with how its values stand there: null, empty (text or list) or filled. Elements of a list share
 * a path, which is filled where one of them is.
 */
export const standingsOf = (root: unknown): ReadonlyMap<string, Standing> => {
  const found = new Map<string, Standing>();
  const open: (readonly [path: string, value: unknown])[] = [["$", root]];
  for (let next = open.pop(); next !== undefined && found.size < MOST; next = open.pop()) {
    const [path, value] = next;
    if (found.get(path) !== "filled") found.set(path, standingOf(value));
    if (Array.isArray(value)) for (const each of value.slice(0, MOST)) open.push([`${path}[]`, each]);
    else if (isRecord(value)) for (const key of Object.keys(value)) open.push([`${path}.${key}`, value[key]]);
  }
  return found;
};

/** In what two differ first, in words; null = in nothing. */
export const standingDifference = (
  baseline: ReadonlyMap<string, Standing>,
  candidate: ReadonlyMap<string, Standing>,
): string | null => {
  for (const path of new Set([...baseline.keys(), ...candidate.keys()])) {
    const [was, is] = [baseline.get(path) ?? "absent", candidate.get(path) ?? "absent"];
    if (was !== is) return `${path} was ${was} and is ${is}`;
  }
  return null;
};
