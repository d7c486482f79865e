import { fileURLToPath } from "node:url";
import { defineConfig, type ViteUserConfig } from "vitest/config";

type TestSettings = NonNullable<ViteUserConfig["test"]>;

/** What `npm run test:long` runs: whole processes, stories of minutes, simulations, and matrices of bad days. */
export const LONG: string[] = [
  "test/e2e/**/*.test.ts",
  "test/regressions/**/*.test.ts",
  "test/statistical/**/*.test.ts",
  "test/**/*.long.test.ts",
];

/** What `npm run test:soak` runs: whole tables and ramps of simulations, of which the long ones hold a few rows, and a runner's bad days. */
export const SOAK: string[] = ["test/**/*.soak.test.ts"];

/** What `npm run test:soak` runs as well: tests among the long ones that another of their kind stands for in CI. */
const SOAK_TAG = { name: "soak", description: "more of a kind of which CI runs one: npm run test:soak" };

/** What is never a test of vitest's. */
export const NEVER: string[] = ["test/peers/**", "**/node_modules/**"];

/** What both runs share. */
export const SHARED: TestSettings = {
  pool: "forks",
  maxWorkers: 2,
  tags: [SOAK_TAG],
  testTimeout: 240_000,
  hookTimeout: 240_000,
  // a machine that is busy is no failure
  expect: { poll: { timeout: 60_000 } },
  // hundreds of tests start the command line or an app of their own from the sources: read once, not each time
  env: { NODE_COMPILE_CACHE: fileURLToPath(new URL("node_modules/.cache/node-compile", import.meta.url)) },
};

export default defineConfig({
  test: { ...SHARED, include: ["test/**/*.test.ts"], exclude: [...NEVER, ...LONG, ...SOAK] },
});
