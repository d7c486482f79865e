import { describe, expect, it } from "vitest";
import {
  type Audience,
  audienceText,
  isOfAudience,
  isWithin,
  raisesNothing,
  sameAudience,
} from "../../core/audience.ts";

const internal: Audience = { segment: "tier", values: ["internal"] };
const both: Audience = { segment: "tier", values: ["internal", "low-risk"] };
const lower: Audience = { ...internal, normalise: ["lower"] };
const german: Audience = { segment: "language", values: ["de"] };

describe("who is of an audience", () => {
  it.each<[string, Audience, string | null, boolean]>([
    ["its value", internal, "internal", true],
    ["no value at all", internal, null, false],
    ["another value", internal, "external", false],
    ["its value in other case", internal, "Internal", false],
    ["its value with blanks", internal, " internal", false],
    ["other case, where the document lowers it", lower, "INTERNAL", true],
    ["one of several", both, "low-risk", true],
    ["what every object inherits", internal, "constructor", false],
    ["the empty text", internal, "", false],
  ])("%s", (_what, audience, value, isIn) => {
    expect(isOfAudience(audience, value)).toBe(isIn);
  });
});

describe("whether anybody has more of the candidate", () => {
  it.each<[string, number, Audience | null, number, Audience | null, boolean]>([
    ["less of the same", 0.25, null, 0.05, null, true],
    ["more of the same", 0.05, internal, 0.25, internal, false],
    ["narrowing at the same share", 0.05, null, 0.05, internal, true],
    ["narrowing at a higher share", 0.05, null, 0.25, internal, false],
    ["widening at the same share", 0.05, internal, 0.05, null, false],
    ["widening at a lower share", 0.25, internal, 0.05, null, false],
    ["fewer values", 0.05, both, 0.05, internal, true],
    ["other people", 0.05, internal, 0.05, german, false],
    ["told apart in another way", 0.05, internal, 0.05, lower, false],
    ["off", 0.05, internal, 0, null, true],
    ["off, for others", 0, null, 0, german, true],
  ])("%s", (_what, from, whom, to, then, isNothing) => {
    expect(raisesNothing({ share: from, audience: whom }, { share: to, audience: then })).toBe(isNothing);
  });
});

it("knows the same people, and everybody", () => {
  expect(sameAudience(null, undefined)).toBe(true);
  expect(sameAudience(internal, { ...internal })).toBe(true);
  expect(sameAudience(internal, null)).toBe(false);
  expect(isWithin(internal, null)).toBe(true);
});

it("is told in words, what could mislead in quotes", () => {
  expect(audienceText(both)).toBe("tier internal or low-risk");
  expect(audienceText(null)).toBe("everybody");
  expect(audienceText({ segment: "tier", values: ["a or b\n", "ü-1"] })).toBe('tier "a or b\\n" or ü-1');
});
