import { open } from "node:fs/promises";

/** Makes a new or renamed name in `dir` survive a loss of power. */
export const syncDirectory = async (dir: string): Promise<void> => {
  const handle = await open(dir, "r");
  await handle.sync().finally(() => handle.close());
};
