/** An entry by all it holds, and whether it says which call it is. */
export interface EntryKey {
  readonly text: string;
  readonly namesCall: boolean;
}

/** Keys that name a call by themselves. */
const ID = /^(ts|id|uuid|.*_(id|uuid))$/;
/** Named for what calls share, not for one of them. */
const SHARED_ID = /^(prompt|conversation|session|user|task|model|tenant|dataset|run)_id$/;
/** With one of the shared ids, an answer as long as this is the same one; shorter ones come again. */
const LONG_OUTPUT = 40;

const isGiven = (value: unknown): boolean => (typeof value === "string" && value !== "") || typeof value === "number";

/** What tells an entry from all others. Two calls hardly agree in an id and a time; two of `yes` do. */
export const entryKey = (value: object): EntryKey => {
  const given = new Map(Object.entries(value).filter(([, each]) => isGiven(each)));
  const names = [...given.keys()].filter((key) => ID.test(key));
  const output = given.get("output");
  const isLong = typeof output === "string" && output.length >= LONG_OUTPUT;
  const namesCall =
    names.some((key) => !SHARED_ID.test(key)) || (names.length > 0 && (given.has("latency_ms") || isLong));
  return { text: JSON.stringify(value), namesCall };
};

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** Different entries from which on it is no accident that each of them is there as often as a multiple of some number. */
const MIN_DIFFERENT = 10;

/**
 * For each entry, true where it repeats another one and must not count: the same in everything and named as the same call;
 * or, of entries that name none, where all of a file are there k times (it was written twice), all but one in k.
 */
export const repeatsAmong = (keys: readonly EntryKey[]): readonly boolean[] => {
  const times = new Map<string, number>();
  for (const { text, namesCall } of keys) if (!namesCall) times.set(text, (times.get(text) ?? 0) + 1);
  const copies = times.size < MIN_DIFFERENT ? 1 : [...times.values()].reduce(gcd, 0);
  const seen = new Map<string, number>();
  return keys.map(({ text, namesCall }) => {
    const before = seen.get(text) ?? 0;
    seen.set(text, before + 1);
    return namesCall ? before > 0 : before % copies !== 0;
  });
};
