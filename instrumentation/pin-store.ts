import type { Arm } from "../core/cohort.ts";

/** What a conversation was served at its latest turn. */
export interface Pin {
  readonly arm: Arm;
  /** The variant as the flag system names it; empty where it named none. */
  readonly variant: string;
  /** What the flag evaluated to, for a store elsewhere as JSON. */
  readonly value: unknown;
}

/** Where pins are kept. A store that several instances share makes them agree; each may answer at once or later. */
export interface PinStore {
  /** `key` is 32 hex digits: a hash of flag and conversation. */
  readonly get: (key: string) => Pin | undefined | null | Promise<Pin | undefined | null>;
  /** `keepMs`: how long it has to be kept after this. */
  readonly set: (key: string, pin: Pin, keepMs: number) => unknown;
}

/** Pins of a generation; there are two. */
const MAX_PINS = 50_000;

/**
 * Pins in this process, in two generations: what is asked for is carried into the younger one; the older one is dropped when the
 * younger is as old as pins are kept, or full.
 */
export const memoryPins = (now: () => number = () => performance.now(), maxPins: number = MAX_PINS): PinStore => {
  let old = new Map<string, Pin>();
  let young = new Map<string, Pin>();
  let since = now();
  const put = (key: string, pin: Pin, keepMs: number): void => {
    if (now() - since >= keepMs || young.size >= maxPins) [old, young, since] = [young, new Map(), now()];
    young.set(key, pin);
  };
  return { get: (key) => young.get(key) ?? old.get(key), set: put };
};
