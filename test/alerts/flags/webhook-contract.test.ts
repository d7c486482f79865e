import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { webhook } from "../../../alerts/flags/webhook.ts";
import { startVendorDouble, type VendorDouble, type VendorDoubleReply } from "../../doubles/flags/vendor-double.ts";
import { recordingLog } from "../recording-log.ts";
import { describeFlagContract, type FlagUnderTest } from "./flag-contract.ts";

type Stored = { readonly share: number; readonly revision: string };
type Receive = (request: {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}) => VendorDoubleReply;

/** The receiver that docs/flags.md hands out, with nothing added. */
const { createFlagReceiver } = (await import(pathToFileURL("docs/examples/flag-receiver.mjs").href)) as {
  readonly createFlagReceiver: (parts: { readonly secret: string; readonly flags: Map<string, Stored> }) => Receive;
};

const SECRET = `whsec_${Buffer.from("thirty-two bytes of secret text!").toString("base64")}`;
const VALUES = { baseline: "old", canary: "new" };

const bodySchema = z.strictObject({
  type: z.enum(["leeway.flag.read", "leeway.flag.set"]),
  timestamp: z.iso.datetime(),
  data: z.strictObject({
    version: z.literal(1),
    do: z.enum(["read", "set"]),
    flag: z.string(),
    values: z.strictObject({ baseline: z.string(), canary: z.string() }),
    share: z.number().min(0).max(1).optional(),
    revision: z.string().nullable().optional(),
  }),
});

const isSet = ({ body }: { readonly body: unknown }): boolean => bodySchema.parse(body).type === "leeway.flag.set";

interface Receiver {
  readonly double: VendorDouble;
  readonly flags: Map<string, Stored>;
  readonly setByHand: (share: number) => void;
}

const startReceiver = async (): Promise<Receiver> => {
  const flags = new Map<string, Stored>();
  const receive = createFlagReceiver({ secret: SECRET, flags });
  const double = await startVendorDouble({
    handle: ({ headers, text, body }) =>
      bodySchema.safeParse(body).success ? receive({ headers, text }) : { status: 400 },
    isWrite: isSet,
    keep: () => {
      const kept = [...flags];
      return () => {
        for (const [name, flag] of kept) flags.set(name, flag);
      };
    },
  });
  const setByHand = (share: number): void => {
    const { revision = "0" } = flags.get("model") ?? {};
    flags.set("model", { share, revision: String(Number(revision) + 1) });
  };
  return { double, flags, setByHand };
};

const targetAt = (url: string, settings: Readonly<Record<string, unknown>> = {}) => {
  const config = webhook.schema.parse({ type: "webhook", url, secret: SECRET, timeout: "100ms", ...settings });
  const target = webhook.create("own", config, { log: recordingLog(), now: Date.now });
  return target.bind({ flag: "model", target: "own" }, VALUES);
};

const start = async (): Promise<FlagUnderTest> => {
  const { double, flags, setByHand } = await startReceiver();
  const reply =
    (status: number, headers: Readonly<Record<string, string>> = {}) =>
    (): void =>
      double.behave(() => ({ status, headers, body: `no: ${SECRET}` }));
  const url = `${double.url}/flags?key=in-the-address`;
  const shareOf = (): number => flags.get("model")?.share ?? 0;
  return {
    flag: targetAt(url),
    secrets: [SECRET, SECRET.slice(6), "in-the-address"],
    reset: async () => {
      double.behave("work");
      flags.set("model", { share: 0, revision: "1" }).set("other", { share: 0.3, revision: "9" });
    },
    served: async () => shareOf(),
    within: 0,
    neighbours: async () => flags.get("other"),
    whole: async () => shareOf(),
    writes: () => Number(flags.get("model")?.revision),
    setByHand: async (share) => setByHand(share),
    changeInBetween: () => double.beforeWrite(() => setByHand(0.7)),
    situations: [
      { name: "401", arrange: reply(401), why: "auth" },
      { name: "403", arrange: reply(403), why: "auth" },
      { name: "404", arrange: reply(404), why: "not-found" },
      { name: "409", arrange: reply(409), why: "conflict" },
      { name: "423", arrange: reply(423), why: "approval-required" },
      { name: "429", arrange: reply(429, { "retry-after": "7" }), why: "rate-limited", retryAfterMs: 7_000 },
      { name: "503", arrange: reply(503), why: "transient" },
      { name: "410", arrange: reply(410), why: "permanent" },
      { name: "a broken connection", arrange: () => double.behave("reset"), why: "transient" },
      { name: "no such flag", arrange: () => void flags.delete("model"), why: "not-found" },
      { name: "a page", arrange: () => double.behave(() => ({ status: 200, body: "<html>" })), why: "transient" },
      {
        name: "a share beyond all",
        arrange: () => double.behave(() => ({ status: 200, body: { share: 5, revision: "1" } })),
        why: "permanent",
      },
    ],
    hang: () => double.behave("hang"),
    lie: () => double.behave("lie"),
    close: double.close,
  };
};

describeFlagContract("webhook", start);

describe("a flag target of type webhook", () => {
  const world = async () => {
    const receiver = await startReceiver();
    receiver.flags.set("model", { share: 0.5, revision: "1" });
    return { ...receiver, flag: targetAt(receiver.double.url) };
  };

  it("asks once more under the same id when the answer was lost, so that it is done once", async () => {
    const { double, flags, flag } = await world();
    let lost = 0;
    double.behave((request) => {
      if (!isSet(request) || lost > 0) return null;
      lost += 1;
      // done, and the answer never arrives
      createFlagReceiver({ secret: SECRET, flags })(request);
      return { status: 502 };
    });
    expect(await flag.setShare(0, null)).toMatchObject({ outcome: "unchanged", state: { share: 0 } });
    const ids = double.requests.map(({ headers }) => headers["webhook-id"]);
    expect(ids).toEqual([ids[0], ids[0]]);
    expect(flags.get("model")).toEqual({ share: 0, revision: "2" });
    await double.close();
  });

  it("gives what is asked anew another id, also where it is the same", async () => {
    const { double, flag } = await world();
    await flag.setShare(0, null);
    await flag.setShare(0, null);
    const ids = double.requests.map(({ headers }) => headers["webhook-id"]);
    expect(new Set(ids).size).toBe(2);
    await double.close();
  });

  it("does not take a write for done whose answer says another share", async () => {
    const { double, flag } = await world();
    double.behave(() => ({ status: 200, body: { share: 0.5, revision: "1", changed: true } }));
    expect(await flag.setShare(0, null)).toMatchObject({
      outcome: "failed",
      detail: "asked for 0, and answered that it serves 0.5",
    });
    await double.close();
  });

  it("shows what the receiver says of the right to write and of problems, each on one line", async () => {
    const { double, flag } = await world();
    const said = { share: 0.5, revision: "1", mayWrite: false, problems: ["a rule\nwins"], token: "s3cret" };
    double.behave(() => ({ status: 200, body: said }));
    const report = await flag.inspect();
    expect(report).toMatchObject({ mayWrite: false, problems: ["a rule\\nwins"] });
    expect(JSON.stringify(report)).not.toContain("s3cret");
    await double.close();
  });

  it("says how long a flip takes as it is configured", () => {
    const flag = targetAt("http://127.0.0.1:1/", { propagation: "2m", poll: "5s" });
    expect(flag.capabilities).toMatchObject({ propagationMs: 120_000, pollMs: 5_000 });
  });

  it.each([
    [{ url: "ftp://x/" }, "no usable address"],
    [{ secret: "whsec_short" }, "no usable secret"],
    [{ timeout: "9s" }, "5s"],
    [{ propagation: 30 }, "30; expected a duration"],
  ])("refuses %j", (part, problem) => {
    const written = { type: "webhook", url: "https://x/", secret: SECRET, ...part };
    const [issue] = webhook.schema.safeParse(written).error?.issues ?? [];
    expect(issue?.message).toContain(problem);
    expect(issue?.message).not.toContain("whsec_short");
  });
});
