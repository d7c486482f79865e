import { expect, it } from "vitest";
import { findLifeIn } from "../../../agent/models/find-life.ts";
import { modelsInUse } from "../../../agent/models/models-in-use.ts";
import type { SeenModel } from "../../../store/models-seen.ts";
import { aMigration } from "../../fixtures/a-migration.ts";

const NOW = Date.parse("2026-12-01T00:00:00Z");
const lives = (days: Readonly<Record<string, string | null>>) =>
  findLifeIn({
    name: "models.yaml",
    table: new Map(
      Object.entries(days).map(([model, retires]) => [
        model,
        { retires, notBefore: null, announced: null, source: "", seen: null },
      ]),
    ),
  });
const find = lives({ old: "2026-12-11", "old-2": "2026-12-03", new: null });
const seen = (model: string, more: Partial<SeenModel> = {}): SeenModel => ({
  ...{ model, provider: "", answeredAs: [], migrations: [], calls: 1, newest: NOW, ...more },
});
const arm = (model: string) => ({ model, provider: null, prompt: null });
const migration = aMigration({ name: "m", baseline: arm("old"), candidate: arm("new") });

it("has the models of calls and of documents once each, the next to be retired first", () => {
  const all = modelsInUse([seen("old", { calls: 7 }), seen("other")], [migration], find, NOW);
  expect(all.map(({ model, daysLeft, calls, documents }) => [model, daysLeft, calls, documents])).toEqual([
    ["old", 10, 7, ["m: baseline"]],
    ["other", null, 1, []],
    ["new", null, 0, ["m: candidate"]],
  ]);
});

it("goes by the build that answers where the name that was asked for has no day, and by the earlier of two", () => {
  expect(modelsInUse([seen("alias", { answeredAs: ["old"] })], [], find, NOW)[0]?.daysLeft).toBe(10);
  expect(modelsInUse([seen("old", { answeredAs: ["old-2"] })], [], find, NOW)[0]?.daysLeft).toBe(2);
});

it("knows no number of calls where the spans were not read: that is not none", () => {
  expect(modelsInUse(null, [migration], find, NOW).map(({ calls }) => calls)).toEqual([null, null]);
});

it("takes a provider that nobody wrote down for any, and two that differ for two", () => {
  const there = { ...migration, baseline: { ...arm("old"), provider: "azure" } };
  const all = modelsInUse([seen("old", { provider: "openai" })], [there], find, NOW);
  expect(all.filter(({ model }) => model === "old").map(({ provider, documents }) => [provider, documents])).toEqual([
    ["openai", []],
    ["azure", ["m: baseline"]],
  ]);
});
