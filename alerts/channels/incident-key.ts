import { createHash } from "node:crypto";
import type { Notice } from "../../core/notice.ts";
import { oneLine } from "./one-line.ts";

const DIGEST_LENGTH = 32;

/** The start of `text` in at most `limit` bytes of UTF-8, in whole code points. */
const startOf = (text: string, limit: number): string => {
  let [kept, bytes] = ["", 0];
  for (const codePoint of text) {
    bytes += Buffer.byteLength(codePoint);
    if (bytes > limit) break;
    kept += codePoint;
  }
  return kept;
};

/** What the notices of one incident share: the incident's id. Outside an incident a notice stands for itself. */
export const incidentOf = ({ incident, id }: Pick<Notice, "incident" | "id">): string => incident || id;

/**
 * The key under which a receiver puts the notices of one incident together: its id, on one line. One that is longer than
 * `limit` bytes (> 33), or was not on one line, ends in a digest of the whole, so that two never become one.
 */
export const incidentKey = (notice: Pick<Notice, "incident" | "id">, limit: number): string => {
  const whole = incidentOf(notice);
  const line = oneLine(whole);
  if (line === whole && Buffer.byteLength(whole) <= limit) return whole;
  const digest = createHash("sha256").update(whole).digest("hex").slice(0, DIGEST_LENGTH);
  return `${startOf(line, limit - DIGEST_LENGTH - 1)}-${digest}`;
};
