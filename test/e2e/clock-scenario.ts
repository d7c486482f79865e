import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { loadConfig } from "../../agent/config/load-config.ts";
import { type Agent, createAgent } from "../../agent/create-agent.ts";
import { exportRequest } from "../../bench/decision/spans.ts";

/** Whose clock is set: the agent's machine, the senders' of the calls, or both (they share one). */
export type ClockPlace = "agent" | "senders" | "both";

/** One clock that is set while the canary turns bad. Durations are ms. */
export interface ClockScenario {
  readonly place: ClockPlace;
  /** Ahead; back: negative. */
  readonly stepMs: number;
  /** After which it is set right again; null = it stays. */
  readonly lastsMs: number | null;
  /** How long a decision is waited for. */
  readonly patienceMs: number;
}

/** What came of it. Durations are ms by the monotonic clock, null = not in time. */
export interface ClockOutcome {
  /** From the first failing call to the rollback in the ledger. */
  readonly decidedMs: number | null;
  /** From the step to the page about it. */
  readonly pagedMs: number | null;
  /** Doubts that were seen. */
  readonly doubts: readonly string[];
  /** What the status said was wrong, with the numbers taken out. */
  readonly problems: readonly string[];
}

const DOCUMENT = `migration: m
owner: bench
baseline:  { model: baseline }
candidate: { model: canary }
match:     { service: m, operation: chat }
route:     { flag: m, target: builtin }
stages:
  - { canary: 20%, for: 4h }
rules:
  - { signal: error, limit: 5%, unit: absolute, severity: rollback }
`;

const SETTINGS = `store: { port: 0 }
collector: { listen: "127.0.0.1:0" }
agent: { listen: "127.0.0.1:0" }
flags: { builtin: { type: builtin } }
`;

const HEALTHY_MS = 12_000;
const SICK_AFTER_STEP_MS = 3_000;
const STEP_MS = 250;

const send = async (agent: Agent, isSick: boolean, endedAt: number): Promise<void> => {
  const calls = Array.from({ length: 10 }, (_, call) => ({
    ...{ service: "m", cohort: call < 2 ? ("canary" as const) : ("baseline" as const), endedAt: endedAt - call },
    failed: isSick && call === 0,
  }));
  const headers = { "content-type": "application/json" };
  const url = `${agent.collectorUrl}/v1/traces`;
  await (await fetch(url, { method: "POST", headers, body: exportRequest(calls) })).arrayBuffer();
};

interface Seen {
  readonly migrations: readonly { readonly doubts: readonly { readonly reason: string }[] }[];
  readonly problems: readonly string[];
}

const look = async (agent: Agent): Promise<Seen> => (await (await fetch(`${agent.url}/api/v1/status`)).json()) as Seen;

/** Runs a real agent on the embedded engine, with half of the canary's calls failing from soon after the step on. */
export const runClockScenario = async (scenario: ClockScenario): Promise<ClockOutcome> => {
  const { place, stepMs, lastsMs, patienceMs } = scenario;
  const folder = mkdtempSync(join(tmpdir(), "leeway-clock-"));
  mkdirSync(join(folder, "migrations"));
  writeFileSync(join(folder, "leeway.yaml"), SETTINGS);
  writeFileSync(join(folder, "migrations", "m.yaml"), DOCUMENT);
  const began = performance.now();
  const elapsed = (): number => performance.now() - began;
  let set = 0;
  const clockOf = (who: "agent" | "senders"): number => Date.now() + (place === "both" || place === who ? set : 0);
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const agent = await createAgent(loadConfig(join(folder, "leeway.yaml"), {}), {
    now: () => clockOf("agent"),
    log: quiet,
    stdout: new Writable({ write: (_chunk, _encoding, done) => done() }),
    version: "bench",
  });
  try {
    const [doubts, problems] = [new Set<string>(), new Set<string>()];
    let [decidedMs, pagedMs]: [number | null, number | null] = [null, null];
    const start = elapsed();
    const stepAt = start + HEALTHY_MS;
    const sickAt = stepAt + SICK_AFTER_STEP_MS;
    const observe = async (): Promise<void> => {
      for (const { event } of agent.runners[0]?.history.entries() ?? []) {
        if (event.type !== "decision") continue;
        const { decision } = event;
        if (decision.kind === "rollback") decidedMs ??= elapsed() - sickAt;
        if (decision.kind === "page" && (decision.topic ?? "").startsWith("clock-stepped"))
          pagedMs ??= elapsed() - stepAt;
      }
      const seen = await look(agent);
      for (const { reason } of seen.migrations.flatMap((each) => each.doubts)) doubts.add(reason);
      for (const problem of seen.problems) problems.add(problem);
    };
    const expectsPage = place !== "senders";
    for (let next = start; elapsed() < sickAt + patienceMs; next += STEP_MS) {
      await sleep(Math.max(0, next - elapsed()));
      const isSet = elapsed() >= stepAt && (lastsMs === null || elapsed() < stepAt + lastsMs);
      set = isSet ? stepMs : 0;
      await send(agent, elapsed() >= sickAt, clockOf("senders"));
      await observe();
      const isOver = lastsMs === null || elapsed() > stepAt + lastsMs + 2_000;
      if (decidedMs !== null && isOver && (pagedMs !== null || !expectsPage)) break;
    }
    return { decidedMs, pagedMs, doubts: [...doubts], problems: [...problems] };
  } finally {
    await agent.close();
    rmSync(folder, { recursive: true, force: true });
  }
};
