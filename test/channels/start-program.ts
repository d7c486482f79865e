import { spawn } from "node:child_process";
import { once } from "node:events";

/** A program that was started. */
export interface StartedProgram {
  readonly close: () => Promise<void>;
}

const isThere = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

/**
 * Starts a program and waits until `url` answers. Rejects with its last words where it ends before, or is not there in
 * 30 seconds.
 */
export const startProgram = async (command: string, args: readonly string[], url: string): Promise<StartedProgram> => {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let [said, ended] = ["", ""];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (part: string) => {
      said = (said + part).slice(-500);
    });
  child.once("error", ({ message }) => {
    ended = message;
  });
  child.once("exit", (code, signal) => {
    ended ||= `ended with ${code ?? signal}`;
  });
  const until = performance.now() + 30_000;
  while (!(await isThere(url))) {
    if (ended === "" && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 100));
    else {
      child.kill("SIGKILL");
      throw new Error(`${command}: ${ended || "not there after 30 s"}: ${said.trim().split("\n").at(-1) ?? ""}`);
    }
  }
  return {
    close: async () => {
      if (ended !== "") return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
};
