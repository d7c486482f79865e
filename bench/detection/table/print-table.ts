import type { Case } from "./case.ts";
import { METHODS, methodsOf } from "./methods.ts";
import type { MeasuredRow } from "./run-table.ts";
import { type Summary, summarize } from "./summary.ts";

const HEADER = ["scenario", "runs", "acted", "median", "p95", "ratio", ...METHODS.map(({ name }) => name)];

const number = (value: number | null): string => (value === null ? "-" : String(Math.round(value)));

const percent = (part: number, of: number): string => `${Math.round((100 * part) / of)}%`;

/** How often a method acted where it must not; where it must, its median calls, or how often it acted too early. */
const cellOf = (row: Case, summary: Summary): string => {
  const { runs, acted, early, median } = summary;
  if (row.asked === "no alarm" || row.asked === "never clear") return percent(acted, runs);
  if (early > 0) return `${percent(early, runs)} before`;
  return median === null ? `${percent(acted, runs)} found` : number(median);
};

const lineOf = ({ row, results }: MeasuredRow): readonly string[] => {
  const own = summarize(row, results, 0);
  const others = METHODS.map((method) => {
    const at = methodsOf(row).indexOf(method);
    return at === -1 || method.create(row.measured ?? NOTHING) === null
      ? "-"
      : cellOf(row, summarize(row, results, 1 + at));
  });
  const early = own.early > 0 ? ` (${own.early} before)` : "";
  const ratio = own.ratio === null ? "-" : own.ratio.toFixed(2);
  return [row.name, String(own.runs), `${own.acted}${early}`, number(own.median), number(own.p95), ratio, ...others];
};

const NOTHING = { value: () => null, moments: null, threshold: 0, margin: null };

const tableOf = (lines: readonly (readonly string[])[]): string =>
  [HEADER, HEADER.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** The table as Markdown, a heading per section. */
export const printTable = (rows: readonly MeasuredRow[]): string => {
  const sections = [...new Set(rows.map(({ row }) => row.section))];
  return sections
    .map((section) => {
      const lines = rows.filter(({ row }) => row.section === section).map(lineOf);
      return `${section}\n\n${tableOf(lines)}\n`;
    })
    .join("\n");
};

/** How often Flagger acts at its documented success rate of 99%, on the rows about errors. */
export const flaggerAt99 = (rows: readonly MeasuredRow[]): readonly string[] =>
  rows.flatMap(({ row, results }) => {
    const at = methodsOf(row).findIndex(({ name }) => name === "Flagger at 99%");
    return at === -1 ? [] : [`${row.name}: ${cellOf(row, summarize(row, results, 1 + at))}`];
  });
