import type { Case, Point } from "../../agent/case/case.ts";
import { type CaseRecord, isDue } from "../../agent/case/case-records.ts";
import { type Migration, shortHash } from "../../core/migration.ts";
import { whyText } from "../../core/why.ts";
import { renderTable } from "./table.ts";

const SPEAKS: Readonly<Record<Point["speaks"], string>> = {
  forbids: "FORBIDS",
  for: "for",
  against: "against",
  unknown: "unknown",
  note: "note",
};

const ADVICE: Readonly<Record<Case["advice"], string>> = {
  migrate: "MIGRATE",
  defer: "DEFER",
  undecided: "UNDECIDED",
};

const recordText = ({ decision, by, at, revisit, reason }: CaseRecord): string =>
  `${decision === "defer" ? `deferred until ${revisit}` : "decided for"} by ${by} (unverified) on ${at.slice(0, 10)}: ${reason}`;

const onRecord = ({ hash }: Migration, record: CaseRecord | null): readonly string[] => {
  if (record === null) return [];
  const changed =
    record.document === hash ? "" : `; of document ${shortHash(record.document, 12)}, which changed since`;
  return [`  on record  ${recordText(record)}${changed}`];
};

/** What speaks for and against a migration, and what it comes to; `record` is what somebody decided before. */
export const renderCase = (
  migration: Migration,
  { advice, because, points }: Case,
  record: CaseRecord | null,
): readonly string[] => [
  `${migration.name}: ${ADVICE[advice]}: ${because}`,
  `  ${migration.baseline.model} -> ${migration.candidate.model}, document ${shortHash(migration.hash, 12)}; why: ${migration.why === undefined ? "not written down" : whyText(migration.why)}`,
  ...points.map(({ speaks, text }) => `  ${SPEAKS[speaks].padEnd(9)}  ${text}`),
  ...onRecord(migration, record),
];

/** True where the first stage begins without anybody's word. */
const beginsByItself = ({ stages }: Migration): boolean => stages[0]?.approval !== true;

/** What was put on record, and what it does not do. */
export const renderRecorded = (
  { record, isNew }: { readonly record: CaseRecord; readonly isNew: boolean },
  migration: Migration,
  { isTakenUp, file }: { readonly isTakenUp: boolean; readonly file: string },
): readonly string[] => [
  `${isNew ? `recorded in ${file}` : `on record already in ${file}`}: ${recordText(record)}`,
  ...(record.decision === "defer" && isTakenUp && beginsByItself(migration)
    ? [
        "LOOK: its document lies in migrations/, and an agent begins with it: keep it elsewhere until then, or give its first stage approval: true",
      ]
    : []),
];

const rowOf = (record: CaseRecord, now: number): readonly string[] => [
  record.revisit === null ? "–" : isDue(record, now) ? `DUE ${record.revisit}` : record.revisit,
  record.migration,
  record.decision,
  record.by,
  record.at.slice(0, 10),
  record.reason,
];

/** The newest decision of each migration, those due first. */
export const renderRecords = (records: readonly CaseRecord[], now: number): string => {
  if (records.length === 0) return "no decision is on record; leeway decide <migration> weighs one\n";
  const rows = records.map((record) => rowOf(record, now));
  return `${renderTable(["look again", "migration", "decision", "by", "on", "reason"], rows).join("\n")}\n`;
};
