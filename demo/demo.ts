import type { ExitCode } from "../cli/exit-code.ts";
import { printableValues } from "../core/printable-values.ts";
import { renderClosingPage } from "./closing-page.ts";
import { createNarrator } from "./narrator.ts";
import { type DemoReport, report } from "./report.ts";
import { type Plot, tellStory } from "./tell-story.ts";
import { untilInterrupted } from "./until-interrupted.ts";
import { createWorld } from "./world.ts";

const SEED = 20_261_120;

interface DemoOptions extends Plot {
  /** One JSON document instead of prose. */
  readonly json: boolean;
}

const announced = ({ healthy, shadowFails }: Plot): DemoReport["outcome"] =>
  shadowFails ? "stopped-in-shadow" : healthy ? "healthy" : "rolled-back";

const runDemo = async ({ json, ...plot }: DemoOptions, print: (text: string) => void): Promise<DemoReport | null> => {
  const startedAt = performance.now();
  const say = json ? () => undefined : createNarrator(print, () => performance.now() - startedAt);
  const world = createWorld(SEED, { isShadowed: true });
  const ended = await untilInterrupted(
    async () => tellStory(await world, plot, say),
    async () => (await world).close(),
  );
  if (ended.outcome === "done") return ended.value;
  // Everything is ended and removed: now the process ends as the signal would have ended it.
  process.kill(process.pid, ended.signal);
  return null;
};

/**
 * `leeway demo`: a real app, the real SDKs, a real agent with the embedded engine and a fake provider, on loopback.
 * Exit 0 when the story ended as announced: rolled back and drained, with `healthy` nothing at all, with `shadowFails` stopped before
 * any user met the candidate. Nothing is left
 * behind, also when it is interrupted.
 */
export const demo = async (options: DemoOptions, print: (text: string) => void): Promise<ExitCode> => {
  const story = await runDemo(options, print);
  if (story === null) return 1;
  const document = report(story);
  print(
    options.json
      ? `${JSON.stringify(document)}\n`
      : renderClosingPage(printableValues(story), printableValues(document)),
  );
  return document.outcome === announced(options) ? 0 : 1;
};
