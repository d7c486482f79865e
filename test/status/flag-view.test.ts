import { describe, expect, it } from "vitest";
import type { FlagReadFailure, FlagReport } from "../../alerts/flags/flag-target.ts";
import { NOT_STARTED } from "../../lifecycle/state.ts";
import { flagView, rollbackText, type WantedShare } from "../../status/flag-view.ts";
import { wantedShare } from "../../status/wanted-share.ts";
import { ANY_CAPABILITIES } from "../doubles/fickle-flag-target.ts";
import { aMigration } from "../fixtures/a-migration.ts";
import { aRollback } from "../fixtures/a-rollback.ts";

const REPORT: FlagReport = {
  state: { flag: "model", share: 0.05, enabled: true, revision: "r1" },
  variants: [],
  mayWrite: true,
  mayWriteBecause: "the token may",
  facts: [],
  problems: [],
};
const FAILED: FlagReadFailure = { outcome: "failed", why: "auth", detail: "HTTP 401", retryAfterMs: null };
const WANTED: WantedShare = { share: 0.05, because: "Running (stage 1 of 1)" };
const view = (answer: FlagReport | FlagReadFailure = REPORT, wanted = WANTED) =>
  flagView(
    { migration: "m", route: { flag: "model", target: "prod" }, capabilities: ANY_CAPABILITIES, at: 1 },
    answer,
    wanted,
  );

describe("the view of a flag", () => {
  it("has nothing to complain of where all is as it should be", () => {
    expect(view()).toMatchObject({ flag: "model", target: "prod", agrees: true, problems: [], unknown: [] });
  });

  it.each<[string, FlagReport | FlagReadFailure, boolean | null, RegExp]>([
    ["cannot be read", FAILED, null, /^it cannot be read \(auth\): HTTP 401$/],
    [
      "serves another share",
      { ...REPORT, state: { ...REPORT.state, share: 0.3 } },
      false,
      /^it serves 30%, and should serve 5%/,
    ],
    [
      "may not be written",
      { ...REPORT, mayWrite: false, mayWriteBecause: "reader" },
      true,
      /could not be written: reader$/,
    ],
    ["does not fit", { ...REPORT, problems: ["no variant serves new"] }, true, /^no variant serves new$/],
  ])("says of a flag that %s what is wrong", (_what, answer, agrees, problem) => {
    const found = view(answer);
    expect([found.agrees, found.problems]).toEqual([agrees, [expect.stringMatching(problem)]]);
  });

  it("calls what is not known neither right nor wrong", () => {
    const unsure = view(
      { ...REPORT, mayWrite: null, mayWriteBecause: "it does not say" },
      { share: null, because: "the store is down" },
    );
    expect(unsure).toMatchObject({ agrees: null, problems: [] });
    expect(unsure.unknown).toEqual([
      "whether a rollback may be written: it does not say",
      "what it should serve: the store is down",
    ]);
    expect(view(FAILED, { share: null, because: "the store is down" })).toMatchObject({
      report: null,
      unknown: ["what it should serve: the store is down"],
    });
  });
});

describe("what a rollback would do", () => {
  it.each([
    [
      { kill: true, guards: true, propagationMs: 0 },
      /switched off.+only if nobody changed it.+at their next evaluation$/,
    ],
    [{ kill: false, guards: false, propagationMs: 15_000 }, /set to 0%.+no guard.+within 15 s$/],
  ])("with %o", (capabilities, expected) => {
    expect(rollbackText({ ...ANY_CAPABILITIES, ...capabilities })).toMatch(expected);
  });
});

describe("what a flag should serve", () => {
  const started = { ...NOT_STARTED, hash: "h", startedWith: "h" };
  it.each([
    [NOT_STARTED, 0, /has not started/],
    [started, 0.05, /^Running \(stage 1 of 1\)$/],
    [{ ...started, stage: 1 }, 0.05, /^Done \(stage 1 of 1\)$/],
    [{ ...started, rollback: aRollback() }, 0, /^Rolling back/],
  ])("is said with its reason", (state, share, because) => {
    expect(wantedShare(aMigration(), state, 0)).toEqual({ share, because: expect.stringMatching(because) });
  });
});
