import { identityKey } from "../../../core/call-identity.ts";
import type { Migration } from "../../../core/migration.ts";
import type { Tick } from "../../../core/sample.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { aRule } from "../../../test/fixtures/a-migration.ts";
import { MINUTE_MS, migrationOf } from "../../detection/one-rule.ts";
import type { DirtyCase, DirtyKind } from "../case.ts";

const PROMPT = { name: "checkout", version: "3" };
const DOCUMENT: Migration = {
  ...migrationOf([aRule({ signal: "error", reference: "none" })], 0.2),
  baseline: { model: "gpt-4o", provider: null, prompt: PROMPT },
  candidate: { model: "gpt-5", provider: null, prompt: PROMPT },
  match: { service: "shop", operation: "chat" },
};
const ARMS = [
  ["canary", 20],
  ["baseline", 80],
] as const;

type Carried = Readonly<Record<string, number>>;

const key = (model: string, version: string, promptName = "checkout"): string =>
  identityKey({ provider: "", requestModel: model, responseModel: model, promptName, promptVersion: version });

/** An hour of 100 calls a minute without an error, and `astray` beside them that belong to no arm; `before` the start, too. */
const hourWith = (astray: Carried, before: Carried = {}): string => {
  const engine = createEngine(DOCUMENT);
  const tick = (minute: number, carried: Carried, own: number): Tick => ({
    ...{ migration: "dirty", from: minute * MINUTE_MS, to: (minute + 1) * MINUTE_MS, stage: 0, share: 0.2 },
    calls: ARMS.map(([cohort, calls]) => ({ cohort, segment: "", calls })),
    samples: ARMS.map(([cohort, n]) => ({ signal: "error" as const, cohort, segment: "", n, sum: 0, bins: {} })),
    intake: { unassigned: { calls: Object.values(carried).reduce((a, b) => a + b, 0), own, carried } },
  });
  engine.learn(tick(-1, before, 0));
  let said = "";
  for (let minute = 0; minute < 60; minute++) {
    const { verdicts, doubts = [] } = engine.step(tick(minute, astray, 100), "outcome");
    said = doubts[0] === undefined ? (verdicts[0]?.outcome ?? "") : `doubt: ${doubts[0].detail}`;
  }
  return said;
};

const doubted = (input: string, astray: Carried, names: string): DirtyCase => ({
  input,
  right: "a doubt that names what they carry",
  before: "clear",
  measure: () => hourWith(astray),
  isRight: (said) => said.startsWith("doubt: ") && said.includes(names),
});

const CLASSIFIER = { [key("gpt-4o-mini", "", "")]: 50 };

const sound = (input: string, astray: Carried, before: Carried = {}): DirtyCase => ({
  input,
  right: "clear",
  before: "clear",
  measure: () => hourWith(astray, before),
  isRight: (said) => said === "clear",
});

/** Calls of the service that fit neither arm of gpt-4o to gpt-5, checkout@3. */
export const callsOfNoArm: DirtyKind = {
  kind: "calls that fit no arm",
  cases: [
    doubted("the prompt is edited in both arms", { [key("gpt-4o", "4")]: 40, [key("gpt-5", "4")]: 10 }, "checkout@4"),
    doubted("the model is renamed under way", { [key("gpt-4.1", "3")]: 80 }, "gpt-4.1"),
    doubted("a tenth of the calls", { [key("gpt-4.1", "3")]: 11 }, "gpt-4.1"),
    sound("one in a hundred", { [key("gpt-4.1", "3")]: 1 }),
    sound("another prompt of the service", { [key("gpt-4o", "9", "search")]: 50 }),
    sound("a classifier that the service had before", CLASSIFIER, CLASSIFIER),
  ],
};
