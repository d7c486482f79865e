import { defineConfig } from "vitest/config";
import { LONG, NEVER, SHARED } from "./vitest.config.ts";

export default defineConfig({ test: { ...SHARED, include: LONG, exclude: NEVER } });
