import type { Arm } from "../../core/cohort.ts";
import { LeewayError, messageOf } from "../../core/errors.ts";
import { printableLine } from "../../core/printable.ts";
import { linesOf } from "./lines-of.ts";
import { readJson } from "./read-json.ts";
import { type RecordRead, readRecord } from "./read-record.ts";
import { bothReports, contradictionText, createReadLog, type ReadProblem, type ReadReport } from "./read-report.ts";
import type { AnswerRecord } from "./record.ts";
import { type EntryKey, entryKey, repeatsAmong } from "./same-entries.ts";

/** The answers of a file, and what of it could not be read. */
export interface RecordsRead<Kind = AnswerRecord> {
  readonly records: readonly Kind[];
  readonly report: ReadReport;
}

/** Longer than any answer of a model. */
const MAX_LINE = 64 * 1024 ** 2;

interface Entry {
  /** `old.jsonl:12`, or `old.json: entry 3`. */
  readonly place: string;
  readonly read: ReturnType<typeof readJson>;
}

/** A file that is one JSON list, over as many lines as it likes. */
async function* entriesOfList(path: string, json: string): AsyncGenerator<Entry> {
  const read = readJson(json);
  if ("problem" in read || !Array.isArray(read.value)) {
    yield {
      place: path,
      read: { problem: "a list that is no JSON; expected one object a line, or one list of objects" },
    };
    return;
  }
  let number = 0;
  for (const value of read.value as readonly unknown[]) yield { place: `${path}: entry ${++number}`, read: { value } };
}

async function* entriesOf(path: string): AsyncGenerator<Entry> {
  const list: string[] = [];
  let isList: boolean | null = null;
  for await (const { number, text } of linesOf(path, MAX_LINE)) {
    if (text.trim() === "") continue;
    // A list a line is no list of records.
    isList ??= text.trimStart().startsWith("[");
    if (isList) list.push(text);
    else yield { place: `${path}:${number}`, read: readJson(text) };
  }
  if (isList === true) yield* entriesOfList(path, list.join("\n"));
}

/** The same reason wherever in the line it is. */
const withoutPlace = (problem: string): string => problem.replace(/ \(at character \d+\)/, "");

const HAS_NO_TEXT = /\ufffd/;

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** What every kind of record says. */
interface AnyRecord {
  readonly cohort: Arm;
  readonly output: string | null;
}

/** Reads one entry; `cohort` is that of its file. */
type ReadEntry<Kind> = (value: unknown, cohort: Arm | null) => RecordRead<Kind>;

const collect = async <Kind extends AnyRecord>(
  path: string,
  cohort: Arm | null,
  readEntry: ReadEntry<Kind>,
): Promise<RecordsRead<Kind>> => {
  const [leftOut, remarks] = [createReadLog(), createReadLog()];
  const records: Kind[] = [];
  const keys: EntryKey[] = [];
  let [entries, lost] = [0, 0];
  for await (const { place, read } of entriesOf(path)) {
    entries += 1;
    const each =
      "problem" in read ? { leftOut: withoutPlace(read.problem), isLoss: true } : readEntry(read.value, cohort);
    if ("leftOut" in each) {
      leftOut.add(each.leftOut, place);
      if (each.isLoss) lost += 1;
      continue;
    }
    for (const reason of each.unusable) remarks.add(reason, place);
    if (each.contradicts !== null) remarks.add(contradictionText(each.contradicts, each.record.cohort), place);
    if (HAS_NO_TEXT.test(each.record.output ?? "")) remarks.add("output: has bytes that are no UTF-8", place);
    records.push(each.record);
    keys.push(entryKey("value" in read && isObject(read.value) ? read.value : {}));
  }
  const repeats = repeatsAmong(keys);
  const kept = records.filter((_, at) => repeats[at] !== true);
  return {
    records: kept,
    report: {
      ...{ entries, left_out: leftOut.list(), remarks: remarks.list(), repeated: records.length - kept.length },
      lost_share: entries === 0 ? 0 : lost / entries,
    },
  };
};

const problemLine = ({ reason, count, first }: ReadProblem): string =>
  printableLine(`${first}: ${reason}${count === 1 ? "" : ` (${count} in all)`}`);

/** What `--strict` refuses: anything that was not taken as it is, but for entries that are there twice. */
const refuse = ({ left_out, remarks }: ReadReport): void => {
  const problems = [...left_out, ...remarks].map(problemLine);
  if (problems.length > 0) throw new LeewayError("records-invalid", problems.join("\n"));
};

/**
 * Reads a file of records of a kind: JSON Lines or one JSON list (see `chunksOf` for how they may be written). What cannot be read is
 * left out and reported. `cohort` is that of all of them, whatever they say. Throws LeewayError `records-invalid` for a
 * missing file, and with `isStrict` for anything that could not be read.
 */
export const readEntries = async <Kind extends AnyRecord>(
  path: string,
  cohort: Arm | null,
  isStrict: boolean,
  readEntry: ReadEntry<Kind>,
): Promise<RecordsRead<Kind>> => {
  let read: RecordsRead<Kind>;
  try {
    read = await collect(path, cohort, readEntry);
  } catch (cause) {
    throw new LeewayError(
      "records-invalid",
      `${path}: cannot be read (${messageOf(cause)}); expected a JSON Lines file`,
      { cause },
    );
  }
  if (isStrict) refuse(read.report);
  return read;
};

/** Reads a file of answers that are to be compared; see `readEntries`. */
export const readRecords = (path: string, cohort: Arm | null, isStrict = false): Promise<RecordsRead> =>
  readEntries(path, cohort, isStrict, readRecord);

/** Where two cohorts are: in one file, or in one each. */
export interface RecordFiles {
  readonly records: string | null;
  readonly baseline: string | null;
  readonly canary: string | null;
  readonly strict: boolean;
}

/** Reads both cohorts for `command`. Throws LeewayError `records-invalid`, also where not exactly one way of giving them is used. */
export const readCohorts = async <Kind extends AnyRecord>(
  command: string,
  { records, baseline, canary, strict }: RecordFiles,
  readEntry: ReadEntry<Kind>,
): Promise<RecordsRead<Kind>> => {
  if (records !== null && baseline === null && canary === null) return readEntries(records, null, strict, readEntry);
  if (records === null && baseline !== null && canary !== null) {
    const before = await readEntries(baseline, "baseline", strict, readEntry);
    const after = await readEntries(canary, "canary", strict, readEntry);
    return { records: [...before.records, ...after.records], report: bothReports(before.report, after.report) };
  }
  throw new LeewayError(
    "records-invalid",
    `leeway ${command}: nothing to compare; expected one file with both cohorts, or --baseline and --canary`,
  );
};
