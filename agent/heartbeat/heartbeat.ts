import { httpCall } from "../../alerts/http-call.ts";
import type { Log } from "../../core/log.ts";
import type { HeartbeatView } from "../../status/heartbeat-view.ts";
import type { Job } from "../monitors/open-monitors.ts";

/** Where signs of life are sent, and how often. */
export interface HeartbeatSettings {
  /** Asked with GET. A secret: whoever knows it can say that all is well. */
  readonly url: string;
  readonly everyMs: number;
  /** Longest wait for one answer, ms. Default 10 s. */
  readonly timeoutMs?: number;
}

/** What a heartbeat works with. */
export interface HeartbeatParts {
  /** Why no sign of life may be given now; empty for none. */
  readonly trouble: () => Promise<string>;
  readonly now: () => number;
  /** Monotonic ms. */
  readonly elapsed: () => number;
  readonly log: Log;
  /** The agent is ending: what is under way is given up. */
  readonly ending: AbortSignal;
}

/** Tells a service outside that the agent judges, so that somebody is told when it does not. */
export interface Heartbeat {
  /** Gives a sign of life where one is due and nothing is wrong; to be called every second. Never rejects. */
  readonly look: () => Promise<void>;
  readonly view: () => HeartbeatView;
  /** What people should see to; empty for nothing. */
  readonly problem: () => string;
}

/** A try that failed is repeated sooner than the next is due: services wait a while before they raise an alarm. */
const RETRY_MS = 15_000;

const ANSWER_BYTES = 1024;

/** Why the answer is no success; empty where it is. */
const ask = async (url: string, timeoutMs: number, ending: AbortSignal): Promise<string> => {
  const signal = AbortSignal.any([ending, AbortSignal.timeout(timeoutMs)]);
  const answer = await httpCall({ method: "GET", url, headers: {}, signal, maxBytes: ANSWER_BYTES });
  if ("error" in answer) return answer.error;
  const { status } = answer;
  if (status >= 200 && status < 300) return "";
  return `HTTP ${status}${status >= 300 && status < 400 ? ": redirects are not followed; configure the final address" : ""}`;
};

/**
 * A heartbeat that has not begun. A ping is one GET, which every such service takes for a sign of life; that something is wrong
 * is said by silence, because there is no way to say it that they share.
 */
export const createHeartbeat = (
  { url, everyMs, timeoutMs = 10_000 }: HeartbeatSettings,
  { trouble, now, elapsed, log, ending }: HeartbeatParts,
): Heartbeat => {
  let [lastSuccess, failures, withheld, failure]: [number | null, number, string, string] = [null, 0, "", ""];
  let dueAt = Number.NEGATIVE_INFINITY;

  /** Looks again with every call while it is withheld: the next sign of life is due as soon as all is well. */
  const isWithheld = async (): Promise<boolean> => {
    const next = await trouble();
    if (next !== "" && withheld === "") log.warn("the heartbeat is withheld", { why: next });
    withheld = next;
    return next !== "";
  };

  const ping = async (): Promise<void> => {
    const next = await ask(url, timeoutMs, ending);
    if (ending.aborted) return;
    if (next !== "" && failure === "") log.error("the heartbeat does not arrive", { why: next });
    if (next === "" && failure !== "") log.info("the heartbeat arrives again");
    failure = next;
    dueAt = elapsed() + (next === "" ? everyMs : Math.min(everyMs, RETRY_MS));
    if (next === "") lastSuccess = now();
    else failures += 1;
  };

  return {
    look: async () => {
      if (elapsed() < dueAt || (await isWithheld())) return;
      await ping();
    },
    view: () => ({ lastSuccess, failures, withheld: withheld !== "" }),
    problem: () => {
      if (withheld !== "") return `the heartbeat is withheld: ${withheld}`;
      return failure === "" ? "" : `the heartbeat does not arrive (${failure}); check heartbeat.url and the way there`;
    },
  };
};

/** The heartbeat as a job of the schedule. */
export const heartbeatJob = ({ look }: Heartbeat): Job => ({ name: "the heartbeat", cron: "* * * * * *", work: look });
