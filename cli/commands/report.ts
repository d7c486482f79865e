import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { decisionsBefore } from "../../agent/case/decisions-before.ts";
import { loadMigration } from "../../agent/config/load-migration.ts";
import { loadStoreAccess } from "../../agent/config/read-settings.ts";
import { costByLedger, createExplainCost } from "../../agent/cost-of-stage.ts";
import { createLog } from "../../agent/create-log.ts";
import { handoffsByLedger } from "../../agent/handoffs-of-stage.ts";
import { loadPrices } from "../../agent/prices/load-prices.ts";
import { traceEvidence } from "../../agent/report/trace-evidence.ts";
import { LeewayError, messageOf } from "../../core/errors.ts";
import type { Migration } from "../../core/migration.ts";
import { makeReport } from "../../status/report/make-report.ts";
import { renderReportMarkdown } from "../../status/report/render-markdown.ts";
import { renderReportPage } from "../../status/report/render-page.ts";
import type { Report } from "../../status/report/report.ts";
import { openReader } from "../../store/open-reader.ts";
import type { ExitCode } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";

/** What `leeway report` can write. */
const FORMATS = ["markdown", "html", "both"] as const;
type Format = (typeof FORMATS)[number];

/** What `leeway report` is told; texts as they were typed, null = left out. */
export interface ReportOptions {
  readonly config: string;
  readonly migration: string;
  readonly format: string | null;
  /** Folder the files go to; null = the format is printed. */
  readonly out: string | null;
}

const invalid = (text: string): LeewayError => new LeewayError("config-invalid", text);

const readFormat = (text: string | null, out: string | null): Format => {
  if (text === null) return out === null ? "markdown" : "both";
  const format = FORMATS.find((each) => each === text);
  if (format === undefined) throw invalid(`--format: ${JSON.stringify(text)}; expected one of: ${FORMATS.join(", ")}`);
  if (format === "both" && out === null)
    throw invalid("--format both: two files; expected --out with a folder for them");
  return format;
};

/** A name that is a file's in every folder: a migration's may be only what its document allows, but a typed one is anything. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/** The document, or null where none declares the migration any more; one that cannot be read ends the command. */
const documentOf = (config: string, name: string, targets: readonly string[]): Migration | null => {
  try {
    return loadMigration(dirname(resolve(config)), name, targets);
  } catch (error) {
    if (error instanceof LeewayError && error.code === "migration-unknown") return null;
    throw error;
  }
};

const RENDERERS = { markdown: renderReportMarkdown, html: renderReportPage } as const;
const ENDING = { markdown: "md", html: "html" } as const;

/** Whole or not at all: a reader never finds half a report. */
const write = async (path: string, text: string): Promise<void> => {
  await writeFile(`${path}.part`, text);
  await rename(`${path}.part`, path);
};

const writeAll = async (report: Report, format: Format, out: string, print: (text: string) => void): Promise<void> => {
  try {
    await mkdir(out, { recursive: true });
    for (const each of format === "both" ? (["markdown", "html"] as const) : [format]) {
      const path = join(out, `${report.name}.report.${ENDING[each]}`);
      await write(path, RENDERERS[each](report));
      print(`wrote ${path}\n`);
    }
  } catch (cause) {
    throw new LeewayError("config-invalid", `--out: ${out} cannot be written (${messageOf(cause)})`, { cause });
  }
};

/**
 * `leeway report`: the record of a migration, from the store, whether or not its agent runs. Exit 0, 2 for bad input or a
 * migration that is neither declared nor in the ledger, 3 where an agent holds the store and does not answer.
 */
export const report = async (
  options: ReportOptions,
  { print, errors }: Pick<Terminal, "print"> & { readonly errors: Terminal },
): Promise<ExitCode> => {
  const { config, migration: name, out } = options;
  const format = readFormat(options.format, out);
  const { store, agent, targets } = loadStoreAccess(config, process.env);
  if (!NAME.test(name)) throw new LeewayError("migration-unknown", `${JSON.stringify(name)} is no name of a migration`);
  const document = documentOf(config, name, targets);
  const reader = await openReader(store, { log: createLog(errors.print, Date.now), now: Date.now });
  try {
    const entries = await reader.readLedger(name);
    if (document === null && entries.length === 0) {
      const text = `no migration ${name}: no document declares it, and the ledger knows nothing of it`;
      throw new LeewayError("migration-unknown", text);
    }
    const times = { tickMs: agent.tick, settleMs: agent.settle };
    const traced = document === null ? [] : await traceEvidence(reader, document, entries, times);
    const explain = createExplainCost(reader, loadPrices(config, process.env).find);
    const cost = document === null ? null : await costByLedger(document, entries, { explain, now: Date.now });
    const handoffs =
      document === null ? null : await handoffsByLedger(document, entries, { store: reader, now: Date.now });
    const decisions = decisionsBefore(dirname(resolve(config)), name);
    const made = makeReport({ name, document, entries, traced, cost, handoffs, decisions, at: Date.now() });
    if (out !== null) await writeAll(made, format, out, print);
    else print(RENDERERS[format === "html" ? "html" : "markdown"](made));
    return 0;
  } finally {
    await reader.close();
  }
};
