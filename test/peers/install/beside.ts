import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sizeOf } from "../../package/installed-package.ts";
import { npm } from "../install-packages.ts";

/** Exact versions by package name. */
export type Packages = Readonly<Record<string, string>>;

/** How an install of Leeway beside other packages went. */
export interface Beside {
  readonly name: string;
  /** `fails`: only with Leeway; `skipped`: the others cannot be installed on their own either. */
  readonly outcome: "ok" | "fails" | "skipped";
  /** npm's words when it did not work. */
  readonly reason: string;
  /** Size of node_modules, MB. */
  readonly mb: number;
}

/** The two lines of OpenTelemetry packages that apps have; they cannot be mixed. */
export const OPENTELEMETRY_LINES: Readonly<Record<string, Packages>> = {
  "OpenTelemetry 2.x/0.2xx": { "@opentelemetry/api": "1.9.1", "@opentelemetry/sdk-node": "0.223.0" },
  "OpenTelemetry 3.x/0.30x": { "@opentelemetry/api": "1.10.0", "@opentelemetry/sdk-node": "0.301.0" },
};

/** The packages of an SDK's folder. */
export const packagesIn = (folder: string): Packages =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).dependencies;

const STRICT = ["install", "--strict-peer-deps", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];

/** Installs packages into an empty project the way npm does when every peer range has to hold. */
const installStrictly = async (dependencies: Packages): Promise<{ ok: boolean; reason: string; mb: number }> => {
  const project = mkdtempSync(join(tmpdir(), "leeway-beside-"));
  try {
    writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, dependencies }));
    const { ok, reason } = await npm(STRICT, project);
    return { ok, reason, mb: ok ? (await sizeOf(join(project, "node_modules"))) / 1e6 : 0 };
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
};

/** Tries to install the tarball beside `others` (none: alone), with npm's strict peer resolution. */
export const installBeside = async (name: string, tarball: string, others: Packages): Promise<Beside> => {
  const { ok, reason, mb } = await installStrictly({ ...others, leeway: `file:${tarball}` });
  if (ok) return { name, outcome: "ok", reason: "", mb };
  const alone = await installStrictly(others);
  return { name, outcome: alone.ok ? "fails" : "skipped", reason: alone.ok ? reason : alone.reason, mb: 0 };
};
