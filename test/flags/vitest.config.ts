import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  test: { include: ["test/flags/**/*.contract.ts"], testTimeout: 120_000, hookTimeout: 240_000 },
});
export default config;
