import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type InstalledPackage, installPackage, sizeOf } from "./installed-package.ts";
import { type Ended, runProcess } from "./run-process.ts";
import { type SpanReceiver, startSpanReceiver } from "./span-receiver.ts";
import { unresolvedImports } from "./unresolved-imports.ts";

let installed: InstalledPackage;

beforeAll(async () => {
  installed = await installPackage();
}, 180_000);

afterAll(() => installed?.remove());

const node = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  runProcess(process.execPath, args, { cwd: installed.project, env });

/** Evaluates an ES module expression in the project and returns what it prints. */
const evaluate = (code: string): Promise<Ended> => node(["--input-type=module", "-e", code]);

describe("the tarball", () => {
  it("holds the product and nothing of its making", () => {
    const odd = installed.files.filter(
      (path) => !/^(dist\/|package\.json$|README\.md$|LICENSE$|ARCHITECTURE\.md$|CHANGELOG\.md$)/.test(path),
    );
    expect(odd).toEqual([]);
    expect(
      installed.files.filter((path) => /(^|\/)(test|bench|builders)\/|\.test\.|(?<!\.d)\.[cm]?ts$/.test(path)),
    ).toEqual([]);
  });

  it.each([
    "dist/instrumentation/index.js",
    "dist/instrumentation/index.d.ts",
    "dist/instrumentation/preload.cjs",
    "dist/instrumentation/preload.mjs",
    "dist/instrumentation/sdk.js",
    "dist/cli/main.js",
    "dist/grafana/dashboards/leeway-migration.json",
    "LICENSE",
    "README.md",
  ])("holds %s", (path) => {
    expect(installed.files).toContain(path);
  });
});

describe("an install without optional packages", () => {
  it("can resolve every import of every shipped module", async () => {
    const dist = join(installed.project, "node_modules", "leeway", "dist");
    expect(await unresolvedImports(dist)).toEqual([]);
  });

  it("takes at most 25 MB", async () => {
    const bytes = await sizeOf(join(installed.project, "node_modules"));
    expect(bytes / 1e6).toBeLessThanOrEqual(25);
    expect(bytes / 1e6).toBeGreaterThan(1);
  });

  it.each(["chdb", "@chdb", "@opentelemetry"])("does not bring %s along", (name) => {
    expect(existsSync(join(installed.project, "node_modules", name))).toBe(false);
  });

  it("gives apps the functions of the context", async () => {
    const { code, stdout, stderr } = await evaluate(
      'import * as leeway from "leeway"; console.log(JSON.stringify(Object.keys(leeway).sort()));',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual(
      expect.arrayContaining(["leewayFlagHook", "withCohort", "withConversation", "withPrompt", "withSegment"]),
    );
  });

  it("says which package leeway/sdk needs", async () => {
    const { code, stdout } = await evaluate(
      'await import("leeway/sdk").catch((error) => console.log(JSON.stringify({ code: error.code, message: error.message })));',
    );
    expect(code).toBe(0);
    const error = JSON.parse(stdout);
    expect(error.code).toBe("missing-package");
    expect(error.message).toContain("npm install @opentelemetry/sdk-node");
  });

  it("says which packages an agent's own telemetry needs", async () => {
    await installed.write("leeway.yaml", "agent: { telemetry: true }\n");
    const { code, stderr } = await node([join("node_modules", "leeway", "dist", "cli", "main.js"), "start"], {
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
    });
    expect(code).toBe(2);
    expect(stderr).toContain("npm install @opentelemetry/sdk-node @opentelemetry/api");
  });

  it.each(["leeway/dist/core/errors.js", "leeway/package.json", "leeway/store", "leeway/cli"])(
    "does not let apps reach %s",
    async (specifier) => {
      const { stdout } = await evaluate(`await import("${specifier}").catch((error) => console.log(error.code));`);
      expect(stdout.trim()).toBe("ERR_PACKAGE_PATH_NOT_EXPORTED");
    },
  );
});

describe("the preload", () => {
  let receiver: SpanReceiver;

  beforeEach(async () => {
    receiver = await startSpanReceiver();
  });

  afterEach(() => receiver.close());

  const CALL = `
    fetch(process.env.PROVIDER + "/v1/chat/completions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "model-of-the-test", messages: [{ role: "user", content: "canary-of-the-test" }] }),
    }).then((response) => response.json()).then((body) => console.log(body.choices[0].message.content));`;

  it.each([
    ["--require in a CommonJS app", "--require", "app.cjs"],
    ["--require in an ESM app", "--require", "app.mjs"],
    ["--import in an ESM app", "--import", "app.mjs"],
    ["--import in a CommonJS app", "--import", "app.cjs"],
  ])("loads with %s, leaves the app as it is and sends its call", async (_, flag, name) => {
    const app = await installed.write(name, CALL);
    const ended = await node([flag, "leeway/instrumentation", app], {
      PROVIDER: receiver.url,
      LEEWAY_ENDPOINT: receiver.url,
    });
    expect(ended).toEqual({ code: 0, stdout: "hello there\n", stderr: "" });
    const sent = receiver.bodies.join("\n");
    expect(sent).toContain("model-of-the-test");
    expect(sent).not.toContain("canary-of-the-test");
  });

  it("leaves the app as it is when no agent listens", async () => {
    const app = await installed.write("app.cjs", CALL);
    const ended = await node(["--require", "leeway/instrumentation", app], {
      PROVIDER: receiver.url,
      LEEWAY_ENDPOINT: "http://127.0.0.1:9",
    });
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code: 0, stdout: "hello there\n" });
  });
});
