import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { isReadFailure } from "../../../alerts/flags/flag-target.ts";
import { createFlagdTarget } from "../../../alerts/flags/flagd.ts";
import { flagdAudienceProblem } from "../../../alerts/flags/flagd-audience.ts";
import { FILE_VALUES } from "./start-flagd.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const flagIn = (text: string, ending = "json") => {
  const folder = mkdtempSync(join(tmpdir(), "leeway-flagd-audience-"));
  folders.push(folder);
  const file = join(folder, `flags.${ending}`);
  writeFileSync(file, text);
  const flag = createFlagdTarget({ name: "file", type: "flagd", file }).bind(
    { flag: "model", target: "file" },
    FILE_VALUES,
  );
  return { flag, text: () => readFileSync(file, "utf8") };
};
const VARIANTS = '"variants": { "canary": "gpt-new", "baseline": "gpt-old" }, "defaultVariant": "baseline"';
const withRule = (targeting: string): string =>
  `{ "flags": { "model": { "state": "ENABLED", ${VARIANTS}, "targeting": ${targeting} } } }`;
const PLAIN = withRule('{ "fractional": [["canary", 5], ["baseline", 95]] }');
const INTERNAL = { segment: "tier", values: ["internal"] };

describe("a share for an audience in flagd's file", () => {
  it("is an if around the fraction, which is taken away again to the byte", async () => {
    const { flag, text } = flagIn(PLAIN);
    await flag.setShare(0.05, null, false, INTERNAL);
    expect(text()).toBe(
      withRule(
        '{"if": [{"and":[{"==":["leeway","leeway"]},{"in":[{"var":"tier"},["internal"]]}]}, { "fractional": [["canary", 5], ["baseline", 95]] }, "baseline"]}',
      ),
    );
    await flag.setShare(0.25, null, false, { segment: "plan", values: ["1", "NaN", "pro", "true"] });
    expect(JSON.parse(text()).flags.model.targeting.if[0].and[1].in).toEqual([
      { var: "plan" },
      // A context may have a number where spans have its text.
      ["1", 1, "NaN", "pro", "true", true],
    ]);
    expect(await flag.read()).toMatchObject({ share: 0.25, audience: { values: ["1", "NaN", "pro", "true"] } });
    await flag.setShare(0.05, null, false, null);
    expect(text()).toBe(PLAIN);
  });

  it("is none where a person wrote the rule: theirs stands, and the share is of those who come to it", async () => {
    const own =
      '{ "if": [{ "in": [{ "var": "tier" }, ["internal"]] }, { "fractional": [["canary", 5], ["baseline", 95]] }, "baseline"] }';
    const { flag, text } = flagIn(withRule(own));
    expect(await flag.read()).not.toHaveProperty("audience");
    await flag.setShare(0.25, null, false, INTERNAL);
    const { targeting } = JSON.parse(text()).flags.model;
    expect(targeting.if[0]).toEqual({ in: [{ var: "tier" }, ["internal"]] });
    expect(targeting.if[1].if[1]).toEqual({
      fractional: [
        ["canary", 25],
        ["baseline", 75],
      ],
    });
    await flag.setShare(0.05, null, false, null);
    expect(text()).toBe(withRule(own));
  });

  it("stays when the flag is switched off, and is read for what it is when somebody switches it on", async () => {
    const { flag, text } = flagIn(PLAIN);
    await flag.setShare(0.05, null, false, INTERNAL);
    await flag.setShare(0, null);
    expect(await flag.read()).toMatchObject({ share: 0, enabled: false });
    expect(await flag.read()).not.toHaveProperty("audience");
    expect(text()).toContain('"var":"tier"');
    const report = await flag.inspect();
    expect(isReadFailure(report) ? [] : report.facts).toContainEqual([
      "For",
      "tier internal; everybody else gets the baseline",
    ]);
  });

  it.each<[string, string, string]>([
    [
      "written over several lines of YAML",
      "yaml",
      `flags:\n  model:\n    state: ENABLED\n    variants: { canary: gpt-new, baseline: gpt-old }\n    defaultVariant: baseline\n    targeting:\n      fractional:\n        - [canary, 5]\n        - [baseline, 95]\n`,
    ],
    [
      "shared with another flag",
      "json",
      `{ "flags": { "model": { "state": "ENABLED", ${VARIANTS}, "targeting": { "$ref": "ours" } } }, "$evaluators": { "ours": { "fractional": [["canary", 5], ["baseline", 95]] } } }`,
    ],
  ])("is not written where the rule is %s", async (_what, ending, text) => {
    const { flag, text: now } = flagIn(text, ending);
    expect(await flag.setShare(0.05, null, false, INTERNAL)).toMatchObject({ outcome: "failed", why: "permanent" });
    expect(now()).toBe(text);
  });

  it("is written into YAML in braces, whose comments stay", async () => {
    const yaml = `flags:\n  model: # ours\n    state: ENABLED\n    variants: { canary: gpt-new, baseline: gpt-old }\n    defaultVariant: baseline\n    targeting: { fractional: [[canary, 5], [baseline, 95]] } # by support\n`;
    const { flag, text } = flagIn(yaml, "yaml");
    expect(await flag.setShare(0.05, null, false, INTERNAL)).toMatchObject({ state: { audience: INTERNAL } });
    await flag.setShare(0.05, null, false, null);
    expect(text()).toBe(yaml);
  });

  it("is not mistaken in what looks like one, however deep", async () => {
    const mark = '{"and":[{"==":["leeway","leeway"]},{"in":[{"var":"tier"},["internal"]]}]}';
    const deep = `${`{"if":[${mark}, `.repeat(40)}"baseline"${', "baseline"]}'.repeat(40)}`;
    expect(await flagIn(withRule(deep)).flag.read()).toMatchObject({ share: 0 });
    const fraction = '{"fractional":[["canary",5],["baseline",95]]}';
    const changed = mark.replace('"internal"', '"internal", ["x"]');
    const read = await flagIn(withRule(`{"if":[${changed}, ${fraction}, "baseline"]}`)).flag.read();
    expect(read).toMatchObject({ share: 0.05 });
    expect(read).not.toHaveProperty("audience");
    // Somebody else gets the candidate by it.
    expect(await flagIn(withRule(`{"if":[${mark}, ${fraction}, "canary"]}`)).flag.read()).toMatchObject({
      outcome: "failed",
      why: "permanent",
    });
  });

  it("is refused where flagd would look for another value", async () => {
    expect(flagdAudienceProblem(INTERNAL)).toBe("");
    expect(flagdAudienceProblem({ segment: "a.b", values: ["x"] })).toContain("expected a name without one");
    expect(flagdAudienceProblem({ ...INTERNAL, normalise: ["trim"] })).toContain("without normalise");
    const { flag, text } = flagIn(PLAIN);
    expect(await flag.setShare(0.05, null, false, { segment: "a.b", values: ["x"] })).toMatchObject({
      why: "permanent",
    });
    expect(text()).toBe(PLAIN);
  });
});
