// @module-tag soak
import { expect, test } from "vitest";
import { isBreached, WORLDS } from "../../bench/detection/users/lasting-users.ts";

// A few seeds and days of `npm run bench:detection -- --only=users`.
const SEEDS = [1, 2, 3];

test("equal arms of 400 users with habits that stay are never told apart, as they are where likeness is left out", () => {
  const world = WORLDS.find(({ name }) => name === "lasting habits of 400 users, canary 25%");
  if (world === undefined) throw new Error("no such world");
  expect(SEEDS.filter((seed) => isBreached(world, seed, false, 4))).not.toEqual([]);
  expect(SEEDS.filter((seed) => isBreached(world, seed, true, 4))).toEqual([]);
});
