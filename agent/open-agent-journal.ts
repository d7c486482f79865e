import { join } from "node:path";
import type { Journal } from "../alerts/journal/journal.ts";
import { openJournal } from "../alerts/journal/open-journal.ts";
import { lockDirectory } from "../collector/spool/directory-lock.ts";
import { LeewayError, messageOf } from "../core/errors.ts";
import type { Log } from "../core/log.ts";

const lock = async (dir: string, folder: string, log: Log): Promise<() => Promise<void>> => {
  const taken = await lockDirectory(folder, log).catch((error: unknown) => {
    // A full or read-only disk must not keep the flags from being served; the journal itself says what it cannot write.
    log.error("the journal's folder cannot be locked", { folder, problem: messageOf(error) });
    return { outcome: "locked", holds: async () => true, isLost: () => false, release: async () => undefined } as const;
  });
  if (taken.outcome === "locked") return taken.release;
  throw new LeewayError(
    "store-locked",
    `store.dir: ${dir} is in use by the agent with process id ${taken.pid}; stop it, or give this agent a store.dir of its own`,
  );
};

/**
 * Opens the journal of this agent in `<dir>/journal`, which it alone may use; with a server, too, because the journal is
 * for when the server does not answer. Rejects with LeewayError `store-locked` while another agent has it, and
 * `store-unavailable` when it cannot be read.
 */
export const openAgentJournal = async (dir: string, log: Log): Promise<Journal> => {
  const folder = join(dir, "journal");
  const release = await lock(dir, folder, log);
  try {
    const journal = await openJournal({ file: join(folder, "entries.jsonl") }, { log });
    const close = async (): Promise<void> => {
      await journal.close();
      await release();
    };
    return { ...journal, close };
  } catch (error) {
    await release();
    throw error;
  }
};
