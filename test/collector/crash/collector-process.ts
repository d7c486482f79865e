import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ALL_STORED, type RowBatch, type StoredRows } from "../../../collector/collaborators.ts";
import { DEFAULT_COLLECTOR_SETTINGS } from "../../../collector/collector-settings.ts";
import { createCollector } from "../../../collector/create-collector.ts";
import { type LineFormat, OUTCOME_LINES, SPAN_LINES } from "../../../collector/spool/lines.ts";
import { type KnownRow, SPAN_COLUMNS } from "../../../core/span-row.ts";
import { unstored } from "../unstored.ts";

// Run by crash.long.test.ts as a process of its own, to be killed. The store is two directories with one file per token, which
// take a repeated token as ClickHouse does, and report a token that comes back with other content.

const [spoolDir = "", storeDir = ""] = process.argv.slice(2);

/** One table of the store. */
const openTable = (name: string, { keyOf }: LineFormat) => {
  const dir = join(storeDir, name);
  mkdirSync(dir, { recursive: true });
  const storedFiles = () => readdirSync(dir).filter((file) => file.endsWith(".stored"));
  const lines = (): string[] =>
    storedFiles().flatMap((file) => readFileSync(join(dir, file), "utf8").trimEnd().split("\n"));
  return {
    insert: async ({ token, lines }: RowBatch): Promise<StoredRows> => {
      const file = join(dir, `${token}.stored`);
      const known = storedFiles().includes(`${token}.stored`) ? readFileSync(file) : null;
      if (known !== null && !known.equals(lines as Uint8Array)) writeFileSync(join(dir, `${token}.conflict`), lines);
      if (known !== null) return ALL_STORED;
      writeFileSync(`${file}.tmp`, lines);
      // a store that answers slowly is killed more often between storing and removing the segment
      await new Promise((resolve) => setTimeout(resolve, 3));
      renameSync(`${file}.tmp`, file);
      await new Promise((resolve) => setTimeout(resolve, 3));
      return ALL_STORED;
    },
    lines,
    recentKeys: async (): Promise<string[]> =>
      lines()
        .map(keyOf)
        .filter((key) => key !== null),
  };
};

const rowOf = (line: string): KnownRow => {
  const cells = JSON.parse(line) as unknown[];
  return Object.fromEntries(SPAN_COLUMNS.map((column, index) => [column, cells[index]])) as unknown as KnownRow;
};

const spans = openTable("spans", SPAN_LINES);
const outcomes = openTable("outcomes", OUTCOME_LINES);

const collector = await createCollector(
  {
    ...DEFAULT_COLLECTOR_SETTINGS,
    listen: { host: "127.0.0.1", port: 0 },
    spool: { dir: spoolDir, maxBytes: 1_000_000_000 },
    batch: { maxRows: 200, maxDelayMs: 15 },
  },
  {
    ...unstored({
      info: () => undefined,
      warn: () => undefined,
      error: (message) => void process.stderr.write(`${message}\n`),
    }),
    insert: spans.insert,
    insertOutcomes: outcomes.insert,
    recentSpanKeys: spans.recentKeys,
    recentCalls: async () => spans.lines().map(rowOf),
    recentOutcomeKeys: outcomes.recentKeys,
    // just after the spans of the tests, whatever this machine thinks of the date
    now: () => 1_790_000_005_000,
  },
);

process.on("message", async () => {
  await collector.flush();
  process.send?.({ stats: collector.stats() });
});
process.on("disconnect", () => process.exit(0));
process.send?.({ url: collector.url });
