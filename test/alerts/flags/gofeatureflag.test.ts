import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { RoutedFlag } from "../../../alerts/flags/flag-target.ts";
import { createGoFeatureFlagTarget } from "../../../alerts/flags/gofeatureflag.ts";
import { describeFlagContract } from "./flag-contract.ts";
import { FILE_VALUES } from "./start-flagd.ts";
import { goFlagText, startGoFeatureFlag } from "./start-gofeatureflag.ts";

describeFlagContract("gofeatureflag", startGoFeatureFlag);

const folder = mkdtempSync(join(tmpdir(), "leeway-goff-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, "flags.yaml");
const bound = (text: string): RoutedFlag => {
  writeFileSync(file, text);
  const target = createGoFeatureFlagTarget({ name: "file", type: "gofeatureflag", file });
  return target.bind({ flag: "model", target: "file" }, FILE_VALUES);
};
const now = (): string => readFileSync(file, "utf8");
const flagText = (rest: string): string =>
  `model:\n  variations: { canary: gpt-new, baseline: gpt-old, spare: gpt-x }\n${rest}`;
const SHARE = "  defaultRule: { percentage: { canary: 5, baseline: 95 } }\n";

describe("a file of GO Feature Flag", () => {
  it("is, byte for byte, what it was but for the numbers", async () => {
    const flag = bound(goFlagText(true, 0));
    await flag.setShare(0.25, null);
    expect(now()).toBe(goFlagText(false, 25));
    await flag.setShare(0, null);
    expect(now()).toBe(goFlagText(true, 25));
  });

  it("with Windows' line ends keeps them", async () => {
    const text = (disable: boolean, share: number): string => goFlagText(disable, share).replaceAll("\n", "\r\n");
    const flag = bound(text(true, 0));
    await flag.setShare(0.05, null);
    expect(now()).toBe(text(false, 5));
  });

  it("gets a line where a flag has no switch yet", async () => {
    const flag = bound(flagText(SHARE));
    await flag.setShare(0, null);
    expect(now()).toBe(flagText(SHARE).replace("model:\n", "model:\n  disable: true\n"));
    await flag.setShare(0.05, null);
    expect(now()).toBe(flagText(SHARE).replace("model:\n", "model:\n  disable: false\n"));
    const flow =
      '{"model": {"variations": {"canary": "gpt-new", "baseline": "gpt-old"}, "defaultRule": {"variation": "baseline"}}}';
    await bound(flow.replace('"variation": "baseline"', '"percentage": {"canary": 9, "baseline": 91}')).setShare(
      0,
      null,
    );
    expect(JSON.parse(now()).model).toMatchObject({ disable: true, defaultRule: { percentage: { canary: 9 } } });
  });

  it.each<[string, string, number]>([
    ["a third variation", "  defaultRule: { percentage: { canary: 10, baseline: 80, spare: 10 } }\n", 0.1],
    ["parts of a percent", "  defaultRule: { percentage: { canary: 0.5, baseline: 99.5 } }\n", 0.005],
    ["a rule before it", `  targeting: [{ query: x eq 1, variation: spare }]\n${SHARE}`, 0.05],
    ["no candidate", "  defaultRule: { variation: baseline }\n", 0],
  ])("has a share that is known: %s", async (_name, rest, share) => {
    expect(await bound(flagText(rest)).read()).toMatchObject({ share });
  });

  it.each<[string, string, string]>([
    [
      "a rule gives all the candidate",
      `  targeting: [{ query: x eq 1, variation: canary }]\n${SHARE}`,
      "gives the candidate to all",
    ],
    [
      "two rules deal it",
      `  targeting: [{ query: x eq 1, percentage: { canary: 1, baseline: 99 } }]\n${SHARE}`,
      "several rules",
    ],
    [
      "a progressive rollout",
      "  defaultRule: { progressiveRollout: { initial: { variation: baseline } } }\n",
      "is not known",
    ],
    ["a percentage that is text", "  defaultRule: { percentage: { canary: five, baseline: 95 } }\n", "is not known"],
    ["no entry of the baseline", "  defaultRule: { percentage: { canary: 5, spare: 95 } }\n", "one of the baseline"],
    ["merged parts", `  <<: { disable: false }\n${SHARE}`, "merged in"],
    ["no percentage", "  defaultRule: { variation: baseline }\n", "no percentage has the candidate"],
  ])("is not given a share, and is switched off all the same: %s", async (_name, rest, why) => {
    const flag = bound(flagText(rest));
    const detail = expect.stringContaining(why);
    expect(await flag.setShare(0.3, null)).toMatchObject({ outcome: "failed", why: "permanent", detail });
    expect(now()).toBe(flagText(rest));
    expect(await flag.setShare(0, null)).toMatchObject({ state: { share: 0 } });
  });

  it("is not taken for off while a schedule can enable it", async () => {
    const flag = bound(flagText(`  scheduledRollout: [{ date: 2026-12-01T00:00:00Z, disable: false }]\n${SHARE}`));
    const detail = expect.stringContaining("scheduledRollout");
    expect(await flag.setShare(0, null)).toMatchObject({ outcome: "failed", why: "permanent", detail });
    expect(now()).toContain("disable: true\n");
    expect(now()).toContain("scheduledRollout: [{ date: 2026-12-01T00:00:00Z, disable: false }]");
  });

  it("does not change what another flag has by an anchor", async () => {
    const text = `${flagText("  defaultRule: &rollout { percentage: { canary: 5, baseline: 95 } }\n")}twin: { defaultRule: *rollout }\n`;
    const flag = bound(text);
    expect(await flag.read()).toMatchObject({ share: 0.05 });
    expect(await flag.setShare(0.3, null)).toMatchObject({ outcome: "failed", why: "permanent" });
    expect(now()).toBe(text);
    expect(await flag.setShare(0, null)).toMatchObject({ outcome: "written" });
    expect(now()).toContain("twin: { defaultRule: *rollout }");
  });
});
