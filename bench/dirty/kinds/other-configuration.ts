import { identityKey } from "../../../core/call-identity.ts";
import type { Migration } from "../../../core/migration.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { aRule } from "../../../test/fixtures/a-migration.ts";
import { MINUTE_MS, migrationOf } from "../../detection/one-rule.ts";
import type { DirtyCase, DirtyKind } from "../case.ts";

const DOCUMENT: Migration = {
  ...migrationOf([aRule({ signal: "error", reference: "none" })], 0.2),
  baseline: { model: "gpt-4o", provider: null, prompt: null },
  candidate: { model: "claude-sonnet-4", provider: null, prompt: null },
};

/** What a call asked for, and what answered. */
type Call = readonly [asked: string, answered: string];

const key = ([requestModel, responseModel]: Call): string =>
  identityKey({ provider: "", requestModel, responseModel, promptName: "", promptVersion: "" });

/** An hour of 20 canary and 80 baseline calls a minute without an error; some of an arm's come from elsewhere. */
const hourOf = (arm: "canary" | "baseline", others: number, call: Call): string => {
  const engine = createEngine(DOCUMENT);
  const sizes = { canary: 20, baseline: 80 };
  const own: Record<typeof arm, Call> = {
    canary: ["claude-sonnet-4", "claude-sonnet-4-20250514"],
    baseline: ["gpt-4o", "gpt-4o-2024-08-06"],
  };
  let said = "";
  for (let minute = 0; minute < 60; minute++) {
    const arms = (["canary", "baseline"] as const).map((cohort) => {
      const other = cohort === arm ? others : 0;
      return {
        cohort,
        n: sizes[cohort],
        carried: { [key(own[cohort])]: sizes[cohort] - other, ...(other > 0 ? { [key(call)]: other } : {}) },
      };
    });
    const tick = {
      ...{ migration: "dirty", from: minute * MINUTE_MS, to: (minute + 1) * MINUTE_MS, stage: 0, share: 0.2 },
      calls: arms.map(({ cohort, n }) => ({ cohort, segment: "", calls: n })),
      samples: arms.map(({ cohort, n }) => ({ signal: "error" as const, cohort, segment: "", n, sum: 0, bins: {} })),
      intake: { carried: Object.fromEntries(arms.map(({ cohort, carried }) => [cohort, carried])) },
    };
    const { verdicts, doubts = [] } = engine.step(tick, "outcome");
    said = doubts[0] === undefined ? (verdicts[0]?.outcome ?? "") : `doubt: ${doubts[0].detail}`;
  }
  return said;
};

const doubted = (input: string, arm: "canary" | "baseline", others: number, call: Call): DirtyCase => ({
  input,
  right: "a doubt that names what answers",
  before: "clear",
  measure: () => hourOf(arm, others, call),
  isRight: (said) => said.startsWith("doubt: ") && said.includes(call[1]),
});

const sound = (input: string, others: number, call: Call): DirtyCase => ({
  input,
  right: "clear",
  before: "clear",
  measure: () => hourOf("canary", others, call),
  isRight: (said) => said === "clear",
});

/** Calls of an arm that do not come from what the document names for it: gpt-4o to claude-sonnet-4. */
export const otherConfiguration: DirtyKind = {
  kind: "a candidate that never ran",
  cases: [
    doubted("every canary call asks for and gets the baseline's model", "canary", 20, ["gpt-4o", "gpt-4o-2024-08-06"]),
    doubted("a tenth of them does", "canary", 2, ["gpt-4o", "gpt-4o-2024-08-06"]),
    doubted("a gateway answers with the baseline's model", "canary", 20, ["claude-sonnet-4", "gpt-4o-2024-08-06"]),
    doubted("a gateway answers with a smaller one", "canary", 20, ["claude-sonnet-4", "claude-haiku-4-20250514"]),
    doubted("a tenth of the baseline's users gets the candidate", "baseline", 8, [
      "claude-sonnet-4",
      "claude-sonnet-4-20250514",
    ]),
    sound("it is asked for through a router", 20, [
      "anthropic/claude-sonnet-4",
      "us.anthropic.claude-sonnet-4-20250514-v1:0",
    ]),
    sound("it is asked for by a deployment's name", 20, ["prod-chat", "claude-sonnet-4-20250514"]),
    sound("it answers under a deployment's name", 20, ["claude-sonnet-4", "deployment-7f3a"]),
    sound("calls do not say what they come from", 20, ["", ""]),
  ],
};
