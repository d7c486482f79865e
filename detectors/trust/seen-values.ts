import { percent } from "../../core/percent.ts";
import { shortText } from "../../core/short-text.ts";

/** Values that are counted, of whatever traffic brings, and those that are named. */
const MAX_VALUES = 50;
const MAX_NAMED = 3;
/** Values are production text: in a message they stand on one line and are not endless. */
const MAX_TEXT = 120;

/** Values that were seen, by how many calls carried them: the commonest, in bounded memory. */
export interface SeenValues {
  readonly add: (value: string, calls: number) => void;
  /** Newer calls count more. */
  readonly halve: () => void;
  readonly clear: () => void;
  /** The commonest, with their shares of `calls`; `others` where none stands out. */
  readonly text: (calls: number) => string;
}

/** None seen. A new value takes the place of the rarest one, whose calls it does not inherit. */
export const createSeenValues = (): SeenValues => {
  const counts = new Map<string, number>();
  const dropRarest = (): void => {
    const [rarest] = [...counts].reduce((least, each) => (each[1] < least[1] ? each : least));
    counts.delete(rarest);
  };
  return {
    add: (value, calls) => {
      const text = shortText(value.replaceAll(/\s+/g, " "), MAX_TEXT);
      if (counts.size >= MAX_VALUES && !counts.has(text)) dropRarest();
      counts.set(text, (counts.get(text) ?? 0) + calls);
    },
    halve: () => {
      for (const [value, calls] of counts) counts.set(value, calls / 2);
    },
    clear: () => counts.clear(),
    text: (calls) => {
      const top = [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, MAX_NAMED);
      if (top.length === 1 && counts.size === 1) return top[0]?.[0] ?? "others";
      const named = top.map(([value, n]) => `${value} (${percent(Math.min(1, n / calls))})`);
      const rest = counts.size - top.length;
      return [...named, ...(rest > 0 ? [`${rest} more`] : [])].join(", ") || "others";
    },
  };
};
