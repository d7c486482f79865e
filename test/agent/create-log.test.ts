import { describe, expect, it } from "vitest";
import { createLog } from "../../agent/create-log.ts";

describe("the log", () => {
  it("writes one line per message, with time, level and fields, whatever the texts hold", () => {
    const lines: string[] = [];
    const log = createLog(
      (line) => void lines.push(line),
      () => Date.UTC(2026, 10, 20),
    );
    log.info("up", { port: 4320, ok: true });
    log.warn("two\nlines", { text: 'a "b"\nc' });
    log.error("bad");
    expect(lines).toEqual([
      "2026-11-20T00:00:00.000Z info  up port=4320 ok=true\n",
      '2026-11-20T00:00:00.000Z warn  two\\nlines text="a \\"b\\"\\nc"\n',
      "2026-11-20T00:00:00.000Z error bad\n",
    ]);
  });
});
