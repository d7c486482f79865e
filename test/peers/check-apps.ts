import { installPackages } from "./install-packages.ts";

/** How one check beside the matrix went. */
export interface Checked {
  readonly name: string;
  readonly outcome: "ok" | "fails" | "skipped";
  /** What is wrong, or why it could not be checked: a line each. */
  readonly problems: readonly string[];
}

/** Some apps that share a folder of packages. */
export interface AppChecks {
  readonly folder: string;
  /** What each app is called in the table, and what is wrong with it. */
  readonly apps: Readonly<Record<string, () => Promise<readonly string[]>>>;
  /** Done once the packages are there. */
  readonly prepare?: () => void;
}

/** Installs the folder's packages and checks one app after the other; all are skipped where that cannot be done. */
export const checkApps = async ({ folder, apps, prepare }: AppChecks): Promise<readonly Checked[]> => {
  const missing = await installPackages(folder);
  if (missing === null) prepare?.();
  const checked: Checked[] = [];
  for (const [name, check] of Object.entries(apps)) {
    const problems = missing === null ? await check() : [missing];
    const outcome = missing !== null ? "skipped" : problems.length === 0 ? "ok" : "fails";
    checked.push({ name, outcome, problems });
  }
  return checked;
};
