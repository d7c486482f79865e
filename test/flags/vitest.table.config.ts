import { fileURLToPath } from "node:url";
import { defineConfig, type ViteUserConfig } from "vitest/config";

/** Every contract test gives its target to the table instead of to the contract. */
const config: ViteUserConfig = defineConfig({
  resolve: {
    alias: [
      { find: /^.*\/flag-contract\.ts$/, replacement: fileURLToPath(new URL("table-contract.ts", import.meta.url)) },
    ],
  },
  test: {
    include: ["test/alerts/flags/*.test.ts"],
    testNamePattern: "is measured",
    maxWorkers: 1,
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
export default config;
