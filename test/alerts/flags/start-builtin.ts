import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBuiltinTarget } from "../../../alerts/flags/builtin.ts";
import { evaluateFlag } from "../../../alerts/flags/evaluate-flag.ts";
import { recordingLog } from "../recording-log.ts";
import type { FlagUnderTest } from "./flag-contract.ts";

const USERS = 2_000;

/** The flag system inside the agent, on a file. */
export const startBuiltin = async (): Promise<FlagUnderTest> => {
  const folder = mkdtempSync(join(tmpdir(), "leeway-flags-"));
  const file = join(folder, "flags.json");
  const target = createBuiltinTarget({ file }, { log: recordingLog() });
  const values = { baseline: "old", canary: "new" };
  const flag = target.bind({ flag: "model", target: "builtin" }, values);
  const onDisk = () => JSON.parse(readFileSync(file, "utf8"));
  const write = (share: number): void => {
    const { flags } = onDisk();
    const writes = (flags.model?.writes ?? 0) + 1;
    writeFileSync(file, JSON.stringify({ version: 1, flags: { ...flags, model: { share, writes } } }));
  };
  const servedTo = (tier: string | null): number => {
    const state = target.served().get("model")?.state;
    if (state === undefined) return 0;
    const users = Array.from({ length: USERS }, (_, i) => evaluateFlag(state, values, `user-${i}`, () => tier));
    return users.filter(({ variant }) => variant === "canary").length / USERS;
  };
  return {
    flag,
    secrets: [],
    reset: async () => {
      rmSync(file, { force: true });
      writeFileSync(file, JSON.stringify({ version: 1, flags: { other: { share: 0.3, writes: 4 } } }));
      await flag.read();
    },
    served: async () => servedTo(null),
    servedTo: async (tier) => servedTo(tier),
    neighbours: async () => onDisk().flags.other,
    whole: async () => onDisk().flags.model?.share ?? 0,
    writes: () => onDisk().flags.model?.writes ?? 0,
    setByHand: async (share) => {
      write(share);
      await flag.read();
    },
    changeInBetween: () => write(0.7),
    situations: [{ name: "a damaged file", arrange: () => writeFileSync(file, "{"), why: "transient", fails: "reads" }],
    hang: null,
    lie: null,
    close: async () => {
      await target.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
