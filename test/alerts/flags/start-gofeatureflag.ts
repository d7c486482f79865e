import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { createGoFeatureFlagTarget } from "../../../alerts/flags/gofeatureflag.ts";
import { murmurHash } from "../../doubles/flags/murmur-hash.ts";
import { disturbedDisk } from "./disturbed-disk.ts";
import type { FlagUnderTest } from "./flag-contract.ts";
import { shareOfUsers } from "./share-of-users.ts";
import { FILE_VALUES } from "./start-flagd.ts";

/** A file as people write it: comments, anchors, order, quotes, blanks. */
export const goFlagText = (
  disable: boolean,
  canary: number,
): string => `# flags of support; ask sam before you change them
defaults: &defaults   # used below
  trackEvents: true

other: { variations: { "on": true, 'off': false }, defaultRule: { percentage: { "on": 30, 'off': 70 } } }

model:
  disable: ${disable}     # the kill switch
  metadata: *defaults
  variations:
    canary:   gpt-new
    baseline: "gpt-old"
  targeting:
    - name: staff     # they stay where they are
      query: email ew "@example.com"
      variation: baseline
    - { name: old, query: 'plan eq "free"', percentage: { canary: 90, baseline: 10 }, disable: true }
  experimentation:
    start: 2026-11-01T00:00:00Z
    end:   2027-11-01T00:00:00Z
  defaultRule:
    name: everybody
    percentage:
      # the share
      canary:   ${canary}  # of a hundred
      baseline: ${100 - canary}
last: &end
  variations: { a: 1 }
  defaultRule: { variation: a }
copy: *end
`;

const maskShare = (text: string): string =>
  text
    .replace(/( {2}disable: )\w+( {5}#)/, "$1$2")
    .replace(/( {6}canary: {3})\d+/, "$1")
    .replace(/( {6}baseline: )\d+/, "$1");

/** The target on a file of GO Feature Flag. */
export const startGoFeatureFlag = async (): Promise<FlagUnderTest> => {
  const folder = mkdtempSync(join(tmpdir(), "leeway-goff-"));
  const file = join(folder, "flags.goff.yaml");
  const disk = disturbedDisk();
  const text = (): string => readFileSync(file, "utf8");
  const write = (next: string): void => writeFileSync(file, next);
  const byHand = (share: number): void =>
    write(
      share > 0 ? goFlagText(false, Math.round(share * 100)) : text().replace("disable: false  ", "disable: true  "),
    );
  const target = createGoFeatureFlagTarget({ name: "file", type: "gofeatureflag", file }, { disk, callMs: 300 });
  return {
    flag: target.bind({ flag: "model", target: "file" }, FILE_VALUES),
    secrets: [],
    reset: async () => {
      disk.behave("work");
      write(goFlagText(true, 0));
    },
    served: async () => {
      const { disable, defaultRule } = parse(text()).model;
      const { canary, baseline } = defaultRule.percentage;
      if (disable) return 0;
      return shareOfUsers((user) => (murmurHash(`model${user}`, 0) / 2 ** 32) * (canary + baseline) < canary);
    },
    neighbours: async () => maskShare(text()),
    whole: async () => text(),
    writes: disk.writes,
    setByHand: async (share) => byHand(share),
    changeInBetween: () => disk.inBetween(() => byHand(0.7)),
    situations: [
      { name: "a file that is gone", arrange: () => rmSync(file), why: "not-found" },
      { name: "a flag that is gone", arrange: () => write("other: {}\n"), why: "not-found" },
      { name: "a flag that is no map", arrange: () => write("model: 1\n"), why: "not-found" },
      { name: "an empty file", arrange: () => write(""), why: "transient" },
      { name: "a tab where blanks have to be", arrange: () => write(`${text()}x:\n\ty: 1\n`), why: "transient" },
      { name: "a key given twice", arrange: () => write(`${text()}model: {}\n`), why: "transient" },
      { name: "a file that may not be replaced", arrange: () => disk.behave("EACCES"), why: "auth", fails: "writes" },
      { name: "a full disk", arrange: () => disk.behave("ENOSPC"), why: "transient", fails: "writes" },
    ],
    hang: () => disk.behave("hang"),
    lie: () => disk.behave("lie"),
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
};
