import { messageOf } from "../core/errors.ts";
import type { Migration } from "../core/migration.ts";

/**
 * Does `work` for one migration after the other; what fails of one keeps no other from its turn. Rejects at the end with all that
 * failed, by the names of the migrations.
 */
export const eachMigration = async <Runner extends { readonly migration: Pick<Migration, "name"> }>(
  runners: readonly Runner[],
  work: (runner: Runner) => Promise<void>,
): Promise<void> => {
  const problems: string[] = [];
  for (const runner of runners)
    await work(runner).catch((error: unknown) => problems.push(`${runner.migration.name}: ${messageOf(error)}`));
  if (problems.length > 0) throw new Error(problems.join("; "));
};
