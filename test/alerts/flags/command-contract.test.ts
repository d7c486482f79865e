import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { command } from "../../../alerts/flags/command.ts";
import { recordingLog } from "../recording-log.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { describeFlagContract, type FlagUnderTest } from "./flag-contract.ts";

const PROGRAM = resolve("test/doubles/flags/flag-program.sh");

const start = async (): Promise<FlagUnderTest> => {
  const [folder, other] = [temporaryDirectory(), temporaryDirectory()];
  const at = (name: string): string => join(folder, name);
  const read = (name: string): number => Number(readFileSync(at(name), "utf8"));
  const write = (name: string, content: unknown): void => writeFileSync(at(name), String(content));
  const mood = (name: string) => (): void => write("mood", name);
  const config = command.schema.parse({ type: "command", command: [PROGRAM, folder], timeout: "2s" });
  const target = command.create("own", config, { log: recordingLog(), now: Date.now });
  writeFileSync(join(other, "share"), "0.3");
  return {
    flag: target.bind({ flag: "model", target: "own" }, { baseline: "old", canary: "new" }),
    secrets: ["s3cret"],
    reset: async () => {
      rmSync(at("mood"), { force: true });
      write("share", 0);
      write("revision", 1);
    },
    served: async () => read("share"),
    within: 0,
    neighbours: async () => readFileSync(join(other, "share"), "utf8"),
    whole: async () => read("share"),
    writes: () => read("revision"),
    setByHand: async (share) => {
      write("share", share);
      write("revision", read("revision") + 1);
    },
    changeInBetween: () => write("between", 0.7),
    situations: [
      { name: "exit 10", arrange: mood("10"), why: "conflict", retryAfterMs: 7_000 },
      { name: "exit 11", arrange: mood("11"), why: "auth", retryAfterMs: 7_000 },
      { name: "exit 12", arrange: mood("12"), why: "not-found", retryAfterMs: 7_000 },
      { name: "exit 13", arrange: mood("13"), why: "rate-limited", retryAfterMs: 7_000 },
      { name: "exit 14", arrange: mood("14"), why: "approval-required", retryAfterMs: 7_000 },
      { name: "exit 15", arrange: mood("15"), why: "transient", retryAfterMs: 7_000 },
      { name: "exit 1", arrange: mood("1"), why: "permanent", retryAfterMs: 7_000 },
      { name: "words before the answer", arrange: mood("garbage"), why: "permanent" },
      { name: "no UTF-8", arrange: mood("latin"), why: "permanent" },
    ],
    hang: mood("hang"),
    lie: mood("lie"),
    close: target.close,
  };
};

describeFlagContract("command", start);
