import { TEXT_FILE, type TextFile } from "../../../alerts/flags/file-target.ts";

/** A real disk that can be told to misbehave. */
export interface DisturbedDisk extends TextFile {
  readonly behave: (mood: "work" | "hang" | "lie" | "EACCES" | "ENOSPC") => void;
  /** Between the next look at a file and the look right before its replacement. */
  readonly inBetween: (act: () => void) => void;
  /** Files that were replaced. */
  readonly writes: () => number;
}

/** The real one, to be disturbed. */
export const disturbedDisk = (): DisturbedDisk => {
  let [mood, act, reads, writes]: [Parameters<DisturbedDisk["behave"]>[0], (() => void) | null, number, number] = [
    "work",
    null,
    0,
    0,
  ];
  return {
    ...TEXT_FILE,
    behave: (next) => {
      [mood, act] = [next, null];
    },
    inBetween: (next) => {
      [act, reads] = [next, 0];
    },
    writes: () => writes,
    read: async (file) => {
      if (mood === "hang") return new Promise<never>(() => undefined);
      reads += 1;
      if (act !== null && reads === 2) {
        act();
        act = null;
      }
      return TEXT_FILE.read(file);
    },
    replace: async (file, text) => {
      if (mood === "EACCES" || mood === "ENOSPC") throw Object.assign(new Error(mood), { code: mood });
      if (mood === "lie") return;
      writes += 1;
      await TEXT_FILE.replace(file, text);
    },
  };
};
