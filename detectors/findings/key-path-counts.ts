import type { Arm } from "../../core/cohort.ts";
import type { ArmPair } from "../tick-view.ts";
import { WINDOWS, type WindowName } from "./feature-counts.ts";

/** Key paths that are watched in one segment. */
export const MAX_KEY_PATHS = 256;
/** Share of the answers that a path has to be in to keep its place once there is no room for new ones. */
const RARE = 0.01;

interface PathCounts {
  readonly n: Record<Arm, number>;
  readonly present: Map<string, Record<Arm, number>>;
}

/** JSON answers of both arms, and how many of them have each key path, over every window. */
export interface KeyPathCounts {
  readonly add: (pair: ArmPair) => void;
  readonly clear: (window: WindowName) => void;
  readonly window: (window: WindowName) => {
    readonly n: Readonly<Record<Arm, number>>;
    readonly present: ReadonlyMap<string, Readonly<Record<Arm, number>>>;
  };
}

/** Makes room: keys that are ids are in few answers each, and there is no end of them. Both arms decide together. */
const forgetRare = ({ n, present }: PathCounts): void => {
  for (const [path, { canary, baseline }] of present) {
    if (canary + baseline < RARE * (n.canary + n.baseline)) present.delete(path);
  }
};

/** Counts of key paths in one segment, empty. */
export const createKeyPathCounts = (): KeyPathCounts => {
  const empty = (): PathCounts => ({ n: { canary: 0, baseline: 0 }, present: new Map() });
  const windows: Record<WindowName, PathCounts> = { stage: empty(), day: empty(), hour: empty() };

  const addTo = (counts: PathCounts, arm: Arm, n: number, bins: Readonly<Record<string, number>>): void => {
    counts.n[arm] += n;
    for (const path in bins) {
      let known = counts.present.get(path);
      if (known === undefined) {
        if (counts.present.size >= MAX_KEY_PATHS) continue;
        known = { canary: 0, baseline: 0 };
        counts.present.set(path, known);
      }
      known[arm] += bins[path] ?? 0;
    }
  };

  return {
    add: (pair) => {
      for (const arm of ["canary", "baseline"] as const) {
        const { n, bins } = pair[arm];
        if (n > 0) for (const name of WINDOWS) addTo(windows[name], arm, n, bins);
      }
      for (const name of WINDOWS) if (windows[name].present.size >= MAX_KEY_PATHS) forgetRare(windows[name]);
    },
    clear: (name) => {
      windows[name] = empty();
    },
    window: (name) => windows[name],
  };
};
