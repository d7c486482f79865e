import { describe, expect, it } from "vitest";
import {
  audienceOfConstraints,
  constraintsFor,
  unleashAudienceProblem,
} from "../../../alerts/flags/unleash-audience.ts";

const AUDIENCE = { segment: "tier", values: ["internal", "low-risk"] };
const [WHOM, MARK] = constraintsFor(AUDIENCE) as readonly [Record<string, unknown>, Record<string, unknown>];

describe("the constraints of an audience", () => {
  it("are none for everybody, and are read back as what was written, in any order", () => {
    expect([constraintsFor(null), audienceOfConstraints([]), audienceOfConstraints(null)]).toEqual([[], null, null]);
    expect(audienceOfConstraints([WHOM, MARK])).toEqual(AUDIENCE);
    expect(audienceOfConstraints([MARK, { ...WHOM, values: ["low-risk", "internal", "internal"] }])).toEqual(AUDIENCE);
    // What Unleash leaves out of a constraint is what it is by default.
    const bare = ({ contextName, operator, values }: Record<string, unknown>) => ({ contextName, operator, values });
    expect(audienceOfConstraints([bare(WHOM), bare(MARK)])).toEqual(AUDIENCE);
  });

  it.each<[string, readonly unknown[]]>([
    ["a person's, without the mark", [WHOM]],
    ["the mark alone", [MARK]],
    ["one more", [WHOM, MARK, WHOM]],
    ["two of the mark", [MARK, MARK]],
    ["another operator", [{ ...WHOM, operator: "NOT_IN" }, MARK]],
    ["turned round", [{ ...WHOM, inverted: true }, MARK]],
    ["without case", [{ ...WHOM, caseInsensitive: true }, MARK]],
    ["the mark turned round", [WHOM, { ...MARK, inverted: true }]],
    ["no value", [{ ...WHOM, values: [] }, MARK]],
    ["no list", [{ ...WHOM, values: "internal" }, MARK]],
    ["no constraint at all", ["x", 7]],
    ["nothing", [null, MARK]],
  ])("are nobody's that Leeway knows: %s", (_what, constraints) => {
    expect(audienceOfConstraints(constraints)).toBeUndefined();
  });

  it("cannot tell values by their blanks, nor normalise them", () => {
    expect(unleashAudienceProblem(AUDIENCE)).toBe("");
    expect(unleashAudienceProblem({ segment: "tier", values: [" x"] })).toContain('is " x"; expected one without');
    expect(unleashAudienceProblem({ ...AUDIENCE, normalise: ["lower"] })).toContain("without normalise");
  });
});
