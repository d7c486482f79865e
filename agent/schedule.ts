import cron from "node-cron";
import type { Notifier } from "../alerts/notifier.ts";
import { sharedRun } from "../async/shared-run.ts";
import { messageOf } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import { startBeat } from "./clock/beat.ts";
import type { MigrationRunner } from "./migration-runner.ts";
import type { Job } from "./monitors/open-monitors.ts";

/** The agent's clockwork. */
export interface Schedule {
  /** Starts nothing new and waits for what is under way. */
  readonly stop: () => Promise<void>;
}

/** When ticks are judged. Both in ms; `tickMs` divides a minute. */
export interface TickTimes {
  readonly tickMs: number;
  /** How long after its end a tick is judged. */
  readonly settleMs: number;
}

/**
 * A cron expression that fires as soon as a tick has settled: at its end and `settleMs`, rounded up to a second. Firing
 * at the ticks' own ends would judge each of them a tick later.
 */
export const cronOf = ({ tickMs, settleMs }: TickTimes): string => {
  const seconds = tickMs / 1000;
  const offset = Math.ceil(settleMs / 1000) % seconds;
  if (seconds === 60) return `${offset} * * * * *`;
  return offset === 0 ? `*/${seconds} * * * * *` : `${offset}-59/${seconds} * * * * *`;
};

interface DueTask {
  /** `second`: epoch ms. */
  readonly isDue: (second: number) => boolean;
  readonly work: () => Promise<void>;
}

/** In the middle of the minute, when no tick of a minute is judged. */
const EACH_MINUTE = "30 * * * * *";

/**
 * Runs a round of every migration when a tick has settled, and the notices each second: a receiver that hangs must not delay a
 * judgement, nor a slow judgement a page. A round or job that is still running when its time comes again is not started twice;
 * notices are asked for all the same, so that no channel waits for another.
 * The first round is over when the promise resolves, so that flags are in place before anyone asks. `jobs` run when
 * their own time comes, and delay nothing.
 */
export const startSchedule = async (
  times: TickTimes,
  {
    runners,
    notifier,
    log,
    now,
    eachMinute = async () => undefined,
    jobs = [],
  }: {
    /** Those of this moment: each is asked for a round from the next one on. */
    readonly runners: () => readonly MigrationRunner[];
    readonly notifier: Notifier;
    readonly log: Log;
    /** Epoch ms; the schedule goes by this clock, not by the machine's. */
    readonly now: () => number;
    /** What is to be done each minute beside. */
    readonly eachMinute?: () => Promise<void>;
    readonly jobs?: readonly Job[];
  },
): Promise<Schedule> => {
  const running = new Set<Promise<void>>();
  const track = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const run = work()
      .then(() => undefined)
      .catch((error: unknown) => log.error(`${name} failed`, { problem: messageOf(error) }))
      .finally(() => running.delete(run));
    running.add(run);
    await run;
  };
  const guard = (name: string, work: () => Promise<unknown>): (() => Promise<void>) =>
    sharedRun(() => track(name, work));
  const guarded = new WeakMap<MigrationRunner, () => Promise<void>>();
  const roundOf = (runner: MigrationRunner): Promise<void> => {
    const round = guarded.get(runner) ?? guard(`round of ${runner.migration.name}`, runner.round);
    guarded.set(runner, round);
    return round();
  };
  const rounds = async (): Promise<void> => void (await Promise.all(runners().map(roundOf)));
  // Each second, whatever still runs: a channel that hangs is not begun twice by it, and the others have to be tried.
  const pump = (): Promise<void> => track("delivering notices", notifier.pump);
  const beside = guard("what is done each minute", eachMinute);
  await rounds();
  const every = (expression: string, work: () => Promise<void>): DueTask => {
    // Only asked which seconds it means: left to its own timers it falls silent when the machine's clock is set.
    const task = cron.createTask(expression, () => undefined);
    return { isDue: (second) => task.match(new Date(second)), work };
  };
  const tasks = [
    every(cronOf(times), rounds),
    every("* * * * * *", pump),
    every(EACH_MINUTE, beside),
    ...jobs.map(({ name, cron: expression, work }) => every(expression, guard(name, work))),
  ];
  const beat = startBeat(now, (seconds) => {
    // What is due in several of them was missed while the machine was busy, and is done once.
    for (const { isDue, work } of tasks) if (seconds.some(isDue)) void work();
  });
  return {
    stop: async () => {
      beat.stop();
      await Promise.all(running);
    },
  };
};
