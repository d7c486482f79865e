import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compare } from "../../cli/commands/compare.ts";

/** What `leeway compare` ends with for a file of this content: `exit` and its code, 2 where it refuses it. */
export const exitOfCompare = async (content: string | Uint8Array, allowUndecided = false): Promise<string> => {
  const directory = mkdtempSync(join(tmpdir(), "leeway-dirty-"));
  try {
    const records = join(directory, "records.jsonl");
    writeFileSync(records, content);
    const options = { records, baseline: null, canary: null, html: null, json: true, allowUndecided, strict: false };
    return `exit ${await compare(options, () => undefined)}`;
  } catch (error) {
    return error instanceof Error && error.name === "LeewayError" ? "exit 2" : String(error);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};
