import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type AllowedPackages, findViolations } from "./architecture/find-violations.ts";
import { LAYERS } from "./architecture/layers.ts";
import { scanModule } from "./architecture/scan-module.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const allowed: AllowedPackages = {
  installed: [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)],
  extra: {
    // The build bundles these into the preload; `leeway/sdk` takes sdk-node from the app.
    "instrumentation/": [/^@opentelemetry\//],
    // Builders run on a contributor's machine; the package ships their JSON.
    "grafana/builders/": [/^@grafana\/grafana-foundation-sdk\//],
    // The demo's user app and what it stands on are installed by the person who runs the demo.
    "demo/": [/^openai$/, /^@openfeature\//, /^leeway$/],
  },
};

const SOURCE = /(?<!\.d)\.(ts|mts|cts|js|mjs|cjs)$/;

const productFiles = (): Map<string, string> =>
  new Map(
    Object.keys(LAYERS).flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && SOURCE.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path): [string, string] => [path.slice(root.length), readFileSync(path, "utf8")]),
    ),
  );

describe("the product", () => {
  const files = productFiles();

  it("has source in the lowest layer (the scan finds the tree at all)", () => {
    expect([...files.keys()]).toContain("core/verdict.ts");
  });

  it("obeys the layer picture", () => {
    expect(findViolations(files, allowed)).toEqual([]);
  });
});

describe("what runs in the user's process", () => {
  const files = productFiles();

  /** All files that one brings along, itself included. */
  const broughtBy = (start: string): Set<string> => {
    const found = new Set([start]);
    for (const path of found) {
      for (const { specifier } of scanModule(files.get(path) ?? "").imports) {
        const target = posix.join(posix.dirname(path), specifier);
        if (specifier.startsWith(".") && files.has(target)) found.add(target);
      }
    }
    return found;
  };

  it("is told a call by the kinds of dialects, and brings no dialect's table along", () => {
    const brought = broughtBy("instrumentation/preload.ts");
    expect(brought).toContain("formats/dialects/kinds.ts");
    expect(brought).not.toContain("formats/dialects/dialects.ts");
  });

  it("reads wire formats without anything that reads spans", () => {
    const brought = [
      ...broughtBy("formats/wire/wire-formats.ts"),
      ...broughtBy("formats/wire/content/read-content.ts"),
    ];
    expect(brought).toContain("formats/wire/openai/openai-chat.ts");
    expect(brought.filter((path) => path.startsWith("formats/dialects/"))).toEqual([]);
  });
});

describe("package.json", () => {
  it("exports exactly the three entries", () => {
    expect(Object.keys(manifest.exports)).toEqual([".", "./instrumentation", "./sdk"]);
  });

  it("pins every dependency exactly", () => {
    const ranges = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(ranges.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(version)))).toEqual([]);
  });

  it("marks every peer as optional", () => {
    const optional = Object.entries(manifest.peerDependenciesMeta).filter(([, meta]) => Object(meta).optional);
    expect(optional.map(([name]) => name).sort()).toEqual(Object.keys(manifest.peerDependencies).sort());
  });
});

describe("the compiler's settings", () => {
  it.each(["tsconfig.json", "tsconfig.build.json"])("%s names every folder of the product", (name) => {
    const { include } = JSON.parse(readFileSync(join(root, name), "utf8"));
    expect(Object.keys(LAYERS).filter((folder) => !include.includes(folder))).toEqual([]);
  });
});
