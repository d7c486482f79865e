import type { Log } from "../core/log.ts";
import type { RowBatch, StoredRows } from "./collaborators.ts";
import type { SpoolFiles } from "./spool/spool-files.ts";

/** Rows that the store does not take, kept in files, so that they hold up no other row and none is lost. */
export interface SetAside {
  /** The same insert, which keeps what is refused and then resolves. */
  readonly around: (insert: (batch: RowBatch) => Promise<StoredRows>) => (batch: RowBatch) => Promise<void>;
  /** Rows set aside since the start. */
  readonly rows: () => number;
}

/** What keeping them needs; `dir` is where `files` are. */
export interface SetAsideCollaborators {
  readonly files: Pick<SpoolFiles, "write">;
  readonly dir: string;
  readonly log: Log;
}

/**
 * Keeps refused rows in a file for each batch, named by its token: a batch that is repeated after a crash writes the same
 * file again. The lines are JSONCompactEachRow, to be looked at and inserted by hand.
 */
export const createSetAside = ({ files, dir, log }: SetAsideCollaborators): SetAside => {
  let rows = 0;
  return {
    around: (insert) => async (batch) => {
      const { refused } = await insert(batch);
      if (refused.length === 0) return;
      const name = `${batch.token}.refused`;
      await files.write(name, Buffer.concat(refused));
      rows += refused.length;
      log.error("collector: the store refuses rows for what they say; they are set aside, all others are stored", {
        directory: dir,
        file: name,
        rows: refused.length,
      });
    },
    rows: () => rows,
  };
};
