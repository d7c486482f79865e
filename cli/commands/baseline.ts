import { type FileHandle, open } from "node:fs/promises";
import { corpusLineOf } from "../../agent/baselines/corpus-line-of.ts";
import { countText } from "../../core/count-text.ts";
import { LeewayError, messageOf } from "../../core/errors.ts";
import type { BaselineCounts, BaselinePage } from "../../status/baseline-view.ts";
import type { ApiClient } from "../api-client.ts";
import type { ExitCode } from "../exit-code.ts";
import { renderBaselines } from "../render/baselines.ts";

const pathOf = (migration: string): string => `/api/v1/migrations/${encodeURIComponent(migration)}/baselines`;

/** `leeway baseline list`: how many examples are kept of what. 4 where none are. */
export const listBaselines = async (
  client: ApiClient,
  migration: string,
  { json = false }: { readonly json?: boolean },
  print: (text: string) => void,
): Promise<ExitCode> => {
  const counts = await client.get<BaselineCounts>(pathOf(migration));
  print(json ? `${JSON.stringify(counts)}\n` : renderBaselines(counts));
  return (counts.strata ?? []).length === 0 ? 4 : 0;
};

const openNew = async (path: string): Promise<FileHandle> => {
  try {
    return await open(path, "wx", 0o600);
  } catch (cause) {
    const is =
      (cause as NodeJS.ErrnoException).code === "EEXIST"
        ? "is there already"
        : `cannot be written (${messageOf(cause)})`;
    throw new LeewayError("records-invalid", `${path}: ${is}; expected a new file`, { cause });
  }
};

/** Of up to 256 KiB each. */
const PAGE = 50;

/**
 * `leeway baseline export`: writes the kept examples as a corpus of `leeway replay`, which is a file of baseline records of `leeway compare`
 * as well. The file is for its owner alone. 4 where there are none.
 */
export const exportBaselines = async (
  client: ApiClient,
  migration: string,
  { out }: { readonly out?: string },
  print: (text: string) => void,
): Promise<ExitCode> => {
  if (out === undefined)
    throw new LeewayError("config-invalid", "--out: missing; expected the file that the examples go to");
  const pageAfter = (after: string): Promise<BaselinePage> =>
    client.get<BaselinePage>(`${pathOf(migration)}/content?limit=${PAGE}&after=${encodeURIComponent(after)}`);
  // Before a file is made: whoever may not read gets none.
  let page = await pageAfter("");
  const file = await openNew(out);
  let written = 0;
  try {
    for (;;) {
      const lines = page.examples.map((example) => `${JSON.stringify(corpusLineOf(example, page.segment))}\n`);
      await file.appendFile(lines.join(""));
      written += lines.length;
      if (page.next === null) break;
      page = await pageAfter(page.next);
    }
    await file.datasync();
  } finally {
    await file.close();
  }
  print(`${countText(written)} examples of ${migration}: ${out}\n`);
  return written === 0 ? 4 : 0;
};
