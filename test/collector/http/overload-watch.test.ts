import { expect, test } from "vitest";
import { createOverloadWatch } from "../../../collector/http/overload-watch.ts";

const watchOn = () => {
  const clock = { ms: 1_000 };
  return { clock, watch: createOverloadWatch(() => clock.ms) };
};

test("knows of no overload before the first refusal", () => {
  expect(watchOn().watch.stats()).toEqual({ overloadedForMs: null, refusedInSpell: 0 });
});

test("counts a spell from its first refusal on, over short silences", () => {
  const { clock, watch } = watchOn();
  for (let n = 0; n < 4; n += 1) {
    watch.refused();
    clock.ms += 9_000;
  }
  expect(watch.stats()).toEqual({ overloadedForMs: 36_000, refusedInSpell: 4 });
});

test("is over when nobody was refused for ten seconds, and the next one begins anew", () => {
  const { clock, watch } = watchOn();
  watch.refused();
  clock.ms += 10_001;
  expect(watch.stats()).toEqual({ overloadedForMs: null, refusedInSpell: 0 });
  watch.refused();
  clock.ms += 5;
  expect(watch.stats()).toEqual({ overloadedForMs: 5, refusedInSpell: 1 });
});
