import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFlagdTarget } from "../../../alerts/flags/flagd.ts";
import { murmurHash } from "../../doubles/flags/murmur-hash.ts";
import { disturbedDisk } from "./disturbed-disk.ts";
import type { FlagUnderTest } from "./flag-contract.ts";
import { shareOfUsers } from "./share-of-users.ts";

/** The values of the arms in the files of the tests. */
export const FILE_VALUES = { baseline: "gpt-old", canary: "gpt-new" } as const;

/** A file as people write it: no two lines alike. */
export const flagdText = (state: string, canary: number): string => `{
  "$schema": "https://flagd.dev/schema/v0/flags.json",
  "flags": {
\t"other": {"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off",
      "targeting": { "fractional": [ ["on", 30], ["off",70] ] } },
    "model": {
      "variants": { "canary": "gpt-new",   "baseline": "gpt-old", "spare": { "model": "gpt-x" } },
      "state":    "${state}",
      "defaultVariant": "baseline",
      "targeting": {
        "if": [ { "$ref": "staff" }, "baseline",
          { "fractional": [
              { "cat": [ { "var": "$flagd.flagKey" }, { "var": "targetingKey" } ] },
              ["canary",   ${canary}],
              [ "baseline", ${100 - canary} ] ] } ]
      },
      "metadata": { "owner": "support \\u2014 \\"team\\"", "version": 3 }
    }
  },

  "$evaluators": { "staff": { "ends_with": [ { "var": "email" }, "@example.com" ] } },
  "metadata": { "flagSetId": "support", "version": "7" }
}
`;

/** What is not the share: the text without the state and the two weights of the flag. */
const maskShare = (text: string): string =>
  text
    .replace(/("state": {4}")\w+/, "$1")
    .replace(/(\["canary", {3})\d+/, "$1")
    .replace(/(\[ "baseline", )\d+/, "$1");

/** Who evaluates the file: the share of users who get the candidate, all of them with this value of `tier`; null = without one. */
export type EvaluateFile = (file: string, tier: string | null) => Promise<number>;

const served: EvaluateFile = async (file, tier) => {
  const { state, targeting } = JSON.parse(readFileSync(file, "utf8")).flags.model;
  const last = targeting.if[2];
  const [own, rule] = last.if === undefined ? [null, last] : [last.if, last.if[1]];
  if (own !== null && own[2] !== "baseline") throw new Error("another rule");
  const [, [, canary], [, baseline]] = rule.fractional;
  const [name, among] = own?.[0].and[1].in ?? [];
  const isOut = own !== null && !(name.var === "tier" && among.includes(tier));
  if (state !== "ENABLED" || isOut) return 0;
  return shareOfUsers((user) => (murmurHash(`model${user}`, 0) / 2 ** 32) * (canary + baseline) < canary);
};

/** A flag in a file of flagd. `evaluate`: the share that the file gives, by whoever evaluates it. */
export const startFlagd = async (evaluate: EvaluateFile = served): Promise<FlagUnderTest> => {
  const folder = mkdtempSync(join(tmpdir(), "leeway-flagd-"));
  const file = join(folder, "flags.flagd.json");
  const disk = disturbedDisk();
  const text = (): string => readFileSync(file, "utf8");
  const write = (next: string): void => writeFileSync(file, next);
  const byHand = (share: number): void =>
    write(
      share > 0
        ? flagdText("ENABLED", Math.round(share * 100))
        : text().replace('"ENABLED",\n      "default', '"DISABLED",\n      "default'),
    );
  const target = createFlagdTarget({ name: "file", type: "flagd", file }, { disk, callMs: 300 });
  return {
    flag: target.bind({ flag: "model", target: "file" }, FILE_VALUES),
    secrets: [],
    reset: async () => {
      disk.behave("work");
      write(flagdText("DISABLED", 0));
      chmodSync(file, 0o644);
    },
    served: () => evaluate(file, null),
    servedTo: (tier) => evaluate(file, tier),
    neighbours: async () => maskShare(text()),
    whole: async () => text(),
    writes: disk.writes,
    setByHand: async (share) => byHand(share),
    changeInBetween: () => disk.inBetween(() => byHand(0.7)),
    situations: [
      { name: "a file that is gone", arrange: () => rmSync(file), why: "not-found" },
      { name: "a flag that is gone", arrange: () => write('{ "flags": {} }'), why: "not-found" },
      { name: "no flags at all", arrange: () => write("{}"), why: "not-found" },
      { name: "half a file", arrange: () => write(text().slice(0, 400)), why: "transient" },
      { name: "an empty file", arrange: () => write(""), why: "transient" },
      { name: "a comment in JSON", arrange: () => write(`# hello\n${text()}`), why: "transient" },
      {
        name: "the same flag twice",
        arrange: () => write('{ "flags": { "model": {}, "model": {} } }'),
        why: "transient",
      },
      {
        name: "a folder that may not be written to",
        arrange: () => disk.behave("EACCES"),
        why: "auth",
        fails: "writes",
      },
      { name: "a full disk", arrange: () => disk.behave("ENOSPC"), why: "transient", fails: "writes" },
    ],
    hang: () => disk.behave("hang"),
    lie: () => disk.behave("lie"),
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
};
