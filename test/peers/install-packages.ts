import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./run-program.ts";

/** How an npm command ended. */
export interface NpmRun {
  readonly ok: boolean;
  /** npm's own first words about what went wrong. */
  readonly reason: string;
  readonly stdout: string;
}

/** npm's notes about the script that runs us; another npm would take them for its settings. */
const NPM_OWN = /^npm_(package|lifecycle|command|node_execpath|execpath|config_local_prefix|config_prefix)/i;

const environment = (): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !NPM_OWN.test(name)));

const reasonOf = (stderr: string): string =>
  stderr
    .split("\n")
    .filter((line) => line.startsWith("npm error"))
    .slice(0, 3)
    .map((line) => line.replace("npm error", "").trim())
    .join("; ") || stderr.trim().slice(0, 200);

/** Runs npm in a folder; never rejects for npm's own failures. */
export const npm = async (args: readonly string[], cwd: string): Promise<NpmRun> => {
  const { ended, stdout, stderr } = await runCommand("npm", args, { cwd, env: environment(), timeoutMs: 240_000 });
  return { ok: ended === "0", reason: reasonOf(stderr), stdout };
};

const isInstalled = (folder: string): boolean => {
  const { dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return Object.entries(dependencies).every(([name, version]) => {
    const file = join(folder, "node_modules", name, "package.json");
    return existsSync(file) && JSON.parse(readFileSync(file, "utf8")).version === version;
  });
};

/** Installs a folder's exact versions unless they are there; null, or why it could not be done. */
export const installPackages = async (folder: string): Promise<string | null> => {
  if (isInstalled(folder)) return null;
  const { ok, reason } = await npm(["ci", "--no-audit", "--no-fund", "--prefer-offline"], folder);
  return ok && isInstalled(folder) ? null : `npm ci: ${reason || "the versions are not there afterwards"}`;
};
