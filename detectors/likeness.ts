import { type Tick, UNKNOWN_EFFECT } from "../core/sample.ts";

/** Calls from which on it would be known, if anybody measured it. */
const KNOWN_CALLS = 1000;

/** How much calls of one user or conversation resemble one another, as far as ticks have told. */
export interface Likeness {
  /** Takes in what a tick tells. Call before judging it: it rests on earlier calls. */
  readonly step: (tick: Tick) => void;
  /**
   * The design effect of evidence that `calls` calls of both arms make up. A user who stays has the more of them the
   * longer one looks, and so resembles oneself the more: the lasting effect grows with the calls, up to what it was
   * measured over.
   */
  readonly effectOf: (name: string, calls: number) => number;
  /** The largest effect of any signal or feature, 1 where none is known. */
  readonly largest: () => number;
}

const callsOf = ({ calls, samples }: Tick): number =>
  Math.max(
    calls.reduce((sum, { segment, calls: n }) => (segment === "" ? sum + n : sum), 0),
    samples.reduce((most, { n }) => Math.max(most, n), 0),
  );

/** How what is not told is taken. */
export interface LikenessSettings {
  /** What one tick does not tell stays as it was told before; else it is unknown again. */
  readonly keeps: boolean;
  /** After 1000 calls of which nobody has told, nobody measures, and calls count in full; else they go on counting as half. */
  readonly endsUnknown: boolean;
}

/** A likeness of which nothing is known: until the first effects are told, calls count as half. */
export const createLikeness = ({ keeps, endsUnknown }: LikenessSettings): Likeness => {
  const effects = new Map<string, number>();
  const lasting = new Map<string, { readonly effect: number; readonly calls: number }>();
  let [calls, isTold] = [0, false];
  const momentary = (name: string): number => {
    const known = effects.get(name);
    if (known !== undefined) return known;
    return !isTold && (calls < KNOWN_CALLS || !endsUnknown) ? UNKNOWN_EFFECT : 1;
  };
  return {
    step: (tick) => {
      const { designEffects, lastingEffects } = tick;
      if (designEffects !== undefined && !keeps) effects.clear();
      for (const [name, effect] of Object.entries(designEffects ?? {}))
        if (effect !== undefined) effects.set(name, effect);
      for (const [name, effect] of Object.entries(lastingEffects ?? {}))
        if (effect !== undefined) lasting.set(name, effect);
      if (designEffects !== undefined && (endsUnknown || effects.size > 0)) isTold = true;
      // Counted for as long as it is asked for.
      if (!isTold && endsUnknown && calls < KNOWN_CALLS) calls += callsOf(tick);
    },
    effectOf: (name, n) => {
      const known = lasting.get(name);
      const grown = known === undefined ? 1 : 1 + (known.effect - 1) * Math.min(1, n / known.calls);
      return Math.max(momentary(name), grown);
    },
    largest: () => Math.max(1, ...effects.values()),
  };
};

/** The tick as its calls without the heaviest users tell of it. */
export const ofRest = (tick: Tick): Tick => {
  const { designEffects, lastingEffects, restEffects } = tick;
  return restEffects === undefined
    ? tick
    : {
        ...tick,
        ...(designEffects === undefined ? {} : { designEffects: { ...designEffects, ...restEffects.designEffects } }),
        ...(lastingEffects === undefined
          ? {}
          : { lastingEffects: { ...lastingEffects, ...restEffects.lastingEffects } }),
      };
};
