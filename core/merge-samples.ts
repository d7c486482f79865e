/** What rows of samples have that are added up. */
export interface Addable {
  readonly n: number;
  readonly sum: number;
  readonly bins: Readonly<Record<string, number>>;
}

const sumBins = (rows: readonly Addable[]): Addable["bins"] => {
  const sum = new Map<string, number>();
  for (const { bins } of rows) for (const bin in bins) sum.set(bin, (sum.get(bin) ?? 0) + (bins[bin] ?? 0));
  return Object.fromEntries([...sum].toSorted(([x], [y]) => (x < y ? -1 : 1)));
};

/** Nearly always there is one row of a key: then it is the result, its bins in order as they came. */
const mergeRows = <Row extends Addable>(rows: readonly Row[]): readonly Row[] => {
  const last = rows.at(-1);
  if (last === undefined || rows.length === 1) return rows;
  const total = (of: "n" | "sum"): number => rows.reduce((sum, row) => sum + row[of], 0);
  return [{ ...last, n: total("n"), sum: total("sum"), bins: sumBins(rows) }];
};

/**
 * Rows of one key added together, in the order in which keys and rows came: the same rows always give the same result,
 * to the last bit. What is no sum is the last row's.
 */
export const mergeSamples = <Row extends Addable>(rows: readonly Row[], keyOf: (row: Row) => string): readonly Row[] =>
  [...Map.groupBy(rows, keyOf).values()].flatMap(mergeRows);
