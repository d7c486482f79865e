import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { onModuleLoad } from "../../../instrumentation/bedrock/on-module-load.ts";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "leeway-load-"));
  for (const name of ["wanted-package", "other-package"]) {
    mkdirSync(join(dir, "node_modules", name), { recursive: true });
    writeFileSync(join(dir, "node_modules", name, "index.js"), `exports.name = ${JSON.stringify(name)};`);
  }
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it("tells of the packages it is asked about and hands out the exports the app gets", () => {
  const loaded: unknown[] = [];
  onModuleLoad("wanted-package", (exports) => loaded.push(exports));
  const require = createRequire(pathToFileURL(join(dir, "app.js")));
  require("other-package");
  expect(loaded).toEqual([]);
  const exports = require("wanted-package");
  expect(loaded).toEqual([{ name: "wanted-package" }]);
  expect(loaded[0]).toBe(exports);
  expect(() => require("missing-wanted-package")).toThrow(/Cannot find module/);
});
