import { slotOf } from "./slot-of.ts";

/** Twice the most numbers that are counted, so that a free slot is always near. */
const SLOTS = new Int32Array(1 << 13);

/** The most numbers countDifferent takes. */
export const MAX_COUNTED: number = SLOTS.length / 2;

/**
 * How many different numbers the first `count` of `numbers` are, `count` from 1 to 4096. A hash table in scratch that is
 * kept: a new Set for every text took five times as long.
 */
export const countDifferent = (numbers: Int32Array, count: number): number => {
  const bits = 33 - Math.clz32(count - 1);
  const last = (1 << bits) - 1;
  SLOTS.fill(0, 0, last + 1);
  let different = 0;
  let hasZero = 0;
  for (let at = 0; at < count; at += 1) {
    const number = numbers[at] ?? 0;
    // Zero marks a free slot, so it is counted apart.
    if (number === 0) hasZero = 1;
    let slot = slotOf(number, 32 - bits);
    while (SLOTS[slot] !== number && SLOTS[slot] !== 0) slot = (slot + 1) & last;
    if (SLOTS[slot] !== number) {
      SLOTS[slot] = number;
      different += 1;
    }
  }
  return different + hasZero;
};
