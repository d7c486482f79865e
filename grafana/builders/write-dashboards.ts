import { readFileSync, writeFileSync } from "node:fs";
import { buildMigrationDashboard } from "./migration-dashboard.ts";

// `npm run generate`: writes the dashboards' JSON; with --check it changes nothing and exits 1 where a file differs.

const FILES: readonly (readonly [path: string, build: () => unknown])[] = [
  ["grafana/dashboards/leeway-migration.json", buildMigrationDashboard],
];

const root = new URL("../../", import.meta.url);
const check = process.argv.includes("--check");

const read = (path: string): string => {
  try {
    return readFileSync(new URL(path, root), "utf8");
  } catch {
    return "";
  }
};

for (const [path, build] of FILES) {
  const text = `${JSON.stringify(build(), null, 2)}\n`;
  if (!check) writeFileSync(new URL(path, root), text);
  else if (read(path) !== text) {
    process.stderr.write(`${path}: differs from its builder; run: npm run generate\n`);
    process.exitCode = 1;
  }
}
