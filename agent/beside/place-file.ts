import { readFile, rename, writeFile } from "node:fs/promises";
import { LeewayError, messageOf } from "../../core/errors.ts";
import { parseObject } from "../../formats/json/read-json.ts";

/** Where a run goes on that ended. */
export interface PlaceFile {
  /** Empty = nothing was dealt with yet. */
  readonly read: () => Promise<string>;
  readonly write: (after: string) => Promise<void>;
}

const SCHEMA = "leeway.shadow-place/1";

const unusable = (path: string, what: string, cause?: unknown): LeewayError =>
  new LeewayError("records-invalid", `${path}: ${what}`, { cause });

/** The file at `path`, which is of one migration. Rejects with LeewayError `records-invalid` where it is something else. */
export const createPlaceFile = (path: string, migration: string): PlaceFile => ({
  read: async () => {
    let text: string;
    try {
      text = await readFile(path, "utf8");
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ENOENT") return "";
      throw unusable(path, `cannot be read (${messageOf(cause)})`, cause);
    }
    const found = parseObject(text);
    if (found?.schema === SCHEMA && found.migration === migration && typeof found.after === "string")
      return found.after;
    throw unusable(path, `no place of ${migration}; expected a new file, or one that leeway shadow wrote for it`);
  },
  write: async (after) => {
    const next = `${path}.next`;
    try {
      await writeFile(next, `${JSON.stringify({ schema: SCHEMA, migration, after })}\n`, { mode: 0o600 });
      await rename(next, path);
    } catch (cause) {
      throw unusable(path, `cannot be written (${messageOf(cause)}); expected a file in a folder that can`, cause);
    }
  },
});
