// npm run test:channels [-- --only=email,pagerduty]: every channel against a receiver, a real one where one can be had.

import { messageOf } from "../../core/errors.ts";
import type { ChannelRow } from "./channel-row.ts";
import { ROWS } from "./rows.ts";
import { type Cell, runSituations, SITUATIONS } from "./situations.ts";

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const only = process.argv
  .find((argument) => argument.startsWith("--only="))
  ?.slice("--only=".length)
  .split(",");
const COLUMNS = Object.keys(SITUATIONS);
const HEADS: Readonly<Record<string, string>> = { limit: "429" };
const WORDS: Readonly<Record<Cell["outcome"], string>> = { ok: "ok", fails: "FAILED", none: "–" };

const line = (cells: readonly string[]): string =>
  cells.map((cell, i) => (i === cells.length - 1 ? cell : cell.padEnd(i === 0 ? 18 : i === 1 ? 20 : 9))).join("");

const tryRow = async ({ channel, against, start }: ChannelRow): Promise<boolean> => {
  const row = await start().catch((error: unknown) => {
    print(`skipped  ${channel} with ${against}: ${messageOf(error)}`);
    return null;
  });
  if (row === null) return true;
  try {
    const cells = await runSituations(row);
    print(line([channel, against, ...COLUMNS.map((name) => WORDS[cells[name]?.outcome ?? "none"])]));
    for (const name of Object.keys(row.more ?? {})) print(`  ${name}: ${WORDS[cells[name]?.outcome ?? "none"]}`);
    const problems = Object.entries(cells).filter(([, { outcome }]) => outcome === "fails");
    for (const [name, { problem }] of problems) print(`  ${name}: ${problem}`);
    return problems.length === 0;
  } finally {
    await row.close();
  }
};

print(line(["channel", "against", ...COLUMNS.map((name) => HEADS[name] ?? name)]));
const rows = ROWS.filter(({ channel }) => only === undefined || only.includes(channel));
let isGood = rows.length > 0;
for (const row of rows) isGood = (await tryRow(row)) && isGood;
if (!isGood) process.exitCode = 1;
