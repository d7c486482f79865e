import type { FileRead, FolderRead } from "./scan-documents.ts";

/** How many looks in a row have to find the same before it counts: an editor writes in steps, and may take a file away meanwhile. */
const LOOKS_OF_A_TEXT = 2;
const LOOKS_OF_A_LOSS = 3;

interface Seen {
  /** What counts; null = nothing is there. */
  readonly settled: FileRead | null;
  readonly newest: FileRead | null;
  /** Looks in a row that found the newest. */
  readonly looks: number;
}

/** Makes one reading of a folder out of several looks at it. */
export interface SettledFiles {
  /** Takes a look; what counts by now. */
  readonly look: (read: FolderRead) => FolderRead;
  /** The same, for a person who says that everything is in place. */
  readonly settle: (read: FolderRead) => FolderRead;
}

const isSame = (a: FileRead | null, b: FileRead | null): boolean => JSON.stringify(a) === JSON.stringify(b);

const next = (before: Seen | undefined, found: FileRead | null): Seen => {
  const { settled = null, newest = null, looks = 0 } = before ?? {};
  if (before === undefined || !isSame(newest, found)) return { settled, newest: found, looks: 1 };
  const needed = found === null ? LOOKS_OF_A_LOSS : LOOKS_OF_A_TEXT;
  return { settled: looks + 1 >= needed ? found : settled, newest, looks: looks + 1 };
};

/** Each file by itself, so that one that is written all the time keeps no other waiting. `first` counts at once. */
export const createSettledFiles = (first: FolderRead): SettledFiles => {
  let seen = new Map<string, Seen>();
  let troubled = 0;

  const settle = (read: FolderRead): FolderRead => {
    troubled = 0;
    seen = new Map([...read.files].map(([path, file]) => [path, { settled: file, newest: file, looks: 1 }]));
    return read;
  };
  settle(first);

  const counting = (problem: string): FolderRead => {
    const files = [...seen].flatMap(([path, { settled }]) => (settled === null ? [] : [[path, settled] as const]));
    return { problem, files: new Map(files.sort(([a], [b]) => (a < b ? -1 : 1))) };
  };

  return {
    settle,
    look: (read) => {
      troubled = read.problem === "" ? 0 : troubled + 1;
      if (read.problem !== "") return counting(troubled >= LOOKS_OF_A_LOSS ? read.problem : "");
      const paths = new Set([...seen.keys(), ...read.files.keys()]);
      const looked = [...paths].map((path) => [path, next(seen.get(path), read.files.get(path) ?? null)] as const);
      seen = new Map(looked.filter(([, each]) => each.settled !== null || each.newest !== null));
      return counting("");
    },
  };
};
