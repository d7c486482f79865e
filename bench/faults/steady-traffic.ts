import { setTimeout as sleep } from "node:timers/promises";
import { exportRequest } from "../decision/spans.ts";

/** Calls that are sent all the time, each batch until it is acknowledged. */
export interface SteadyTraffic {
  /** Calls acknowledged so far. */
  readonly acknowledged: () => number;
  /** Requests that were not answered with success and sent again. */
  readonly repeated: () => number;
  /** Sends nothing new; resolves when everything sent is acknowledged. */
  readonly stop: () => Promise<void>;
}

const BATCH = 10;
const EVERY_MS = 100;
const AGAIN_MS = 100;
const PATIENCE_MS = 5_000;

const batch = (): string =>
  exportRequest(
    Array.from({ length: BATCH }, (_, call) => ({
      service: "m",
      cohort: call % 5 === 0 ? "canary" : "baseline",
      failed: false,
      endedAt: Date.now() - call,
    })),
  );

/** Starts two senders to the collector at `url`, about 200 calls a second while it answers. */
export const startTraffic = (url: string): SteadyTraffic => {
  let [acknowledged, repeated, ending] = [0, 0, false];
  const isTaken = async (body: string): Promise<boolean> => {
    const headers = { "content-type": "application/json" };
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await fetch(`${url}/v1/traces`, { method: "POST", headers, body, signal }).catch(() => null);
    await answer?.arrayBuffer().catch(() => undefined);
    return answer?.ok === true;
  };
  const send = async (): Promise<void> => {
    while (!ending) {
      const body = batch();
      while (!(await isTaken(body))) {
        repeated += 1;
        await sleep(AGAIN_MS);
      }
      acknowledged += BATCH;
      await sleep(EVERY_MS);
    }
  };
  const senders = [send(), send()];
  return {
    acknowledged: () => acknowledged,
    repeated: () => repeated,
    stop: async () => {
      ending = true;
      await Promise.all(senders);
    },
  };
};
