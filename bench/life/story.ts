import type { Command } from "../../core/ledger.ts";
import type { Stage } from "../../core/migration.ts";
import { judgedFrom } from "../../lifecycle/state.ts";
import { isWorkday, localTime } from "./calls.ts";
import { REVISED, readDocument } from "./document.ts";
import { COARSE_MS, DAY_MS, FINE_MS, type LifeWorld } from "./world.ts";

const HOUR_MS = 3_600_000;
const ANA = "ana@example.com";
const BEN = "ben@example.com";

/** What people see when they look, once a tick. */
interface Look {
  readonly world: LifeWorld;
  readonly stage: Stage | undefined;
  /** How long the stage lasts by now, ms. */
  readonly sinceMs: number;
  /** True while people are at work, in Los Angeles. */
  readonly isWork: boolean;
}

/** Something that people, or the world, do once. */
interface Act {
  readonly name: string;
  readonly when: (look: Look) => boolean;
  readonly act: (world: LifeWorld) => Promise<void> | void;
}

const say = async (world: LifeWorld, command: Command, by: string, reason: string): Promise<void> => {
  const result = await world.runner().command({ command, by, reason });
  const { outcome, problem } = result;
  if (outcome !== "done" || problem !== "") throw new Error(`${command} by ${by}: ${outcome} ${problem}`);
};

const drill = async (world: LifeWorld, reason: string): Promise<void> => {
  const answer = await world.runner().drill({ reason, by: BEN, isDry: false });
  if (answer.outcome !== "begun") throw new Error(`drill: ${JSON.stringify(answer)}`);
};

const serves = (stage: Stage | undefined, share: number): boolean => stage?.kind === "canary" && stage.share === share;

const rollbackOf = (world: LifeWorld) => world.runner().history.state().rollback;

/** In the order in which they are done. */
const ACTS: readonly Act[] = [
  {
    name: "a page asks for a drill",
    when: ({ world, isWork }) => isWork && asksForDrill(world),
    act: (world) => drill(world, "the page asked for it"),
  },
  {
    name: "the first customers are approved",
    when: ({ world, isWork, stage }) =>
      isWork && stage?.kind === "canary" && stage.audience !== undefined && isWaiting(world),
    act: (world) => say(world, "advance", ANA, "colleagues are content; the shadow was a stub, so we look closely"),
  },
  {
    name: "a drill on a Monday, at 5%",
    when: ({ stage, isWork, world }) => isWork && serves(stage, 0.05) && localTime(world.now()).getUTCDay() === 1,
    act: (world) => drill(world, "Monday"),
  },
  {
    name: "a pause at 5%",
    when: ({ stage, isWork, sinceMs }) => isWork && serves(stage, 0.05) && sinceMs >= DAY_MS,
    act: (world) =>
      say(world, "pause", ANA, "the provider's status page tells of slow answers; we wait until it is over"),
  },
  {
    name: "the pause is over, the next day",
    when: ({ world, isWork }) => isWork && localTime(world.now()).getUTCHours() === 10 && isPaused(world),
    act: (world) => say(world, "resume", ANA, "over since last night, and latency is as it was"),
  },
  {
    name: "the document is changed at 25%",
    when: ({ stage, isWork, sinceMs }) => isWork && serves(stage, 0.25) && sinceMs >= DAY_MS,
    act: (world) => world.write(readDocument(REVISED)),
  },
  {
    name: "the revision is taken up",
    when: ({ isWork }) => isWork,
    act: (world) => say(world, "revise", BEN, "errors were far below 5%; longer answers to complaints are wanted"),
  },
  {
    name: "half of the traffic is approved",
    when: ({ world, isWork, stage }) => isWork && serves(stage, 0.25) && isWaiting(world),
    act: (world) => say(world, "advance", BEN, "support sees no difference in two weeks of tickets"),
  },
  {
    name: "the agent is killed, and starts again",
    when: ({ stage, sinceMs }) => serves(stage, 0.5) && sinceMs >= DAY_MS,
    act: (world) => world.restart(COARSE_MS),
  },
  {
    name: "the agent starts with finer ticks on day ten of the observation",
    when: ({ stage, sinceMs }) => stage?.kind === "observe" && sinceMs >= 9 * DAY_MS,
    act: (world) => world.restart(FINE_MS),
  },
  {
    name: "the candidate's provider falls ill",
    when: ({ stage, sinceMs }) => stage?.kind === "observe" && sinceMs >= 9 * DAY_MS + 16 * HOUR_MS,
    act: (world) => world.setIll(true),
  },
  {
    name: "somebody is at the incident",
    when: ({ world }) => rollbackOf(world) !== null,
    act: (world) => say(world, "ack", BEN, "errors of the provider; the flag is off"),
  },
];

const isPaused = (world: LifeWorld): boolean => world.runner().history.state().isPaused;

/** A person's word is all that is missing, by what was judged since the document was revised. */
const isWaiting = (world: LifeWorld): boolean => {
  const { standing, hold, lastTick, state } = world.runner().snapshot();
  return standing === "waiting-for-approval" && hold === null && (lastTick ?? 0) > judgedFrom(state);
};

const asksForDrill = (world: LifeWorld): boolean =>
  world.runner().snapshot().hold?.reason.includes("leeway drill") === true && mayDrill(world);

const mayDrill = (world: LifeWorld): boolean => {
  const { drill: open, rollback } = world.runner().history.state();
  return open === null && rollback === null;
};

const lookAt = (world: LifeWorld): Look => {
  const runner = world.runner();
  const { stage, stageSince } = runner.history.state();
  const hour = localTime(world.now()).getUTCHours();
  return {
    ...{ world, stage: runner.migration.stages[stage], sinceMs: world.now() - stageSince },
    isWork: isWorkday(world.now()) && hour >= 10 && hour <= 17,
  };
};

/** So long after the drain was proven the record is made. */
const AFTER_MS = HOUR_MS;
/** Longer than the plan and all that may hold it: a story that goes on is a bug. */
const MOST_MS = 60 * DAY_MS;

/** What is done each time it is called for, beside the acts. */
const always = async ({ world, isWork }: Look): Promise<void> => {
  if (isWork && asksForDrill(world)) await drill(world, "the last one is a week old");
};

/** Who looks on. */
export interface Onlooker {
  /** Something is about to be done. */
  readonly act: (name: string) => void;
  /** A step of time is over. */
  readonly step: () => void;
}

/**
 * Lives it, from the start to the proof of the rollback and an hour beyond. Throws where people are refused, or where it does not come
 * to an end.
 */
export const liveLife = async (world: LifeWorld, onlooker: Onlooker): Promise<void> => {
  const left = [...ACTS];
  const until = world.now() + MOST_MS;
  let provenAt: number | null = null;
  while (provenAt === null || world.now() < provenAt + AFTER_MS) {
    if (world.now() > until) throw new Error(`not over: ${left[0]?.name ?? "the drain is not proven"}`);
    const look = lookAt(world);
    const [next] = left;
    if (next?.when(look) === true && !isBusy(world, next)) {
      left.shift();
      onlooker.act(next.name);
      await next.act(world);
    } else if (left.length < ACTS.length) await always(look);
    await world.step();
    onlooker.step();
    if (provenAt === null && rollbackOf(world)?.drain === "proven") provenAt = world.now();
  }
  if (left[0] !== undefined) throw new Error(`never happened: ${left[0].name}`);
};

/** Nothing is done to what a drill has in its hands, but for what goes wrong by itself. */
const isBusy = (world: LifeWorld, { name }: Act): boolean =>
  world.runner().history.state().drill !== null && !name.includes("incident");
