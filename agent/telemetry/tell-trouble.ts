import type { DiagLogger } from "@opentelemetry/api";
import type { Log } from "../../core/log.ts";

/** A receiver that is down says so every few seconds. */
const EVERY_MS = 60_000;

/** An error's code or class: its message and stack hold what the other side wrote. */
const whyOf = (message: string): string => {
  try {
    const { code, name } = JSON.parse(message);
    return String(code ?? name ?? "unknown");
  } catch {
    return "unknown";
  }
};

/** What is quoted may hold a password. */
const withoutQuotes = (message: string): string => message.replaceAll(/(['"]).*?\1/g, "…");

/** Puts what OpenTelemetry complains of into the agent's log: failures once a minute, and each other line once. */
export const tellTrouble = (log: Log, elapsed: () => number): DiagLogger => {
  const told = new Set<string>();
  let nextAt = Number.NEGATIVE_INFINITY;
  const nothing = (): void => undefined;
  return {
    error: (message) => {
      if (elapsed() < nextAt) return;
      nextAt = elapsed() + EVERY_MS;
      log.warn("the agent's own telemetry could not be sent; its work goes on all the same", { why: whyOf(message) });
    },
    warn: (message) => {
      const line = withoutQuotes(String(message));
      if (told.has(line)) return;
      told.add(line);
      log.warn(`the agent's own telemetry: ${line}`);
    },
    info: nothing,
    debug: nothing,
    verbose: nothing,
  };
};
