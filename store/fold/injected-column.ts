import { unreachable } from "../../core/exhaustive.ts";
import { measuredKind, type SignalName, signalOf } from "../../core/signals.ts";
import { quoteText } from "../quote.ts";
import type { SignalColumn } from "../signal-columns.ts";

/** What is done to the values of a signal. */
export type Alteration =
  /** this share (0-1) of the calls without the event get it */
  | { readonly kind: "gain"; readonly share: number }
  /** this share (0-1) of the calls with the event lose it */
  | { readonly kind: "lose"; readonly share: number }
  /** values of at least `above` (null = all) are multiplied */
  | { readonly kind: "multiply"; readonly by: number; readonly above: number | null }
  /** this is added to values of at least `above`, in the signal's unit */
  | { readonly kind: "add"; readonly by: number; readonly above: number | null };

/** A regression put into the calls of one arm. */
export interface Injected {
  readonly signal: SignalName;
  readonly alteration: Alteration;
  /** Calls that ended before this moment (epoch ms) stay as they are. */
  readonly since: number;
}

/** Uniform in [0, 1) per call and signal, from the call's ids and the seed. */
const drawSql = (signal: SignalName): string =>
  `(cityHash64({seed:String}, ${quoteText(signal)}, trace_id, span_id) % 1000003) / 1000003`;

/** Keeps a moved value where the signal's values lie, as SQL. */
const keptSql = (signal: SignalName, moved: string): string => {
  const kind = measuredKind(signalOf(signal).kind);
  switch (kind) {
    case "score":
      return `least(1, greatest(0, ${moved}))`;
    case "rate":
    case "value":
      return `greatest(0, ${moved})`;
    case null:
      throw new TypeError(`${signal} has labels, which cannot be moved`);
    default:
      return unreachable(kind);
  }
};

/** What a signal's value becomes, as SQL over its unaltered value `x`. */
const alteredSql = ({ signal, alteration }: Injected, x: string): string => {
  switch (alteration.kind) {
    case "gain":
      return `if(${drawSql(signal)} < ${alteration.share}, 1, ${x})`;
    case "lose":
      return `if(${drawSql(signal)} < ${alteration.share}, 0, ${x})`;
    case "multiply":
    case "add": {
      const moved = alteration.kind === "add" ? `${x} + ${alteration.by}` : `${x} * ${alteration.by}`;
      const value = keptSql(signal, moved);
      return alteration.above === null ? value : `if(${x} >= ${alteration.above}, ${value}, ${x})`;
    }
    default:
      return unreachable(alteration);
  }
};

/** The column of a signal with a regression in the calls for which `arm` is true and that ended late enough. */
export const injectedColumn = (column: SignalColumn, injected: Injected, arm: string): SignalColumn => {
  const x = `toFloat64(ifNull(${column.value}, 0))`;
  const isHit = `${arm} AND toUnixTimestamp64Milli(end_ms) >= ${injected.since}`;
  return { known: column.known, value: `if(${isHit}, ${alteredSql(injected, x)}, ${x})` };
};
