// Builds dist/: the compiled product, the preload as one CommonJS file, and the files that are not TypeScript.
//
// Everything is built in a directory of its own and moved into place at the end, so that builds running at the same
// time never mix and a reader never sees half a build. A type error still leaves a dist/ behind (useful while another
// folder is being changed) but exits 1. Prints nothing on success.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, globSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { LOAD_GUARD } from "./guard-load.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const work = mkdtempSync(join(root, "node_modules", ".leeway-build-"));
const out = join(work, "dist");

const NOTICE = "// Includes OpenTelemetry for JavaScript, copyright The OpenTelemetry Authors, Apache-2.0.";

/** Code that exists only inside the preload bundle; a second, unbundled copy would need the OpenTelemetry packages. */
const BUNDLED = [
  "preload.js",
  "preload.d.ts",
  "start-instrumentation.js",
  "start-instrumentation.d.ts",
  "preload-settings.js",
  "preload-settings.d.ts",
  "start-events.js",
  "start-events.d.ts",
  "start-shadow.js",
  "start-shadow.d.ts",
  "shadow",
  "bedrock",
  "unseen-clients.js",
  "unseen-clients.d.ts",
  "fetch",
  "http-client",
  "undici",
  "export",
];

/** Files the product reads at run time that tsc does not emit. */
const ASSETS = ["demo/app/*.js", "grafana/dashboards/**/*.json"];

const compile = () => {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--outDir", out], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) process.stderr.write(`${stdout}${stderr}`);
  return status === 0;
};

const bundlePreload = async () => {
  const folder = join(out, "instrumentation");
  for (const name of BUNDLED) rmSync(join(folder, name), { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: ["instrumentation/preload.ts"],
    outfile: join(folder, "preload.cjs"),
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "eof",
    footer: { js: LOAD_GUARD.after },
    banner: { js: `${NOTICE}\n${LOAD_GUARD.before}` },
    logLevel: "warning",
  });
  const shim = 'import { createRequire } from "node:module";\ncreateRequire(import.meta.url)("./preload.cjs");\n';
  writeFileSync(join(folder, "preload.mjs"), shim);
  for (const types of ["preload.d.cts", "preload.d.mts"]) writeFileSync(join(folder, types), "export {};\n");
};

/** The JSON Schema of a suite's file, for editors. */
const writeSuiteSchema = async () => {
  const path = join(out, "agent", "suite", "suite-schema.js");
  if (!existsSync(path)) return;
  const { suiteJsonSchema } = await import(pathToFileURL(path).href);
  writeFileSync(join(out, "suite.schema.json"), `${JSON.stringify(suiteJsonSchema(), null, 2)}\n`);
};

const copyAssets = () => {
  for (const file of globSync(ASSETS, { cwd: root })) cpSync(join(root, file), join(out, file));
  const main = join(out, "cli", "main.js");
  if (existsSync(main)) chmodSync(main, 0o755);
};

/** Moves the new dist/ into place. Another build may do the same at this moment: then the later one wins. */
const publish = () => {
  const target = join(root, "dist");
  for (let attempt = 0; attempt < 20; attempt += 1) {
    try {
      if (existsSync(target)) renameSync(target, join(work, `old-${attempt}`));
      renameSync(out, target);
      return;
    } catch (error) {
      if (!["ENOENT", "ENOTEMPTY", "EEXIST"].includes(error.code) || !existsSync(out)) throw error;
    }
  }
  throw new Error("dist: other builds keep replacing it; run the build again");
};

try {
  const typesAreRight = compile();
  await bundlePreload();
  copyAssets();
  await writeSuiteSchema();
  publish();
  if (!typesAreRight) process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
