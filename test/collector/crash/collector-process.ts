import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SpanBatch } from "../../../collector/collaborators.ts";
import { DEFAULT_COLLECTOR_SETTINGS } from "../../../collector/collector-settings.ts";
import { createCollector } from "../../../collector/create-collector.ts";
import { keyOfLine } from "../../../collector/spool/lines.ts";

// Run by crash.test.ts as a process of its own, to be killed. The store is a directory with one file per token, which
// takes a repeated token as ClickHouse does, and reports a token that comes back with other content.

const [spoolDir = "", storeDir = ""] = process.argv.slice(2);
mkdirSync(storeDir, { recursive: true });

const storedFiles = () => readdirSync(storeDir).filter((name) => name.endsWith(".stored"));

const insert = async ({ token, lines }: SpanBatch): Promise<void> => {
  const name = join(storeDir, `${token}.stored`);
  const known = storedFiles().includes(`${token}.stored`) ? readFileSync(name) : null;
  if (known !== null && !known.equals(lines as Uint8Array)) writeFileSync(join(storeDir, `${token}.conflict`), lines);
  if (known !== null) return;
  writeFileSync(`${name}.tmp`, lines);
  // a store that answers slowly is killed more often between storing and removing the segment
  await new Promise((resolve) => setTimeout(resolve, 3));
  renameSync(`${name}.tmp`, name);
  await new Promise((resolve) => setTimeout(resolve, 3));
};

const collector = await createCollector(
  {
    ...DEFAULT_COLLECTOR_SETTINGS,
    listen: { host: "127.0.0.1", port: 0 },
    spool: { dir: spoolDir, maxBytes: 1_000_000_000 },
    batch: { maxRows: 200, maxDelayMs: 15 },
  },
  {
    insert,
    assign: () => ({ migration: "", cohort: "" }),
    price: () => null,
    recentSpanKeys: async () =>
      storedFiles().flatMap((name) =>
        readFileSync(join(storeDir, name), "utf8")
          .split("\n")
          .map(keyOfLine)
          .filter((key) => key !== null),
      ),
    // just after the spans of the tests, whatever this machine thinks of the date
    now: () => 1_790_000_005_000,
    log: { info: () => undefined, warn: () => undefined, error: (message) => process.stderr.write(`${message}\n`) },
  },
);

process.on("message", async () => {
  await collector.flush();
  process.send?.({ stats: collector.stats() });
});
process.on("disconnect", () => process.exit(0));
process.send?.({ url: collector.url });
