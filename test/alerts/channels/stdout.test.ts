import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { createStdoutChannel, noticeText } from "../../../alerts/channels/stdout.ts";
import type { TextStream } from "../../../alerts/channels/text-stream.ts";
import { aNotice, MALICIOUS, noticeFullOf } from "../a-notice.ts";
import { describeChannelContract } from "./channel-contract.ts";

describeChannelContract("stdout", async () => {
  const printed: string[] = [];
  const well: TextStream["write"] = (text, done) => {
    printed.push(text);
    done();
  };
  let write = well;
  return {
    channel: createStdoutChannel({ name: "stdout", on: ["page"] }, { stdout: { write: (...args) => write(...args) } }),
    secrets: ["EPIPE"],
    situations: [
      {
        name: "a closed pipe",
        arrange: () => {
          write = (_text, done) => done(new Error("write EPIPE"));
        },
        outcome: "failed",
      },
    ],
    heal: () => {
      write = well;
    },
    hang: () => {
      write = () => undefined;
    },
    arrived: () => printed,
    close: async () => undefined,
  };
});

describe("a notice on a stream", () => {
  it("is one block: title, summary, facts in columns, link", () => {
    expect(noticeText(aNotice())).toBe(
      [
        "[rollback] Rolled back support-bot: error is 19.8%, limit 5%",
        "  31 of 157 canary calls failed. The flag serves 0% now.",
        "  Limit          5%",
        "  Log e-value    9.31 (threshold 7.09)",
        "  Leeway's page  http://127.0.0.1:4320/migrations/support-bot?rule=error&tab=evidence",
        "",
        "",
      ].join("\n"),
    );
  });

  it.each(MALICIOUS)("keeps %s on its lines and away from the terminal", (_what, text) => {
    const lines = noticeText(noticeFullOf(text)).split("\n");
    expect(lines).toHaveLength(6);
    expect(lines.filter((line) => line.startsWith("["))).toHaveLength(1);
    expect(lines.join("")).not.toMatch(/[\p{Cc}\u2028\u202e\u2066]/u);
  });

  it("is written to a real stream, and reported failed once that is destroyed", async () => {
    const stream = new PassThrough();
    stream.on("error", () => undefined);
    const channel = createStdoutChannel({ name: "stdout", on: ["page"] }, { stdout: stream });
    const live = () => ({ signal: AbortSignal.timeout(5_000) });
    expect(await channel.send(aNotice(), live())).toMatchObject({ outcome: "delivered" });
    expect(String(stream.read())).toContain("Rolled back");
    stream.destroy();
    expect(await channel.send(aNotice(), live())).toMatchObject({ outcome: "failed" });
  });
});
