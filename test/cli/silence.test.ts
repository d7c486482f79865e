import { describe, expect, it } from "vitest";
import { beginSilence, endSilence, listSilences } from "../../cli/commands/silence.ts";
import { LeewayError } from "../../core/errors.ts";

const client = (answer: unknown) => {
  const asked: (readonly [path: string, body: unknown])[] = [];
  const printed: string[] = [];
  const print = (text: string): void => void printed.push(text);
  const reply = async <T>(path: string, body?: unknown): Promise<T> => {
    asked.push([path, body]);
    return answer as T;
  };
  return { api: { get: reply, post: reply }, asked, printed, print };
};
const DONE = { silence: "1a2b3c4d", until: Date.UTC(2026, 10, 30, 4), problem: "" };

describe("leeway silence", () => {
  it("asks for it, and says how it ends", async () => {
    const { api, asked, printed, print } = client(DONE);
    const options = { for: "2h", reason: " load test ", by: "ana", type: ["pause"] };
    expect(await beginSilence(api, "support-*", options, print)).toBe(0);
    const body = { subject: "support-*", forMs: 7_200_000, types: ["pause"], reason: "load test", by: "ana" };
    expect(asked).toEqual([["/api/v1/silences", { ...body, id: expect.stringMatching(/^[0-9a-f]{8}$/) }]]);
    expect(printed.join("")).toBe(
      "support-* (pause) is silenced until 2026-11-30T04:00:00Z; a rollback and NOT ROLLED BACK are told all the same; leeway unsilence 1a2b3c4d ends it\n",
    );
  });

  it("ends with 1 when it is on no record yet", async () => {
    const { api, print, printed } = client({ ...DONE, problem: "the disk\nis full" });
    expect(await beginSilence(api, "m", { for: "2h", reason: "x", by: "ana", type: [] }, print)).toBe(1);
    expect(printed.join("").trimEnd()).not.toContain("\n");
  });

  it.each([
    [{ reason: "x", type: [] }, "--for: missing"],
    [{ for: "ever", reason: "x", type: [] }, "--for: ever; expected a duration"],
    [{ for: "0s", reason: "x", type: [] }, "--for: 0s"],
    [{ for: "2h", type: [] }, "no reason; expected --reason"],
    [{ for: "2h", reason: "x", type: ["rollback"] }, "a rollback and NOT ROLLED BACK are never silenced"],
  ])("refuses %j", async (options, problem) => {
    const { api, asked, print } = client(DONE);
    const refused = await beginSilence(api, "m", options, print).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(LeewayError);
    expect(String(refused)).toContain(problem);
    expect(asked).toEqual([]);
  });
});

describe("leeway unsilence and silences", () => {
  it("ends one by its name", async () => {
    const { api, asked, printed, print } = client(DONE);
    expect(await endSilence(api, "a/b", { by: "bob" }, print)).toBe(0);
    expect([asked, printed]).toEqual([[["/api/v1/silences/a%2Fb/end", { by: "bob" }]], ["silence a/b is over\n"]]);
  });

  it("lists them with what they kept from people, one line each", async () => {
    const silence = {
      id: "s1",
      subject: "support-*",
      types: [],
      from: 0,
      until: DONE.until,
      by: "ana",
      reason: "load\ntest",
    };
    const muted = { at: 0, notice: "n1", title: "Paused", channel: "chat", why: "silenced", silence: "s1" };
    const { api, printed, print } = client({ silences: [silence], muted: [muted, { ...muted, channel: "mail" }] });
    expect(await listSilences(api, false, print)).toBe(0);
    const lines = printed.join("").trimEnd().split("\n");
    expect(lines[0]).toContain("support-* until 2026-11-30T04:00:00Z, by ana: load");
    expect(lines[0]).toContain("1 notice muted; leeway unsilence s1");
    expect(lines).toHaveLength(5);
  });

  it("says that nothing is silenced", async () => {
    const { api, printed, print } = client({ silences: [], muted: [] });
    await listSilences(api, false, print);
    expect(printed).toEqual(["nothing is silenced\n"]);
  });
});
