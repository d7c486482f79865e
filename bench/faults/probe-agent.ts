import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";

/** What a person, an orchestrator and an app wait for beside the load. Times in ms; one that failed is Infinity. */
export interface Probes {
  readonly healthz: readonly number[];
  readonly ofrep: readonly number[];
  readonly rollback: readonly number[];
  readonly rearm: readonly number[];
  /** Age of the newest judged tick's end, beyond what tick and settle ask for. */
  readonly judging: readonly number[];
  /** What went wrong, each once. */
  readonly failures: readonly string[];
  /** What `leeway status` says is wrong, each once, numbers left out. */
  readonly problems: readonly string[];
}

/** Names and times of the agent that is probed. */
export interface Probed {
  readonly url: string;
  /** The migration that is rolled back and re-armed. */
  readonly commanded: string;
  /** The migration whose ticks are looked at. */
  readonly judged: string;
  readonly tickMs: number;
  readonly settleMs: number;
}

interface Status {
  readonly now: number;
  readonly problems: readonly string[];
  readonly migrations: readonly { readonly name: string; readonly lastTick: number | null }[];
}

const JSON_HEADERS = { "content-type": "application/json" };

/** Asks the agent until `ended` settles. */
export const probeAgent = async (probed: Probed, ended: Promise<unknown>): Promise<Probes> => {
  const { url, commanded, judged, tickMs, settleMs } = probed;
  const probes = {
    healthz: [] as number[],
    ofrep: [] as number[],
    rollback: [] as number[],
    rearm: [] as number[],
    judging: [] as number[],
  };
  const [failures, problems] = [new Set<string>(), new Set<string>()];
  let isOver = false;
  void ended.finally(() => {
    isOver = true;
  });
  const timed = async (name: keyof typeof probes, path: string, init: RequestInit = {}): Promise<Response | null> => {
    const start = performance.now();
    try {
      const answer = await fetch(`${url}${path}`, { ...init, signal: AbortSignal.timeout(30_000) });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${answer.status} ${text}`);
      if (name !== "judging") probes[name].push(performance.now() - start);
      return new Response(text);
    } catch (error) {
      failures.add(`${name}: ${String(error).slice(0, 160)}`);
      probes[name].push(Number.POSITIVE_INFINITY);
      return null;
    }
  };
  const repeat = async (everyMs: number, work: () => Promise<unknown>): Promise<void> => {
    while (!isOver) {
      await work();
      await sleep(everyMs);
    }
  };
  const command = (name: "rollback" | "rearm") =>
    timed(name, `/api/v1/migrations/${commanded}/commands`, {
      method: "POST",
      headers: JSON_HEADERS,
      body: JSON.stringify({ command: name, reason: "bench", by: "bench" }),
    });
  const look = async (): Promise<void> => {
    const answer = await timed("judging", "/api/v1/status");
    const status = answer === null ? null : ((await answer.json()) as Status);
    for (const problem of status?.problems ?? []) problems.add(problem.replace(/[\d,.]+/g, "N"));
    const last = status?.migrations.find(({ name }) => name === judged)?.lastTick ?? null;
    // a tick is seen judged between its end + settle and the next one's
    if (status !== null && last !== null) probes.judging.push(Math.max(0, status.now - last - settleMs - tickMs));
  };
  const body = JSON.stringify({ context: { targetingKey: "user-1" } });
  await Promise.all([
    repeat(50, () => timed("healthz", "/healthz")),
    repeat(50, () => timed("ofrep", `/ofrep/v1/evaluate/flags/${judged}`, { method: "POST", body })),
    repeat(500, look),
    repeat(400, async () => {
      await command("rollback");
      await command("rearm");
    }),
  ]);
  return { ...probes, failures: [...failures], problems: [...problems] };
};
