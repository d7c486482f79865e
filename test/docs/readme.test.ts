import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readMigration } from "../../agent/config/migration-document.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");

const PAGES: readonly string[] = [
  ...readdirSync(root).filter((name) => name.endsWith(".md")),
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

describe("the documentation", () => {
  it.each(PAGES)("%s links only to files that exist", (page) => {
    const targets = [...read(page).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target]) => target ?? "");
    const broken = targets.filter(
      (target) => !/^https?:/.test(target) && !existsSync(join(root, dirname(page), target)),
    );
    expect(broken).toEqual([]);
  });

  it("shows a migration document that is valid", () => {
    const [, yaml = ""] = /```yaml\n(.*?)```/s.exec(read("README.md")) ?? [];
    expect(readMigration(parse(yaml), "README.md", ["builtin"])).toMatchObject({
      migration: { name: "support-bot-to-gpt-5", rules: [{ signal: "error", limit: 0.05, severity: "rollback" }] },
    });
  });

  it("names scripts that exist", () => {
    const scripts = Object.keys(JSON.parse(read("package.json")).scripts);
    const named = ["README.md", "CONTRIBUTING.md"].flatMap((page) =>
      [...read(page).matchAll(/npm (?:run )?(test|demo|check|format|generate|build|bench:\w+)\b/g)].map(
        ([, name]) => name,
      ),
    );
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((name) => !scripts.includes(name ?? ""))).toEqual([]);
  });
});
