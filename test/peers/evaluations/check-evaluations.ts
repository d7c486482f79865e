import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ALL_STORED } from "../../../collector/collaborators.ts";
import { DEFAULT_COLLECTOR_SETTINGS } from "../../../collector/collector-settings.ts";
import { createCollector } from "../../../collector/create-collector.ts";
import { OUTCOME_COLUMNS } from "../../../core/outcome-row.ts";
import { rowsOf, type StoredRow } from "../../collector/rows-of.ts";
import { unstored } from "../../collector/unstored.ts";
import { type Checked, checkApps } from "../check-apps.ts";
import { runProgram } from "../run-program.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** Name, score and explanation of every outcome an app has to give, by name. */
const APPS: Readonly<Record<string, readonly [app: string, outcomes: readonly (readonly unknown[])[]]>> = {
  "@arizeai/openinference-core 2.7.1": [
    "openinference",
    [
      ["quality", 0.75, "to the point"],
      ["task_completed", 1, ""],
      ["thumbs", 1, ""],
    ],
  ],
  "openlit 1.15.0": ["openlit", [["quality", 0.75, "to the point"]]],
  "@traceloop/node-server-sdk 0.27.0": [
    "openllmetry",
    [
      ["polite", 1, ""],
      ["secrets", 0, ""],
    ],
  ],
};

/** A collector whose store is a list. */
const startCollector = async () => {
  const dir = mkdtempSync(join(tmpdir(), "leeway-evaluations-"));
  const outcomes: StoredRow[] = [];
  const collector = await createCollector(
    { ...DEFAULT_COLLECTOR_SETTINGS, listen: { host: "127.0.0.1", port: 0 }, spool: { dir, maxBytes: 1024 ** 2 } },
    {
      ...unstored({ info: () => {}, warn: () => {}, error: () => {} }),
      insertOutcomes: async (batch) => {
        outcomes.push(...rowsOf(batch, OUTCOME_COLUMNS));
        return ALL_STORED;
      },
    },
  );
  const close = async (): Promise<void> => {
    await collector.close();
    rmSync(dir, { recursive: true, force: true });
  };
  return { collector, outcomes, close };
};

const problemsOf = async (app: string, wanted: readonly (readonly unknown[])[]): Promise<readonly string[]> => {
  const { collector, outcomes, close } = await startCollector();
  const env = { PATH: process.env.PATH ?? "", COLLECTOR_URL: collector.url };
  const place = { cwd: HERE, env, timeoutMs: 30_000 };
  const { ended, stderr } = await runProgram([join(HERE, "apps", `${app}.mjs`)], place);
  await collector.flush();
  await close();
  const found = outcomes
    .map(({ name, value, explanation }) => [name, value, explanation])
    .sort(([a], [b]) => String(a).localeCompare(String(b)));
  const [told, asked] = [JSON.stringify(found), JSON.stringify(wanted)];
  return [
    ...(ended === "0" ? [] : [`the app ended with ${ended}: ${stderr.slice(0, 300)}`]),
    ...(told === asked ? [] : [`its outcomes are ${told}; expected ${asked}`]),
    ...(outcomes.every(({ span_id }) => span_id !== "") ? [] : ["an outcome that names no span"]),
  ];
};

/** Evaluations that other tools' own functions write, against the collector. */
export const checkEvaluations = (): Promise<readonly Checked[]> =>
  checkApps({
    folder: HERE,
    apps: Object.fromEntries(
      Object.entries(APPS).map(([name, [app, outcomes]]) => [name, () => problemsOf(app, outcomes)]),
    ),
  });
