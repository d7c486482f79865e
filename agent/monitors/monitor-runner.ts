import { monitorLedgerName, monitorNotice } from "../../alerts/monitor-notices.ts";
import type { Notifier } from "../../alerts/notifier.ts";
import { messageOf } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import type { Monitor, MonitorEvent, WatchReading } from "../../core/monitor.ts";
import type { MonitorStore } from "../../store/monitors/monitor-store.ts";
import { type MonitorSettings, monitorOf } from "../config/monitor-schema.ts";
import type { ReadLedger } from "../ledger-reader.ts";
import { createMonitorDetector } from "./monitor-detector.ts";

/** What a monitor's runner works with. */
export interface MonitorParts {
  readonly store: MonitorStore;
  readonly readLedger: ReadLedger;
  readonly notifier: Notifier;
  readonly now: () => number;
  readonly log: Log;
  /** Where people look, for the notices; asked when a notice is made. */
  readonly link: () => string;
  /** The agent is ending: what is under way stops after the slice at hand. */
  readonly ending: AbortSignal;
}

/** One monitor under way. */
export interface MonitorRunner {
  readonly monitor: Monitor;
  /** Takes in what closed since, tells people. Never rejects; rounds must not overlap. */
  readonly round: () => Promise<void>;
  /** What went wrong in the last round; empty when nothing did. */
  readonly problem: () => string;
  /** End of the newest judged minute, epoch ms; null while the past is being read. */
  readonly lastSlice: () => number | null;
  readonly readings: () => readonly WatchReading[];
  /** Series there is no room for. */
  readonly ignored: () => readonly string[];
}

/** How people are told what a monitor found: what the ledger holds first, so that nobody is told twice. */
export const createTeller = (
  { name, severity }: Pick<MonitorSettings, "name" | "severity">,
  { readLedger, notifier, link }: Pick<MonitorParts, "readLedger" | "notifier" | "link">,
): ((events: readonly MonitorEvent[]) => Promise<void>) => {
  const context = { monitor: name, type: severity };
  return async (events) => {
    notifier.restore(await readLedger(monitorLedgerName(name)));
    for (const event of events) {
      const notice = monitorNotice({ ...context, link: link() }, event);
      await notifier.notify(notice, { by: "agent", incident: notice.incident });
    }
  };
};

/** A runner for the monitor that `settings` declare. Nothing happens before its first round. */
export const createMonitorRunner = (settings: MonitorSettings, parts: MonitorParts): MonitorRunner => {
  const monitor = monitorOf(settings);
  const detector = createMonitorDetector(monitor, { settleMs: settings.settle }, parts);
  const tell = createTeller(settings, parts);
  let problem = "";

  const work = async (): Promise<void> => {
    // Notices of before a restart that were not delivered yet, and what another agent on the same store delivered.
    parts.notifier.restore(await parts.readLedger(monitorLedgerName(monitor.name)));
    await detector.catchUp(parts.now(), tell);
  };

  return {
    monitor,
    round: async () => {
      let next = "";
      try {
        await work();
      } catch (error) {
        next = `not judged: ${messageOf(error)}`;
      }
      if (next !== problem && next !== "") parts.log.error(`monitor ${monitor.name}: ${next}`);
      problem = next;
    },
    problem: () => problem,
    lastSlice: () => detector.engine()?.state().at ?? null,
    readings: () => detector.engine()?.readings() ?? [],
    ignored: () => detector.engine()?.state().ignored ?? [],
  };
};
