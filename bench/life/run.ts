import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { renderReportMarkdown } from "../../status/report/render-markdown.ts";
import { renderReportPage } from "../../status/report/render-page.ts";
import { reportOf } from "./make-report.ts";
import { liveLife } from "./story.ts";
import { transitionLine, transitionsOf } from "./transitions.ts";
import { DAY_MS, openLife, START } from "./world.ts";

/**
 * A migration of six weeks on the real engine and an injected clock: prints what people and the world do, and every transition with its
 * simulated time. `--write FOLDER` leaves its report there; `--seed N` lives it with other calls.
 */
const { values } = parseArgs({ options: { write: { type: "string" }, seed: { type: "string", default: "5" } } });

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const stamp = (at: number): string => new Date(at).toISOString().slice(0, 19).replace("T", " ");

const writeReport = async (folder: string, world: Awaited<ReturnType<typeof openLife>>): Promise<void> => {
  const report = await reportOf(world);
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${report.name}.report`);
  await writeFile(`${path}.md`, renderReportMarkdown(report));
  await writeFile(`${path}.html`, renderReportPage(report));
  print(`wrote ${path}.md and ${path}.html`);
};

const began = performance.now();
const world = await openLife(Number(values.seed));
let shown = 0;
let problem = "";
const show = (): void => {
  const all = transitionsOf(world.runner().history.entries());
  for (const entry of all.slice(shown)) print(transitionLine(entry));
  shown = all.length;
  const now = world.runner().problem();
  if (now !== problem && now !== "") print(`${stamp(world.now())}  ! ${now}`);
  problem = now;
};
try {
  show();
  await liveLife(world, { act: (name) => print(`${stamp(world.now())}  -- ${name}`), step: show });
  if (values.write !== undefined) await writeReport(values.write, world);
} finally {
  const days = ((world.now() - START) / DAY_MS).toFixed(1);
  print(`${days} days in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  await world.close();
}
