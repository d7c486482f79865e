import cron from "node-cron";
import type { Notifier } from "../alerts/notifier.ts";
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
 * judgement, nor a slow judgement a page. What is still running when its time comes again is not started twice.
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
    readonly runners: readonly MigrationRunner[];
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
  const guard = (name: string, work: () => Promise<unknown>): (() => Promise<void>) => {
    let busy = false;
    return async () => {
      if (busy) return;
      busy = true;
      const run = work()
        .then(() => undefined)
        .catch((error: unknown) => log.error(`${name} failed`, { problem: messageOf(error) }))
        .finally(() => {
          busy = false;
          running.delete(run);
        });
      running.add(run);
      await run;
    };
  };
  const rounds = runners.map((runner) => guard(`round of ${runner.migration.name}`, runner.round));
  const pump = guard("delivering notices", notifier.pump);
  const beside = guard("what is done each minute", eachMinute);
  await Promise.all(rounds.map((round) => round()));
  const every = (expression: string, work: () => Promise<void>): DueTask => {
    // Only asked which seconds it means: left to its own timers it falls silent when the machine's clock is set.
    const task = cron.createTask(expression, () => undefined);
    return { isDue: (second) => task.match(new Date(second)), work };
  };
  const tasks = [
    ...rounds.map((round) => every(cronOf(times), round)),
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
