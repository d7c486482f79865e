import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A provider and a collector in a process of their own. */
export interface Servers {
  readonly provider: string;
  readonly collector: string;
  /** Spans of calls the collector has got, each counted once. */
  readonly received: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** Starts them. */
export const startServers = async (): Promise<Servers> => {
  const file = fileURLToPath(new URL("servers.ts", import.meta.url));
  const child = spawn(process.execPath, [file], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(child.stdout, "data");
  const { provider, collector } = JSON.parse(String(line));
  const received = async (): Promise<number> => Number(await (await fetch(collector)).text());
  const close = async (): Promise<void> => {
    child.stdin.end();
    await once(child, "exit");
  };
  return { provider, collector, received, close };
};
