import { writeFileSync } from "node:fs";
import { LeewayError, messageOf } from "../core/errors.ts";

/** Writes a page people can read. Throws LeewayError `records-invalid` where it cannot be written. */
export const writePage = (path: string, page: string): void => {
  try {
    writeFileSync(path, page);
  } catch (cause) {
    throw new LeewayError(
      "records-invalid",
      `${path}: cannot be written (${messageOf(cause)}); expected a writable file`,
      { cause },
    );
  }
};
