import { LeewayError } from "../core/errors.ts";

/** Inserts some rows under a token of their own. */
type Insert = (lines: readonly Uint8Array[], token: string) => Promise<void>;

/** A few bad rows among thousands are found in a dozen refusals each. */
const MAX_REFUSALS = 200;

const isRefusal = (error: unknown): boolean => error instanceof LeewayError && error.code === "rows-refused";

/**
 * Inserts rows, and those that the database refuses for what they say not: a refused batch is halved until the rows to
 * blame stand alone. Resolves with the rows that are not stored. The parts of a batch have tokens that follow from its
 * own, so that all of it may be repeated. After 200 refusals the parts that were refused are given up as they are. Rejects
 * with any error that is not about the rows.
 */
export const insertAroundRefusals = async (
  lines: readonly Uint8Array[],
  token: string,
  insert: Insert,
): Promise<readonly Uint8Array[]> => {
  let refusals = 0;
  const attempt = async (from: number, to: number, name: string): Promise<readonly Uint8Array[]> => {
    try {
      await insert(lines.slice(from, to), name);
      return [];
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refusals += 1;
      if (to - from === 1 || refusals > MAX_REFUSALS) return lines.slice(from, to);
      const middle = Math.ceil((from + to) / 2);
      return [
        ...(await attempt(from, middle, `${token}:${from}-${middle}`)),
        ...(await attempt(middle, to, `${token}:${middle}-${to}`)),
      ];
    }
  };
  return attempt(0, lines.length, token);
};
