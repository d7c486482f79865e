import type { Arm } from "../../../core/cohort.ts";
import { bucketValue } from "../../../core/histogram.ts";
import type { CallCount, Sample } from "../../../core/sample.ts";
import { SIGNALS } from "../../../core/signals.ts";
import { binName, binsOf, bucketOfBin, CALL_SIGNALS } from "./call-signals.ts";
import { INPUT_TYPES, LANGUAGES } from "./healthy-app.ts";

/** The arms, in the order of their indices. */
export const ARMS: readonly Arm[] = ["canary", "baseline"];

/** Segments by index: all calls, the input types, the languages. */
export const SEGMENTS: readonly string[] = [
  "",
  ...INPUT_TYPES.map(({ name }) => `input_type=${name}`),
  ...LANGUAGES.map(({ name }) => `language=${name}`),
];

const ROOMS = CALL_SIGNALS.map(binsOf);
const PLACES = ARMS.length * SEGMENTS.length;
/** Where the counts of a signal begin. */
const OFFSETS = ROOMS.map((_, s) => ROOMS.slice(0, s).reduce((sum, room) => sum + room * PLACES, 0));
const SIZE = ROOMS.reduce((sum, room) => sum + room * PLACES, 0);

/** What a call of each bin adds to the sum of its signal. */
const WORTHS: readonly Float64Array[] = CALL_SIGNALS.map((signal, s) =>
  Float64Array.from({ length: ROOMS[s] ?? 0 }, (_, bin) => {
    const { kind } = SIGNALS[signal];
    if (kind === "value") return bucketValue(bucketOfBin(bin));
    return kind === "score" ? bin / 100 : kind === "rate" ? bin : 0;
  }),
);
const NAMES: readonly (readonly string[])[] = CALL_SIGNALS.map((signal, s) =>
  Array.from({ length: ROOMS[s] ?? 0 }, (_, bin) => binName(signal, bin)),
);

/** What the calls that count in one tick add up to, before it becomes samples. */
export interface TickCells {
  /** Counts one signal of a call of `arm` in the segments it belongs to, beside segment 0. */
  readonly add: (signal: number, arm: number, type: number, language: number, bin: number) => void;
  /** Counts that there was a call. */
  readonly call: (arm: number, type: number, language: number) => void;
  readonly samples: () => readonly Sample[];
  readonly calls: () => readonly CallCount[];
  readonly clear: () => void;
}

/** Cells of a tick in which nothing has happened. */
export const createTickCells = (): TickCells => {
  const counts = new Int32Array(SIZE);
  const called = new Int32Array(PLACES);

  const sampleOf = (signal: number, arm: number, segment: number): Sample => {
    const room = ROOMS[signal] ?? 0;
    const start = (OFFSETS[signal] ?? 0) + (arm * SEGMENTS.length + segment) * room;
    const name = CALL_SIGNALS[signal] ?? "error";
    const hasBins = SIGNALS[name].kind !== "rate";
    const bins: Record<string, number> = {};
    let [n, sum] = [0, 0];
    for (let bin = 0; bin < room; bin++) {
      const count = counts[start + bin] ?? 0;
      if (count === 0) continue;
      n += count;
      sum += count * (WORTHS[signal]?.[bin] ?? 0);
      if (hasBins) bins[NAMES[signal]?.[bin] ?? ""] = count;
    }
    return { signal: name, cohort: ARMS[arm] ?? "baseline", segment: SEGMENTS[segment] ?? "", n, sum, bins };
  };

  return {
    add: (signal, arm, type, language, bin) => {
      const room = ROOMS[signal] ?? 0;
      const start = (OFFSETS[signal] ?? 0) + arm * SEGMENTS.length * room + bin;
      counts[start] = (counts[start] ?? 0) + 1;
      counts[start + type * room] = (counts[start + type * room] ?? 0) + 1;
      counts[start + language * room] = (counts[start + language * room] ?? 0) + 1;
    },
    call: (arm, type, language) => {
      for (const segment of [0, type, language]) {
        const at = arm * SEGMENTS.length + segment;
        called[at] = (called[at] ?? 0) + 1;
      }
    },
    samples: () =>
      CALL_SIGNALS.flatMap((_, signal) =>
        ARMS.flatMap((__, arm) => SEGMENTS.map((___, segment) => sampleOf(signal, arm, segment))),
      ).filter(({ n }) => n > 0),
    calls: () =>
      ARMS.flatMap((cohort, arm) =>
        SEGMENTS.map((segment, i) => ({ cohort, segment, calls: called[arm * SEGMENTS.length + i] ?? 0 })),
      ),
    clear: () => {
      counts.fill(0);
      called.fill(0);
    },
  };
};
