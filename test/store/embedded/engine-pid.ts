import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** True while the process exists. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/**
 * Process id of the engine on `dir`, also of one that is still starting: the engine writes it when it takes the
 * directory. Null while there is none alive.
 */
export const enginePid = async (dir: string): Promise<number | null> => {
  const status = await readFile(join(dir, "clickhouse", "status"), "utf8").catch(() => "");
  const pid = Number(/^PID: (\d+)/m.exec(status)?.[1] ?? 0);
  return pid > 0 && isAlive(pid) ? pid : null;
};
