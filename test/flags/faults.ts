import type { RoutedFlag } from "../../alerts/flags/flag-target.ts";
import type { Notice } from "../../core/notice.ts";
import type { Store } from "../../store/store.ts";
import { type DeathAfter, mortal } from "../agent/mortal-agent.ts";
import { DRAINED, HEALTHY, ILL, type RunnerAgent, type RunnerWorld, runnerWorld } from "../agent/runner-world.ts";
import type { FlagUnderTest } from "../alerts/flags/flag-contract.ts";

/** One kind of bad day, as often as it was lived through. */
export interface FaultRow {
  readonly name: string;
  readonly times: number;
  /** Days with exactly one decision, the flag off at the end, and no user given the candidate. */
  readonly rolledBackOnce: number;
  /** Days in which each notice was delivered once, and none was missing. */
  readonly toldOnce: number;
  /** Writes of "off" that were made, over all days. */
  readonly offs: number;
}

/** What one day is lived with. */
interface Day {
  readonly world: RunnerWorld;
  readonly under: FlagUnderTest;
  readonly flag: RoutedFlag;
  readonly offs: () => number;
}

const SHARE = 0.2;
const STEPS: readonly DeathAfter[] = [
  "rollback-decision",
  "flip-intent",
  "flag-write",
  "flip-result",
  "flip-readback",
  "notice",
  "drain-proven",
];

/** Rounds until the rollback is there, and until it is proven. */
const [ILL_ROUNDS, DRAINED_ROUNDS] = [4, 7];

const live = async ({ world }: Day, agents: readonly RunnerAgent[], isOver = () => false): Promise<void> => {
  const days = [
    ...[HEALTHY, HEALTHY],
    ...Array.from({ length: ILL_ROUNDS }, () => ILL),
    ...Array.from({ length: DRAINED_ROUNDS }, () => DRAINED),
  ];
  for (const traffic of days) if (!isOver()) await world.run(agents, 1, traffic);
};

/** Killed right after a step; another agent comes a minute later. */
const killed =
  (after: DeathAfter) =>
  async (day: Day): Promise<readonly Notice[]> => {
    const { world, flag } = day;
    const { store, target, died, isDead } = mortal(world.store, flag, after);
    const first = world.agent({ store, target });
    await Promise.race([died, live(day, [first], isDead)]);
    if (!isDead()) throw new Error(`the agent was to die after ${after}`);
    const before = [...first.told];
    world.pass(60_000);
    const second = world.agent({ target: flag });
    await world.run(second, DRAINED_ROUNDS, DRAINED);
    return [...before, ...second.told];
  };

/** Disturbed while the candidate turns bad; then the other side is well again and serves what it served. */
const disturbed =
  (disturb: (under: FlagUnderTest) => void) =>
  async (day: Day): Promise<readonly Notice[]> => {
    const { world, under, flag } = day;
    const agent = world.agent({ target: flag });
    await world.run(agent, 2, HEALTHY);
    disturb(under);
    await world.run(agent, ILL_ROUNDS + 2, ILL);
    await under.reset();
    await under.setByHand(SHARE);
    await world.run(agent, 1, ILL);
    await world.run(agent, DRAINED_ROUNDS, DRAINED);
    return agent.told;
  };

/** Somebody sets another share right before the agent's next write. */
const edited = async (day: Day): Promise<readonly Notice[]> => {
  const agent = day.world.agent({ target: day.flag });
  await day.world.run(agent, 2, HEALTHY);
  day.under.changeInBetween?.();
  await day.world.run(agent, ILL_ROUNDS, ILL);
  await day.world.run(agent, DRAINED_ROUNDS, DRAINED);
  return agent.told;
};

const twoAgents = async (day: Day): Promise<readonly Notice[]> => {
  const agents = [day.world.agent({ target: day.flag }), day.world.agent({ target: day.flag })];
  await live(day, agents);
  return agents.flatMap(({ told }) => told);
};

const KINDS: readonly (readonly [name: string, day: (day: Day) => Promise<readonly Notice[]>])[] = [
  ...STEPS.map((step) => [`agent killed after ${step}`, killed(step)] as const),
  ["flag system down", disturbed(({ situations }) => situations.find(({ why }) => why === "transient")?.arrange())],
  ["flag system lying", disturbed((under) => under.lie?.())],
  ["conflicting edit", edited],
  ["two agents", twoAgents],
];

/** Everything that has to be told, and nothing twice; pages that it was NOT ROLLED BACK may come while it was not. */
const isToldOnce = (told: readonly Notice[]): boolean => {
  const ids = told.map(({ id }) => id);
  const types = told.map(({ type }) => type);
  return (
    new Set(ids).size === ids.length &&
    ["stage", "rollback", "drained"].every((type) => types.some((each) => each === type))
  );
};

const dayOf = async (store: Store, under: FlagUnderTest): Promise<Day> => {
  await under.reset();
  let offs = 0;
  const flag: RoutedFlag = {
    ...under.flag,
    // the day's clock is not the wall's
    capabilities: { ...under.flag.capabilities, propagationMs: 0, pollMs: 0 },
    setShare: async (share, guard) => {
      const write = await under.flag.setShare(share, guard);
      if (share === 0 && write.outcome === "written") offs += 1;
      return write;
    },
  };
  return { world: runnerWorld(store), under, flag, offs: () => offs };
};

/** Lives each kind of day `times` times, on the real store with the real runner. The target is left open. */
export const liveFaults = async (
  { store, under, times }: { readonly store: Store; readonly under: FlagUnderTest; readonly times: number },
  tell: (row: FaultRow) => void,
): Promise<void> => {
  for (const [name, kind] of KINDS) {
    let [rolledBackOnce, toldOnce, offs] = [0, 0, 0];
    for (let time = 0; time < times; time += 1) {
      const day = await dayOf(store, under);
      const told = await kind(day);
      const decisions = (await day.world.events("decision")).filter(({ decision }) => decision.kind === "rollback");
      const state = await under.flag.read();
      if (decisions.length === 1 && "share" in state && state.share === 0 && (await under.served()) === 0)
        rolledBackOnce += 1;
      if (isToldOnce(told)) toldOnce += 1;
      offs += day.offs();
    }
    tell({ name, times, rolledBackOnce, toldOnce, offs });
  }
};
