import { readFileSync } from "node:fs";
import { inTurn } from "../../async/in-turn.ts";
import type { Log } from "../../core/log.ts";
import { shownPath } from "../config/read-settings.ts";
import type { Job } from "../monitors/open-monitors.ts";
import type { Fleet } from "./open-fleet.ts";
import type { FolderRead } from "./scan-documents.ts";
import { createSettledFiles } from "./settled-files.ts";

/** Looks at the folder of documents again and again. Nothing of it rejects. */
export interface DocumentWatch {
  /** A look; what changed counts once it holds still. */
  readonly look: () => Promise<void>;
  /** A look by which everything counts at once, and by which a changed leeway.yaml is told of. */
  readonly reload: () => Promise<void>;
  /** What is wrong with leeway.yaml as of the last reload; empty for nothing. */
  readonly problem: () => string;
}

/** What it works with. */
export interface DocumentWatchParts {
  readonly fleet: Pick<Fleet, "take" | "keep">;
  readonly read: () => FolderRead;
  /** What was read when the agent started. */
  readonly first: FolderRead;
  /** Absolute path of leeway.yaml. */
  readonly settingsFile: string;
  readonly log: Log;
  /** Monotonic ms. */
  readonly elapsed: () => number;
}

/** What was refused because of another document, or of a store that was away, is tried again so often, ms. */
const AGAIN_MS = 30_000;

const textOf = (path: string): string | null => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
};

const printOf = ({ problem, files }: FolderRead): string => JSON.stringify([problem, ...files]);

/**
 * A watch that reads the files instead of asking to be told of them: editors rename over, a ConfigMap swaps a link two folders
 * above, and of neither does every file system tell.
 */
export const watchDocuments = (parts: DocumentWatchParts): DocumentWatch => {
  const { fleet, read, first, settingsFile, log, elapsed } = parts;
  const settled = createSettledFiles(first);
  const settingsAtStart = textOf(settingsFile);
  let [taken, takenAt] = [printOf(first), elapsed()];
  let problem = "";
  const turn = inTurn();

  const take = async (folder: FolderRead): Promise<void> => {
    const print = printOf(folder);
    if (print !== taken || elapsed() - takenAt >= AGAIN_MS) {
      await fleet.take(folder);
      [taken, takenAt] = [print, elapsed()];
    }
    await fleet.keep();
  };

  const lookAtSettings = (): void => {
    const isSame = textOf(settingsFile) === settingsAtStart;
    problem = isSame
      ? ""
      : `${shownPath(settingsFile)} was changed, and is read at the start alone: restart the agent to take it up`;
    if (!isSame) log.warn(problem);
  };

  return {
    look: () => turn(() => take(settled.look(read()))),
    reload: () =>
      turn(async () => {
        lookAtSettings();
        takenAt = Number.NEGATIVE_INFINITY;
        await take(settled.settle(read()));
        log.info("the documents were read again");
      }),
    problem: () => problem,
  };
};

/** The watch as a job of the schedule. */
export const documentJob = ({ look }: DocumentWatch): Job => ({
  name: "looking at the documents",
  cron: "*/2 * * * * *",
  work: look,
});
