/** What the name of a spool file says, so that a directory can be judged without opening a file. */
export interface SpoolFile {
  /** Epoch ms of the write. */
  readonly atMs: number;
  /** Orders the files one process wrote in the same millisecond. */
  readonly number: number;
  /** Spans in it; a file that holds only an export report has none. */
  readonly spans: number;
  readonly bytes: number;
  readonly pid: number;
  /** Tells processes with the same pid apart: containers, a pid used again. Eight hex digits. */
  readonly instance: string;
  /** Each of its lines has a checksum; versions before this one wrote one request as it is. */
  readonly isChecked: boolean;
}

const NAME = /^(\d{13})-(\d{6})-(\d{1,7})-(\d{1,10})-(\d{1,10})-([0-9a-f]{8})\.json(l?)$/;

/** The file's name; names sort by age. */
export const spoolFileName = ({ atMs, number, spans, bytes, pid, instance, isChecked }: SpoolFile): string =>
  `${String(atMs).padStart(13, "0")}-${String(number).padStart(6, "0")}-${spans}-${bytes}-${pid}-${instance}.json${isChecked ? "l" : ""}`;

/** Reads a name; null for files that are not the spool's. */
export const readSpoolFileName = (name: string): SpoolFile | null => {
  const found = NAME.exec(name);
  if (found === null) return null;
  const [atMs = 0, number = 0, spans = 0, bytes = 0, pid = 0] = found.slice(1, 6).map(Number);
  return { atMs, number, spans, bytes, pid, instance: found[6] ?? "", isChecked: found[7] === "l" };
};
