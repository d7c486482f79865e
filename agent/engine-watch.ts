import { finishNotice } from "../alerts/notice-draft.ts";
import type { Notifier } from "../alerts/notifier.ts";
import { utcStamp } from "../core/utc-text.ts";
import { type EngineHealth, engineProblem } from "../store/embedded/engine-health.ts";
import type { Job } from "./monitors/open-monitors.ts";

/** Pages people when the embedded engine stays down. */
export interface EngineWatch {
  /** Looks how the engine fares; to be called every few seconds. Never rejects. */
  readonly look: () => Promise<void>;
}

/** What a watch works with. */
export interface EngineWatchParts {
  /** Null where the store is a server. */
  readonly engine: () => EngineHealth | null;
  readonly notifier: Pick<Notifier, "notify">;
  readonly now: () => number;
  /** Monotonic ms. */
  readonly elapsed: () => number;
  /** Where people look; asked when a notice is made. */
  readonly link: () => string;
}

/** What stands for the migration in the notices of the store. */
const SUBJECT = "store";

/**
 * A watch that pages once per outage of `afterMs`. A migration is paged as blind by its own rounds; this is for agents
 * that have none, whose monitors would be silent.
 */
export const createEngineWatch = (afterMs: number, parts: EngineWatchParts): EngineWatch => {
  const { engine, notifier, now, elapsed, link } = parts;
  let outage: { readonly at: number; readonly began: number; paged: boolean } | null = null;

  const page = async (problem: string, at: number): Promise<void> => {
    const incident = `${SUBJECT}/${at}`;
    const notice = finishNotice(
      { migration: { name: SUBJECT }, incident, at, link: link() },
      {
        type: "page",
        id: `${incident}/engine-down`,
        title: "Blind: the embedded engine is down",
        summary: [
          `Since ${utcStamp(at)} nothing is judged and no drift can be told: ${problem}.`,
          "It is tried again at least every 30 seconds. Calls that the collector acknowledged wait in its spool.",
        ],
        facts: [["Engine", problem]],
      },
    );
    await notifier.notify(notice, { by: "agent", incident });
  };

  return {
    look: async () => {
      const health = engine();
      const problem = health === null ? "" : engineProblem(health);
      if (problem === "") {
        outage = null;
        return;
      }
      outage ??= { at: now(), began: elapsed(), paged: false };
      if (outage.paged || elapsed() - outage.began < afterMs) return;
      outage.paged = true;
      await page(problem, outage.at);
    },
  };
};

/** The watch as a job of the schedule. */
export const engineWatchJob = (watch: EngineWatch): Job => ({
  name: "watching the embedded engine",
  cron: "*/5 * * * * *",
  work: watch.look,
});

/** What the status says of the engine; empty while it runs, and where there is none. */
export const engineProblems = (health: EngineHealth | null): readonly string[] => {
  const tries = health?.down?.tries ?? 0;
  if (health === null || health.down === null) return [];
  return [`${engineProblem(health)}${tries === 0 ? "" : `; started ${tries} times in vain, and tried again`}`];
};
