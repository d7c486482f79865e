import { defineConfig } from "vitest/config";
import { LONG, NEVER, SHARED, SOAK } from "./vitest.config.ts";

// Three on two cores: half of these tests wait for processes and clocks.
export default defineConfig({ test: { ...SHARED, maxWorkers: 3, include: LONG, exclude: [...NEVER, ...SOAK] } });
