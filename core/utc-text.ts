/** Epoch ms in UTC, the clock of every line Leeway writes. */
const isoOf = (at: number): string => new Date(at).toISOString();

/** `2026-11-20 02:14:09`. */
export const utcSecond = (at: number): string => isoOf(at).slice(0, 19).replace("T", " ");

/** `2026-11-20T02:14:09Z`, where a sentence does not say that it is UTC. */
export const utcStamp = (at: number): string => `${isoOf(at).slice(0, 19)}Z`;

/** `2026-11-20 02:14`. */
export const utcMinute = (at: number): string => isoOf(at).slice(0, 16).replace("T", " ");

/** `02:14:09`, of a day that is known. */
export const utcClock = (at: number): string => isoOf(at).slice(11, 19);
