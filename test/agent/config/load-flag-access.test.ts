import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadFlagAccess } from "../../../agent/config/load-flag-access.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { documentText } from "./documents.ts";

const SETTINGS = `
store: { url: "http://db:8123", password: "\${env:STORE_PASSWORD}" }
alerts: [{ type: slack, url: "\${env:SLACK_URL}" }]
flags:
  mine: { type: builtin, file: here/flags.json }
  broken: { type: nonsense, token: "\${env:OTHER_TOKEN}" }
`;
const folderWith = (settings: string, target: string): string =>
  join(
    temporaryDirectory({
      "leeway.yaml": settings,
      "migrations/m.yaml": documentText({ route: `route: { flag: model, target: ${target} }` }),
      "migrations/other.yaml": "migration: other",
    }),
    "leeway.yaml",
  );

describe("what asks a flag system without an agent", () => {
  it("needs no secret but that flag system's", () => {
    const path = folderWith(SETTINGS, "mine");
    const { migration, target } = loadFlagAccess(path, {}, "m");
    expect(migration.name).toBe("m");
    expect(target).toEqual({ type: "builtin", file: join(path, "../here/flags.json") });
  });

  it("knows the flag system that needs no entry", () => {
    expect(loadFlagAccess(folderWith("{}", "builtin"), {}, "m").target).toMatchObject({ type: "builtin" });
  });

  it.each([
    ["a migration nobody declared", SETTINGS, "mine", "none", /no migration none; expected one of: m, other/],
    ["a target that is wrong", SETTINGS, "broken", "m", /OTHER_TOKEN is not set/],
    ["a target that is none", SETTINGS, "nobody", "m", /route\.target/],
  ])("refuses %s", (_what, settings, target, name, expected) => {
    expect(() => loadFlagAccess(folderWith(settings, target), {}, name)).toThrow(expected);
  });
});
