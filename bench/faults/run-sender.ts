import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { LoadOrder, LoadResult } from "./load.ts";

const SENDER = fileURLToPath(new URL("./sender.ts", import.meta.url));

/** Runs a sender in a process of its own to its end. */
export const runSender = async (order: LoadOrder): Promise<LoadResult> => {
  const child = spawn(process.execPath, [SENDER, JSON.stringify(order)], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  await once(child, "close");
  return JSON.parse(text) as LoadResult;
};
