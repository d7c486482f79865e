import { describe, expect, it } from "vitest";
import { z } from "zod";
import { acceptsFor } from "../../../alerts/channels/channel.ts";
import { type ChannelConfig, type ChannelType, commonKeys } from "../../../alerts/channels/channel-type.ts";
import { CHANNEL_TYPES, channelsSchema, createChannels } from "../../../alerts/channels/create-channels.ts";
import { aNotice } from "../a-notice.ts";

/** As errors list them. */
const KNOWN = CHANNEL_TYPES.map(({ type }) => type).join(", ");
const parts = { now: () => 0, stdout: { write: () => true } };
const URL_A = "https://hooks.slack.com/services/T/B/AAAA";
const URL_B = "https://hooks.slack.com/services/T/B/BBBB";
const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const OTHER_SECRET = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;

const channelsOf = (...entries: readonly object[]) => createChannels(channelsSchema().parse(entries), parts);
const namesOf = (...entries: readonly object[]): readonly string[] => channelsOf(...entries).map(({ name }) => name);
const issuesOf = (input: unknown): string[] =>
  (channelsSchema().safeParse(input).error?.issues ?? []).map((i) => `${i.path.join(".")}: ${i.message}`);

describe("the name of a channel", () => {
  it("is the one it is given, else its type and a digest of where it leads", () => {
    const names = namesOf(
      { type: "slack", url: URL_A },
      { type: "slack", url: URL_B, name: "ops" },
      { type: "stdout" },
    );
    expect(names).toEqual(["slack-27900d39", "ops", "stdout"]);
  });

  it("stays when another entry is removed or moved", () => {
    const [, second] = namesOf({ type: "slack", url: URL_A }, { type: "slack", url: URL_B });
    expect(namesOf({ type: "slack", url: URL_B })).toEqual([second]);
    expect(namesOf({ type: "slack", url: URL_B }, { type: "slack", url: URL_A })[0]).toBe(second);
  });

  it("stays when a webhook gets a new secret, for it leads to the same receiver", () => {
    const hook = { type: "webhook", url: "https://example.org/hook" };
    expect(namesOf({ ...hook, secret: SECRET })).toEqual(namesOf({ ...hook, secret: OTHER_SECRET }));
  });

  it("shows nothing of the address", () => {
    expect(JSON.stringify(channelsOf({ type: "slack", url: URL_A }).map(({ name }) => name))).not.toContain("AAAA");
  });

  it("goes with those the ledger may know it under: without a name, and after its place", () => {
    const channels = channelsOf(
      { type: "slack", url: URL_A, name: "ops" },
      { type: "slack", url: URL_B },
      { type: "stdout" },
    );
    expect(channels.map(({ formerNames }) => formerNames)).toEqual([["slack-27900d39", "slack"], ["slack-2"], []]);
  });
});

describe("the list of channels", () => {
  it("accepts what `on` lists, drills with rollbacks, and acknowledgements and test notices always", () => {
    const [a, b] = channelsOf({ type: "slack", url: URL_A, on: ["page"] }, { type: "stdout" });
    expect(a?.accepts).toEqual(["page", "ack", "test"]);
    expect(b?.accepts).toEqual(["stage", "pause", "rollback", "page", "drift", "drained", "drill", "ack", "test"]);
  });

  it("refuses an unknown type with the types there are, and repeats no secret", () => {
    const issues = issuesOf([{ type: "slak", url: "https://hush" }]);
    expect(issues).toEqual([`0.type: unknown channel type "slak"; expected one of: ${KNOWN}`]);
  });

  it.each([[{}], [null], ["slack"], [{ type: 3 }], [[]]])("refuses %j as having no type", (input) => {
    expect(issuesOf([input])[0]).toContain(`channel without a type; expected one of: ${KNOWN}`);
  });

  it("refuses a second entry of one destination or one name, and says what to do", () => {
    expect(
      issuesOf([{ type: "slack", url: URL_A }, { type: "slack", url: URL_A, on: ["page"] }, { type: "stdout" }]),
    ).toEqual(["1: the destination of alerts[0] again; expected another, or a name of its own (name: …)"]);
    expect(
      issuesOf([
        { type: "stdout", name: "a" },
        { type: "slack", url: URL_A, name: "a" },
      ]),
    ).toEqual(["1: the name a of alerts[0] again; expected another, or a name of its own (name: …)"]);
    expect(
      issuesOf([
        { type: "slack", url: URL_A },
        { type: "slack", url: URL_A, name: "pages" },
      ]),
    ).toEqual([]);
  });

  it("refuses a name that is none", () => {
    expect(issuesOf([{ type: "stdout", name: "A b" }])).toEqual([
      "0.name: expected a name of lower-case letters, digits, . _ -",
    ]);
  });
});

describe("a type of channel that is one file and one line", () => {
  const sent: string[] = [];
  const pigeon: ChannelType<ChannelConfig & { readonly type: "pigeon"; readonly loft: string }> = {
    type: "pigeon",
    schema: z.strictObject({ type: z.literal("pigeon"), loft: z.string().min(1), ...commonKeys }),
    destination: ({ loft }) => loft,
    create: ({ name, on, loft }) => ({
      name,
      accepts: acceptsFor(on),
      send: async (notice) => {
        sent.push(`${loft}: ${notice.severity} ${notice.title}`);
        return { outcome: "delivered", detail: "landed" };
      },
    }),
  };
  const types = [...CHANNEL_TYPES, pigeon];

  it("is configured, named, listed among the known ones and carries notices like any other", async () => {
    const schema = channelsSchema(types);
    expect(schema.safeParse([{ type: "pigeno" }]).error?.issues[0]?.message).toContain("stdout, pigeon");
    expect(schema.safeParse([{ type: "pigeon", loft: "" }]).error?.issues[0]?.path).toEqual([0, "loft"]);
    const [channel] = createChannels(schema.parse([{ type: "pigeon", loft: "roof" }]), parts, types);
    expect(channel?.name).toMatch(/^pigeon-[0-9a-f]{8}$/);
    await channel?.send(aNotice(), { signal: new AbortController().signal, number: 1 });
    expect(sent).toEqual([`roof: critical ${aNotice().title}`]);
  });
});
