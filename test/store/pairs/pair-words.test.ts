import { afterAll, beforeAll, expect, it } from "vitest";
import type { JudgedPair } from "../../../store/pairs/judged-pair.ts";
import { T0 } from "../a-span.ts";
import { freshMigration } from "../fresh-migration.ts";
import { openTestStore, type TestStore } from "../test-store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

const word = (fields: Partial<JudgedPair>): JudgedPair => ({
  ...{ migration: "m", pairId: "a".repeat(32), receivedMs: T0, segment: "", word: "neutral", rule: "equal" },
  ...{ cluster: "", judgedMs: T0 + 60_000 },
  ...fields,
});

const byPlace = (a: JudgedPair, b: JudgedPair): number =>
  a.receivedMs - b.receivedMs || (a.pairId + a.segment < b.pairId + b.segment ? -1 : 1);

const read = async (migration: string, fromMs = T0, untilMs = T0): Promise<readonly JudgedPair[]> =>
  (await test.store().pairWords({ migration, fromMs, untilMs })).toSorted(byPlace);

it("come back as they went in, of the pairs that came in then", async () => {
  const migration = freshMigration();
  const rows = [
    word({ migration, segment: `input "type"=it's\n🏳️‍🌈 \\`, cluster: "0123456789ab" }),
    word({ migration }),
    word({ migration, pairId: "b".repeat(32), receivedMs: T0 + 5, rule: "fact-against", word: "regression" }),
  ];
  await test.store().insertPairWords(rows);
  expect(await read(migration, T0, T0 + 5)).toEqual(rows.toSorted(byPlace));
  expect(await read(migration)).toHaveLength(2);
  expect(await read(freshMigration())).toEqual([]);
});

it("are the ones that were judged last, and the same ones twice are there once", async () => {
  const migration = freshMigration();
  const [first, later] = [
    word({ migration, word: "undecided", rule: "nothing" }),
    word({ migration, judgedMs: T0 + 90_000, word: "improvement", rule: "override" }),
  ];
  await test.store().insertPairWords([later]);
  await test.store().insertPairWords([first]);
  await test.store().insertPairWords([first]);
  expect(await read(migration)).toEqual([later]);
  const [{ n } = { n: 0 }] = await test
    .store()
    .query<{ n: number }>("SELECT count() AS n FROM llm_pair_words WHERE migration = {migration:String}", {
      migration,
    });
  expect(n).toBe(2);
});

it("are nothing where nothing is to be written", async () => {
  await expect(test.store().insertPairWords([])).resolves.toBeUndefined();
});
