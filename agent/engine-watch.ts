import { finishNotice } from "../alerts/notice-draft.ts";
import type { Notifier } from "../alerts/notifier.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import { AGENT_SUBJECT } from "../core/notice.ts";
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
  /** The agent's own ledger: what earlier runs told. May reject: it is in the store whose engine may be down. */
  readonly readOwn: () => Promise<readonly LedgerEntry[]>;
}

const DOWN = "/engine-down";

/** Since when the engine was down, for each page of `entries` whose end was not told; epoch ms. */
const leftOpen = (entries: readonly LedgerEntry[]): readonly number[] => {
  const told = entries.flatMap(({ event }) => (event.type === "notice" ? [event.notice] : []));
  const ended = new Set(told.filter(({ phase }) => phase === "resolve").map(({ incident }) => incident));
  return told.filter(({ id, incident }) => id.endsWith(DOWN) && !ended.has(incident)).map(({ at }) => at);
};

/**
 * A watch that pages once per outage of `afterMs`, and says when it is over. A migration is paged as blind by its own rounds;
 * this is for agents that have none, whose monitors would be silent.
 */
export const createEngineWatch = (afterMs: number, parts: EngineWatchParts): EngineWatch => {
  const { engine, notifier, now, elapsed, link, readOwn } = parts;
  let outage: { readonly at: number; readonly began: number; paged: boolean } | null = null;
  /** False until the pages of earlier runs are known. */
  let knowsEarlier = false;

  const page = async (problem: string, at: number): Promise<void> => {
    const incident = `${AGENT_SUBJECT}/${at}`;
    const notice = finishNotice(
      { migration: { name: AGENT_SUBJECT }, incident, at, link: link() },
      {
        type: "page",
        id: `${incident}${DOWN}`,
        title: "Blind: the embedded engine is down",
        summary: [`Since ${utcStamp(at)} nothing is judged and no drift can be told: ${problem}.`],
        done: ["It is tried again at least every 30 seconds. Calls that the collector acknowledged wait in its spool."],
        next: [
          "See what the agent's log says of the engine: memory, disk, the files in `store.dir`. Once it is up, what waits is judged.",
        ],
        facts: [["Engine", problem]],
      },
    );
    await notifier.notify(notice, { by: "agent", incident });
  };

  const sayOver = async (at: number): Promise<void> => {
    const incident = `${AGENT_SUBJECT}/${at}`;
    const notice = finishNotice(
      { migration: { name: AGENT_SUBJECT }, incident, at, link: link() },
      {
        type: "page",
        severity: "info",
        phase: "resolve",
        id: `${incident}/engine-up`,
        title: "Blind no more: the embedded engine runs again",
        summary: [`It was down since ${utcStamp(at)}. What waited in the spool is stored and judged now.`],
        facts: [],
      },
    );
    await notifier.notify(notice, { by: "agent", incident });
  };

  const sayEarlierOver = async (): Promise<void> => {
    const earlier = await readOwn().catch(() => null);
    if (earlier === null || knowsEarlier) return;
    knowsEarlier = true;
    for (const at of leftOpen(earlier)) await sayOver(at);
  };

  return {
    look: async () => {
      const health = engine();
      const problem = health === null ? "" : engineProblem(health);
      if (problem === "") {
        const ended = outage;
        outage = null;
        if (ended?.paged === true) await sayOver(ended.at);
        if (health !== null && !knowsEarlier) await sayEarlierOver();
        return;
      }
      outage ??= { at: now(), began: elapsed(), paged: false };
      if (outage.paged || elapsed() - outage.began < afterMs) return;
      outage.paged = true;
      await page(problem, outage.at);
    },
  };
};

/** The watch as a job of the schedule; it looks while `isNeeded`. */
export const engineWatchJob = (watch: EngineWatch, isNeeded: () => boolean): Job => ({
  name: "watching the embedded engine",
  cron: "*/5 * * * * *",
  work: async () => {
    if (isNeeded()) await watch.look();
  },
});

/** What the status says of the engine; empty while it runs, and where there is none. */
export const engineProblems = (health: EngineHealth | null): readonly string[] => {
  const tries = health?.down?.tries ?? 0;
  if (health === null || health.down === null) return [];
  return [`${engineProblem(health)}${tries === 0 ? "" : `; started ${tries} times in vain, and tried again`}`];
};
