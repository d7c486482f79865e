import { defineConfig } from "vitest/config";
import { NEVER, SHARED, SOAK } from "./vitest.config.ts";

export default defineConfig({ test: { ...SHARED, include: SOAK, exclude: NEVER } });
