import type { Tick } from "../core/sample.ts";

/**
 * A tick as a stage sees it: of everybody (`part` null), or of the one audience that `part` is the key of, with the counts of
 * everybody's calls beside. Null where that audience was not folded.
 */
export const narrowTick = ({ parts, judgedPart: _, heavy, ...tick }: Tick, part: string | null): Tick | null => {
  if (part === null) return heavy === undefined ? tick : { ...tick, heavy };
  const own = parts?.[part];
  return own === undefined ? null : { ...tick, ...own, everybody: tick.calls };
};

/** The tick with the calls of everybody, which how calls come in is counted of. */
export const widened = (tick: Tick): Tick => (tick.everybody === undefined ? tick : { ...tick, calls: tick.everybody });
