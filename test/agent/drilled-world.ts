import { drillsOf } from "../../lifecycle/drills.ts";
import type { TestStore } from "../store/test-store.ts";
import { HEALTHY, type RunnerAgent, type RunnerWorld, runnerWorld } from "./runner-world.ts";

/** Stages that last longer than any drill. */
export const STEADY: { readonly stages: string } = { stages: "stages: [{ canary: 20%, for: 1d }]" };

/** A world whose migration has been at 20% for a moment, for a day, and its agent. `parts` replace parts of the document. */
export const drilledWorld = async (
  store: ReturnType<TestStore["store"]>,
  parts: Parameters<typeof runnerWorld>[1] = {},
): Promise<{ readonly world: RunnerWorld; readonly agent: RunnerAgent }> => {
  const world = runnerWorld(store, { ...STEADY, ...parts });
  const agent = world.agent();
  await world.run(agent, 4, HEALTHY);
  return { world, agent };
};

/** Begins a drill by ana, because it is friday. */
export const drill = (
  { runner }: RunnerAgent,
  more: { readonly isDry?: boolean; readonly key?: string } = {},
): ReturnType<RunnerAgent["runner"]["drill"]> => runner.drill({ reason: "friday", by: "ana", isDry: false, ...more });

/** The newest drill of the ledger. */
export const newest = async (world: RunnerWorld): Promise<ReturnType<typeof drillsOf>[number] | undefined> =>
  drillsOf(await world.ledger()).at(-1);

/** Titles of what people were told of drills. */
export const drillTitles = ({ told }: RunnerAgent): readonly string[] =>
  told.filter(({ type }) => type === "drill").map(({ title }) => title);
