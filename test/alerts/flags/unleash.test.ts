import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { flagTargetSchema } from "../../../alerts/flags/create-flag-target.ts";
import type { RoutedFlag } from "../../../alerts/flags/flag-target.ts";
import { createUnleashTarget } from "../../../alerts/flags/unleash.ts";
import {
  type DoubleFeature,
  type DoubleStrategy,
  startUnleashDouble,
  UNLEASH_TOKEN,
  type UnleashDouble,
} from "../../doubles/flags/unleash-double.ts";
import { BUSY_MS } from "../../doubles/flags/vendor-double.ts";
import { aFeature, aRollout, aVariant, VALUES } from "./unleash-flags.ts";

const ENTRY = { type: "unleash", url: "http://127.0.0.1:4242", token: "t", environment: "production" } as const;
const BASELINE_FOR_ALL = aRollout({ id: "all", sortOrder: 5, name: "default", variants: [aVariant("baseline")] });

let double: UnleashDouble;
let flag: RoutedFlag;
beforeAll(async () => {
  double = await startUnleashDouble();
  const entry = { ...ENTRY, name: "prod", url: double.url, token: UNLEASH_TOKEN, project: "default" };
  const target = createUnleashTarget(entry, { now: Date.now, timeoutMs: BUSY_MS });
  flag = target.bind({ flag: "model", target: "prod" }, VALUES);
});
beforeEach(() => {
  double.behave("work");
  double.permit([{ permission: "ADMIN" }]);
  double.features.clear();
});
afterAll(() => double.close());

/** The flag of a team, switched on. */
const serving = (strategies: readonly DoubleStrategy[], change: (feature: DoubleFeature) => void = () => undefined) => {
  const feature = aFeature(strategies);
  if (feature.environments.production !== undefined) feature.environments.production.enabled = true;
  change(feature);
  double.features.set("model", feature);
  return feature;
};
const at = (rollout: string, more: Partial<DoubleStrategy> = {}): DoubleStrategy =>
  aRollout({ ...more, parameters: { rollout, stickiness: "default", groupId: "model" } });

describe("an Unleash flag whose share is not known", () => {
  const layouts: [string, readonly DoubleStrategy[], string, ((feature: DoubleFeature) => void) | null][] = [
    [
      "two strategies serve the candidate",
      [at("5"), at("7", { id: "b", title: "testers", sortOrder: 1 })],
      '"candidate" and "testers" can both',
      null,
    ],
    ["none serves it", [BASELINE_FOR_ALL], 'no strategy of environment "production" serves the candidate', null],
    ["none is in force", [at("5", { disabled: true })], "no strategy of environment", null],
    ["constraints", [at("5", { constraints: [{ contextName: "region" }] })], "constraints or segments", null],
    ["a segment", [at("5", { segments: [3] })], "constraints or segments", null],
    ["a strategy before it takes users away", [{ ...BASELINE_FOR_ALL, sortOrder: -2 }, at("5")], "comes before", null],
    ["a strategy without a percentage", [at("5", { name: "userWithId" })], "which has no percentage", null],
    ["a later strategy without variants", [at("5"), { ...BASELINE_FOR_ALL, variants: [] }], "what strategy", null],
    ["a rollout that is no number", [at("x")], "is no number", null],
    ["a rollout that is missing", [aRollout({ parameters: {} })], "is no number", null],
    ["variants without weight", [at("5", { variants: [aVariant("canary", { weight: 0 })] })], "what strategy", null],
    [
      "a parent",
      [at("5")],
      'depends on flag "llm"',
      (f) => f.dependencies.push({ feature: "llm", enabled: true, variants: [] }),
    ],
  ];

  it.each(layouts)("is not claimed, nor set, and goes off all the same: %s", async (_name, strategies, why, change) => {
    serving(strategies, change ?? undefined);
    expect(await flag.read()).toMatchObject({
      outcome: "failed",
      why: "permanent",
      detail: expect.stringContaining(why),
    });
    expect(await flag.inspect()).toMatchObject({ outcome: "failed", detail: expect.stringContaining(why) });
    expect(await flag.setShare(0.3, null)).toMatchObject({
      outcome: "failed",
      why: "permanent",
      detail: expect.stringContaining(why),
    });
    const before = structuredClone(double.features.get("model"));
    expect(await flag.setShare(0, null)).toMatchObject({ outcome: "written", state: { share: 0, enabled: false } });
    expect(await flag.read()).toMatchObject({ share: 0 });
    expect(await flag.inspect()).toMatchObject({ state: { share: 0 }, problems: [expect.stringContaining(why)] });
    if (before?.environments.production !== undefined) before.environments.production.enabled = false;
    expect(double.features.get("model")).toEqual(before);
  });
});

describe("an Unleash flag whose share is known", () => {
  it.each<[string, readonly DoubleStrategy[], number]>([
    ["the rest gets no variant at all", [at("5")], 0.05],
    ["the rest gets the baseline by name", [at("5"), BASELINE_FOR_ALL], 0.05],
    [
      "a half of the rollout",
      [at("10", { variants: [aVariant("canary", { weight: 500 }), aVariant("baseline", { weight: 500 })] })],
      0.05,
    ],
    ["a fraction, of which the whole counts", [at("5.9")], 0.05],
    ["more than everybody", [at("250")], 1],
    ["a switch without variants", [at("5", { variants: [] })], 0.05],
  ])("%s", async (_name, strategies, share) => {
    serving(strategies);
    expect(await flag.read()).toMatchObject({ share, enabled: true });
  });

  it("takes the variants of the flag where a strategy has none, but for chosen users", async () => {
    const feature = serving([at("20", { variants: [] })], ({ environments: { production } }) =>
      production?.variants.push(aVariant("canary", { weight: 250 }), aVariant("baseline", { weight: 750 })),
    );
    expect(await flag.read()).toMatchObject({ share: 0.05 });
    const chosen = aVariant("canary", { weight: 250, overrides: [{ contextName: "userId", values: ["1"] }] });
    feature.environments.production?.variants.splice(0, 1, chosen);
    expect(await flag.read()).toMatchObject({ outcome: "failed", detail: expect.stringContaining("overrides") });
  });

  it("sets the rollout so that the candidate's part is the share, where whole percents can do it", async () => {
    const half = [aVariant("canary", { weight: 500 }), aVariant("baseline", { weight: 500 })];
    serving([at("10", { variants: half })]);
    expect(await flag.setShare(0.25, null)).toMatchObject({ outcome: "written", state: { share: 0.25 } });
    const detail = expect.stringContaining("whole percents of 50%");
    expect(await flag.setShare(0.6, null)).toMatchObject({ outcome: "failed", why: "permanent", detail });
    expect(await flag.read()).toMatchObject({ share: 0.25 });
  });
});

describe("switching an Unleash flag off", () => {
  it("needs no look at it: Unleash answers no reads", async () => {
    serving([at("50")]);
    double.behave(({ method }) => (method === "GET" ? { status: 500 } : null));
    expect(await flag.setShare(0, null)).toMatchObject({
      outcome: "failed",
      why: "transient",
      detail: expect.stringContaining("written, but it could not be read back"),
    });
    expect(double.features.get("model")?.environments.production?.enabled).toBe(false);
  });
});

describe("a share of an Unleash flag", () => {
  it("is a patch of one parameter that also tests what it was decided on; a strategy is never replaced", async () => {
    serving([at("5")]);
    const from = double.requests.length;
    await flag.setShare(0.25, null);
    const [write, ...others] = double.requests.slice(from).filter(({ method }) => method !== "GET");
    expect(others).toEqual([]);
    expect(write).toMatchObject({
      method: "PATCH",
      path: expect.stringMatching(/\/environments\/production\/strategies\/canary-strategy$/),
    });
    expect(write?.body).toEqual([
      { op: "test", path: "/parameters/rollout", value: "5" },
      { op: "test", path: "/variants", value: [aVariant("canary")] },
      { op: "test", path: "/constraints", value: [] },
      { op: "replace", path: "/parameters/rollout", value: "25" },
    ]);
  });

  it("is not set when the variants were changed right before it", async () => {
    const feature = serving([at("5")]);
    double.beforeWrite(() => feature.environments.production?.strategies[0]?.variants.push(aVariant("baseline")));
    expect(await flag.setShare(0.25, null)).toMatchObject({ outcome: "failed", why: "conflict" });
  });

  it("is left to an audience by the same patch, where nobody else wrote constraints", async () => {
    const audience = { segment: "tier", values: ["internal"] };
    const feature = serving([at("5")]);
    const from = double.requests.length;
    expect(await flag.setShare(0.05, null, false, audience)).toMatchObject({ outcome: "written", state: { audience } });
    const writes = double.requests.slice(from).filter(({ method }) => method !== "GET");
    expect(writes.map(({ body }) => (body as readonly object[]).at(-1))).toEqual([
      {
        ...{ op: "replace", path: "/constraints" },
        value: [
          expect.objectContaining({ contextName: "tier", operator: "IN", values: ["internal"] }),
          expect.objectContaining({ contextName: "leeway", operator: "NOT_IN" }),
        ],
      },
    ]);
    // A person adds one of their own, first seen and then in between.
    const theirs = { contextName: "region", operator: "IN", values: ["eu"] };
    const constraints = (): object[] => feature.environments.production?.strategies[0]?.constraints ?? [];
    const before = structuredClone(constraints());
    double.beforeWrite(() => constraints().push(theirs));
    expect(await flag.setShare(0.25, null, false, null)).toMatchObject({ outcome: "failed", why: "conflict" });
    expect(await flag.read()).toMatchObject({ outcome: "failed", why: "permanent" });
    expect(await flag.setShare(0.25, null, false, null)).toMatchObject({ outcome: "failed", why: "permanent" });
    expect(constraints()).toEqual([...before, theirs]);
    expect(await flag.setShare(0, null)).toMatchObject({ outcome: "written", state: { share: 0 } });
    expect(constraints()).toEqual([...before, theirs]);
  });

  it("is not set for values that Unleash would not find", async () => {
    serving([at("5")]);
    const writes = double.requests.length;
    expect(await flag.setShare(0.25, null, false, { segment: "tier", values: [" x"] })).toMatchObject({
      why: "permanent",
    });
    expect(double.requests.length).toBe(writes);
  });

  it("leaves the flag off when its strategy cannot be written", async () => {
    double.features.set("model", aFeature([at("5")]));
    double.behave(({ method }) => (method === "PATCH" ? { status: 500 } : null));
    expect(await flag.setShare(0.25, null)).toMatchObject({ outcome: "failed", why: "transient" });
    expect(await flag.read()).toMatchObject({ share: 0 });
  });
});

describe("what an Unleash token may do", () => {
  const both = ["UPDATE_FEATURE_ENVIRONMENT", "UPDATE_FEATURE_STRATEGY"];
  it.each<[string, readonly { permission: string; project?: string; environment?: string }[], boolean]>([
    ["an administrator", [{ permission: "ADMIN" }], true],
    [
      "both rights here",
      both.map((permission) => ({ permission, project: "default", environment: "production" })),
      true,
    ],
    [
      "both rights elsewhere",
      both.map((permission) => ({ permission, project: "default", environment: "staging" })),
      false,
    ],
    ["one right", [{ permission: "UPDATE_FEATURE_ENVIRONMENT", project: "*", environment: "production" }], false],
    ["nothing", [], false],
  ])("%s", async (_name, permissions, mayWrite) => {
    serving([at("5")]);
    double.permit(permissions);
    expect(await flag.inspect()).toMatchObject({ mayWrite });
  });

  it("is unknown where Unleash does not tell", async () => {
    serving([at("5")]);
    double.behave(({ path }) => (path === "/api/admin/user" ? { status: 404 } : null));
    expect(await flag.inspect()).toMatchObject({ mayWrite: null, state: { share: 0.05 } });
  });

  it("comes with what people know the flag by", async () => {
    serving([at("5"), BASELINE_FOR_ALL]);
    expect(await flag.inspect()).toMatchObject({
      facts: [
        ["Project", "default"],
        ["Environment", "production, on"],
        ["Strategy", '"candidate", rollout 5%'],
        ["Sticky by", "default"],
      ],
      variants: [
        { arm: "baseline", name: "baseline", value: VALUES.baseline },
        { arm: "canary", name: "canary", value: VALUES.canary },
      ],
    });
  });
});

describe("the configuration of an Unleash target", () => {
  it("has a default for the project, and passes on how long a flip takes", () => {
    expect(flagTargetSchema().parse({ ...ENTRY, url: "https://unleash.example/" })).toEqual({
      ...ENTRY,
      url: "https://unleash.example",
      project: "default",
    });
    const config = { ...ENTRY, name: "prod", project: "default", propagation: 3_000 };
    const bound = createUnleashTarget(config, { now: Date.now }).bind({ flag: "x", target: "prod" }, VALUES);
    expect(bound.capabilities.propagationMs).toBe(3_000);
  });

  it.each([
    [{ token: "s3cret\nx" }, "token"],
    [{ token: "" }, "token"],
    [{ url: "ftp://s3cret" }, "url"],
    [{ url: "http://user:s3cret@host" }, "url"],
    [{ environment: undefined }, "environment"],
    [{ environment: "../s3cret" }, "environment"],
    [{ propagation: "soon" }, "propagation"],
    [{ propagation: "2d" }, "propagation"],
    [{ strategy: "x" }, ""],
  ])("refuses %j without repeating it", (change, path) => {
    const { error } = flagTargetSchema().safeParse({ ...ENTRY, ...change });
    expect(error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
    expect(JSON.stringify(error?.issues)).not.toContain("s3cret");
  });
});
