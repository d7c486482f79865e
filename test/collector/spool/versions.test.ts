import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { OUTCOME_LINES, SPAN_LINES } from "../../../collector/spool/lines.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { openSpool } from "./open-spool.ts";

// Three rows sealed and two in a growing segment, as each version left them when it was killed.
const SEGMENTS = fileURLToPath(new URL("./segments/", import.meta.url));

const FORMATS = [
  ["spans", SPAN_LINES, 49],
  ["outcomes", OUTCOME_LINES, 12],
] as const;

describe.each(FORMATS)("%s on disk", (kind, format, columns) => {
  test.each([
    ["without checksums, of the version before"],
    ["with-checksums, of this version"],
    ["after-a-downgrade, of this version, and set aside by the one before"],
  ])("%s, are stored once under their token", async (what) => {
    const dir = await temporaryDirectory();
    await cp(join(SEGMENTS, what.split(",")[0]?.replaceAll(" ", "-") ?? "", kind), dir, { recursive: true });
    const runs = (await readdir(dir)).map((name) => name.split("-")[1]);
    const { spool, batches, log } = await openSpool(dir, {}, () => 0, { format });
    expect(spool.leftoverKeys).toHaveLength(5);
    await spool.flush();
    const text = batches.map(({ lines }) => Buffer.from(lines as Uint8Array).toString("utf8")).join("");
    const ids = text
      .trimEnd()
      .split("\n")
      .map((line) => Number.parseInt(format.keyOf(line)?.slice(0, 32) ?? "", 16));
    expect(ids.map((id) => id - (ids[0] ?? 0))).toEqual([0, 1, 2, 3, 4]);
    expect(batches.map((batch) => [batch.rows, batch.columns, batch.token])).toEqual([
      [3, columns, `${runs[0]}-1`],
      [2, columns, `${runs[0]}-2`],
    ]);
    expect(text).not.toContain('"#');
    expect([await readdir(dir), log.lines.filter((line) => !line.startsWith("info"))]).toEqual([[], []]);
  });
});
