import { describe, expect, it } from "vitest";
import type { Identity } from "../../core/identity.ts";
import { signature } from "../../core/identity.ts";
import { refuseApprover } from "../../lifecycle/approver.ts";

const ANA = { approvers: ["ana", "bob"] };

describe("an approval", () => {
  it.each<[string, Identity | undefined, string, string | null]>([
    ["by a token of an approver", "proven", "ana", null],
    ["by the word of one, where nobody can prove more", "claimed", "ana", null],
    ["by an entry of an earlier version", undefined, "ana", null],
    ["by the word of one, where people have tokens", "unproven", "ana", "only said"],
    ["by a link that an approver may have followed", "link", "ana", "a link says nothing about who follows it"],
    ["by a token of somebody else", "proven", "carl", "needs one of its approvers (ana, bob)"],
    ["by a name that looks like it", "proven", "ana ", "needs one of its approvers"],
  ])("%s", (_what, identity, by, problem) => {
    const refused = refuseApprover(ANA, { by, ...(identity === undefined ? {} : { identity }) });
    if (problem === null) expect(refused).toBeNull();
    else expect(refused).toContain(problem);
  });

  it("of a stage without approvers is anybody's, but not a link's", () => {
    expect(refuseApprover({ approvers: [] }, { by: "x", identity: "unproven" })).toBeNull();
    expect(refuseApprover({ approvers: [] }, { by: "x", identity: "link" })).toContain("a link says nothing");
  });

  it("is signed by what is known of who gave it", () => {
    expect(
      ["proven", "link", undefined, "claimed", "unproven"].map((each) => signature("ana", each as Identity)),
    ).toEqual(["ana", "ana", "ana", "ana (unverified)", "ana (unverified)"]);
  });
});
