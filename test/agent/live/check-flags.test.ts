import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { loadConfig } from "../../../agent/config/load-config.ts";
import { checkFlags } from "../../../agent/live/check-flags.ts";
import type { FlagReport, RoutedFlag } from "../../../alerts/flags/flag-target.ts";
import type { FlagTargetType } from "../../../alerts/flags/flag-target-type.ts";
import { LeewayError } from "../../../core/errors.ts";
import { ANY_CAPABILITIES, type FickleFlagTarget, fickleFlagTarget } from "../../doubles/fickle-flag-target.ts";
import { recordingLog } from "../../store/recording-log.ts";
import { documentText } from "../config/documents.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const SECRET = "tok_4711";

/** A flag system of the test: each flag is what `flags` says. */
const typeOf = (flags: Readonly<Record<string, Partial<RoutedFlag>>>): FlagTargetType => ({
  type: "fickle",
  formerTypes: [],
  files: [],
  capabilities: ANY_CAPABILITIES,
  schema: z.strictObject({ type: z.literal("fickle") }),
  create: (name) => ({
    name,
    bind: (route) => ({ ...fickleFlagTarget(), ...flags[route.flag], ...route }),
    problem: () => "",
    close: async () => undefined,
  }),
});

const VARIANTS: FlagReport["variants"] = [
  { arm: "baseline", name: "off", value: "old" },
  { arm: "canary", name: "on", value: "new" },
];

const report = (fields: Partial<FlagReport> = {}): Partial<RoutedFlag> => ({
  inspect: async () => ({
    state: { flag: "x", share: 0, enabled: false, revision: "r1" },
    variants: VARIANTS,
    mayWrite: true,
    mayWriteBecause: "the token may update it",
    facts: [],
    problems: [],
    ...fields,
  }),
});

const inMood = (mood: Parameters<FickleFlagTarget["behave"]>[0]): Partial<RoutedFlag> => {
  const target = fickleFlagTarget();
  target.behave(mood);
  return target;
};

/** The line of each flag, one migration each. */
const check = async (flags: Readonly<Record<string, Partial<RoutedFlag>>>, change: Partial<FlagTargetType> = {}) => {
  const folder = temporaryDirectory({ "leeway.yaml": "{}" });
  const { settings } = loadConfig(join(folder, "leeway.yaml"), {});
  const documents = temporaryDirectory({
    "leeway.yaml":
      "flags: { prod: { type: webhook, url: 'http://h/', secret: whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz } }",
    ...Object.fromEntries(
      Object.keys(flags).map((flag) => [
        `migrations/${flag}.yaml`,
        documentText({ migration: `migration: of-${flag}`, route: `route: { flag: ${flag}, target: prod }` }),
      ]),
    ),
  });
  const { migrations } = loadConfig(join(documents, "leeway.yaml"), {});
  const config = { migrations, settings: { ...settings, flags: { prod: { type: "fickle" } } } };
  const types = [{ ...typeOf(flags), ...change }];
  return checkFlags(config, { ...recordingLog(), now: Date.now, types, patienceMs: 100 });
};

describe("a flag that is asked live", () => {
  it("is ok where all that a migration will need is there, and says what the first stage would change", async () => {
    const capabilities = { ...ANY_CAPABILITIES, propagationMs: 15_000 };
    expect(await check({ model: { ...report(), capabilities } })).toEqual([
      {
        place: "flags.prod, flag model of of-model",
        state: "ok",
        text: "serves 0% (off), the first stage would set 5%; baseline is off = old, canary is on = new; may be written: the token may update it; apps see it within 15 s",
      },
    ]);
  });

  const serving = (share: number) => ({ state: { flag: "x", share, enabled: true, revision: "r1" } });
  it.each<[string, Partial<RoutedFlag>, string, RegExp]>([
    ["serves the first stage already", report(serving(0.05)), "ok", /serves 5% \(on\), as the first stage wants it/],
    ["cannot be read", inMood("fail"), "wrong", /^cannot be read \(transient\): the flag system is down$/],
    ["never answers", inMood("hang"), "wrong", /^cannot be read \(transient\): .+ no answer within 100 ms$/],
    [
      "may not be written",
      report({ mayWrite: false, mayWriteBecause: "reader" }),
      "wrong",
      /MAY NOT BE WRITTEN: reader/,
    ],
    ["does not say", report({ mayWrite: null, mayWriteBecause: "no such API" }), "unknown", /not known: no such API/],
    ["has no variant of the candidate", report({ variants: [] }), "unknown", /no variant for the canary \(new\)/],
    ["does not fit", report({ problems: ["the flag is archived"] }), "wrong", /^the flag is archived; serves 0%/],
    [
      "knows on and off alone",
      { ...report(), capabilities: { ...ANY_CAPABILITIES, shareStep: 1 } },
      "wrong",
      /^stages\[0\]\.canary: 5% cannot be served by flags\.prod/,
    ],
    ["has a bug", { inspect: () => Promise.reject(new Error(SECRET)) }, "wrong", /failed unexpectedly$/],
  ])("that %s", async (_what, flag, state, text) => {
    const [line] = await check({ model: flag });
    expect(line).toMatchObject({ state, text: expect.stringMatching(text) });
    expect(line?.text).not.toContain(SECRET);
  });

  it("delays no other by hanging", async () => {
    const lines = await check({ a: inMood("hang"), b: report(), c: inMood("hang") });
    expect(lines.map(({ state }) => state)).toEqual(["wrong", "ok", "wrong"]);
  });
});

describe("a flag system", () => {
  it.each([
    [
      "that cannot be opened says why",
      new LeewayError("flag-target", "flags.json: damaged; delete it"),
      /damaged; delete it$/,
    ],
    ["that has a bug says nothing it should not", new Error(SECRET), /the adapter failed unexpectedly$/],
  ])("%s", async (_what, error, expected) => {
    const create = () => {
      throw error;
    };
    const found = await check({ model: {} }, { create });
    expect(found).toEqual([{ place: "flags.prod", state: "wrong", text: expect.stringMatching(expected) }]);
  });

  it("that no migration needs is not opened", async () => {
    expect(await check({}, { create: () => Promise.reject(new Error("opened")) as never })).toEqual([
      { place: "flags.prod", state: "unused", text: expect.stringMatching(/not asked/) },
    ]);
  });
});
