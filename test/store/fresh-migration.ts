let migrations = 0;

/** Name of a migration that nothing is stored of yet, in a file of tests. */
export const freshMigration = (): string => {
  migrations += 1;
  return `migration-${migrations}`;
};
