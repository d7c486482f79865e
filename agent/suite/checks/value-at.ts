import { isRecord } from "../../../features/is-record.ts";

const STEP = /\.([^.[\]\s]+)|\[(-?\d+)\]|\[(\*)\]|\['([^']*)'\]|\["([^"]*)"\]/g;

/** Values that a `*` may stand for, all together. */
const MOST = 100_000;

const below = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  return isRecord(value) ? Object.values(value) : [];
};

const step = (value: unknown, [, name, index, every, single, double]: RegExpMatchArray): readonly unknown[] => {
  if (every !== undefined) return below(value);
  if (index !== undefined) {
    const found: unknown = Array.isArray(value) ? value.at(Number(index)) : undefined;
    return found === undefined ? [] : [found];
  }
  const key = name ?? single ?? double ?? "";
  return isRecord(value) && Object.hasOwn(value, key) ? [value[key]] : [];
};

/** The values at a path (`$.a[0]['b'].c[*]`) in parsed JSON; none where it leads nowhere. */
export const valuesAt = (value: unknown, path: string): readonly unknown[] =>
  [...path.matchAll(STEP)].reduce<readonly unknown[]>(
    (values, each) => values.flatMap((one) => step(one, each)).slice(0, MOST),
    [value],
  );
