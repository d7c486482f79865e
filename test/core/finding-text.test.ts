import { expect, test } from "vitest";
import type { Finding } from "../../core/finding.ts";
import { attributionText, findingText } from "../../core/finding-text.ts";
import { aFinding } from "../fixtures/a-finding.ts";

test.each<[fields: Partial<Finding>, text: string]>([
  [{}, "code fence: code_fence up from 2% to 88% (effect 2.15)"],
  [
    { segment: "input_type=json", also: ["starts_with_fence"] },
    "code fence: code_fence up from 2% to 88% in input_type=json (effect 2.15; also starts_with_fence)",
  ],
  [
    { family: "length", feature: "words", baseline: 120.4, canary: 90, unit: "", direction: "down", effect: -0.4 },
    "length: words down from 120 to 90 (effect -0.4)",
  ],
  [
    { family: "script", feature: "language", label: "de", direction: "changed", baseline: 0, canary: 0.03 },
    "script: language de from 0% to 3% (effect 2.15)",
  ],
  [
    { family: "markdown", feature: "bullet_items", label: "4", baseline: 0.01, canary: 0.3 },
    "markdown: bullet_items up, 4 from 1% to 30% (effect 2.15)",
  ],
  [
    { family: "structure", feature: "key_paths", label: "n0123456789ab", baseline: 0, canary: 1 },
    "structure: key path 0123456789ab (null) up from 0% to 100% (effect 2.15)",
  ],
  [{ baseline: null }, "code fence: code_fence up from unknown to 88% (effect 2.15)"],
])("a finding in one line: %j", (fields, text) => {
  expect(findingText(aFinding(fields))).toBe(text);
});

test("an attribution names what changed, and from what to what", () => {
  expect(
    attributionText({
      changed: ["prompt", "parameters"],
      text: "prompt and parameters",
      differences: [
        { what: "prompt", baseline: "support@41", canary: "support@42" },
        { what: "parameters", baseline: "", canary: "temperature=1" },
      ],
    }),
  ).toBe("prompt and parameters (prompt support@41 to support@42, parameters none to temperature=1)");
  expect(attributionText({ changed: [], text: "unknown", differences: [] })).toMatch(/^nothing/);
});
