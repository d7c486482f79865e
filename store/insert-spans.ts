import { LeewayError } from "../core/errors.ts";
import type { Database } from "./database.ts";
import { SPAN_INSERT_COLUMNS, SPANS } from "./schema/llm-spans.ts";
import type { SpanBatch } from "./store.ts";

const NEWLINE = 10;

const countLines = (lines: Uint8Array): number => {
  let count = 0;
  for (let at = lines.indexOf(NEWLINE); at >= 0; at = lines.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
};

/** Adds a batch of spans; see Store.insertSpans. `store-query` when the batch is not what it says. */
export const insertSpans = async (database: Database, { token, lines, rows }: SpanBatch): Promise<void> => {
  const bytes = Buffer.from(lines);
  const found = countLines(bytes);
  if (found !== rows)
    throw new LeewayError("store-query", `${SPANS}: a batch of ${rows} rows holds ${found} lines; expected as many`);
  if (rows > 0) await database.insert({ table: SPANS, columns: SPAN_INSERT_COLUMNS, lines: bytes, rows, token });
};
