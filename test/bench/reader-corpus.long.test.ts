// @module-tag soak
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { runProcess } from "../package/run-process.ts";

const ENTRY = fileURLToPath(new URL("../../bench/reader-corpus/run.ts", import.meta.url));

it("a reader that tries a sample of everything the engine has touches no file, variable or machine", async () => {
  const { code, stdout } = await runProcess(process.execPath, [ENTRY, "--short"], {
    cwd: process.cwd(),
    timeoutMs: 170_000,
  });
  expect(stdout).toContain("no canary was touched");
  expect(stdout).not.toContain("HARM");
  expect(code).toBe(0);
}, 180_000);
