import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createLinkDesk } from "../../../agent/links/link-desk.ts";
import { rotateLinkKey } from "../../../agent/links/link-key.ts";
import { linkedChannel } from "../../../agent/links/linked-channel.ts";
import type { Channel } from "../../../alerts/channels/channel.ts";
import type { Notice } from "../../../core/notice.ts";
import { type MigrationState, NOT_STARTED } from "../../../lifecycle/state.ts";
import { aNotice } from "../../alerts/a-notice.ts";
import { agentFolder } from "../access/tokens-in.ts";

const HOUR = 3_600_000;
const RUNNING: MigrationState = { ...NOT_STARTED, hash: "v2:1", since: 1_000, stage: 1, stageSince: 2_000 };

const aDesk = (folder = agentFolder().folder, state: MigrationState | null = RUNNING) => {
  const world = { now: 10_000, state };
  const desk = createLinkDesk(
    { commands: ["advance", "pause", "rollback"], expires: 24 * HOUR },
    {
      ...{ folder, now: () => world.now, address: "https://leeway.example.com/ops/" },
      stateOf: (name) => (name === "support-bot" ? world.state : null),
    },
  );
  return { folder, world, desk };
};

const about = (changes: Partial<Notice> = {}): Notice =>
  aNotice({ migration: "support-bot", type: "stage", at: 5_000, ...changes });
const textOf = ({ url }: { readonly url: string }): string => url.slice(url.lastIndexOf("/") + 1);

describe("the links of a notice", () => {
  it("are for the stage, the life and the channel, a day from the notice on, and the same on every try", async () => {
    const { desk } = aDesk();
    const links = await desk.linksFor(about(), "slack-ops");
    expect(links.map(({ label }) => label)).toEqual(["Advance to the next stage …", "Pause the ramp …", "Roll back …"]);
    expect(links.every(({ url }) => url.startsWith("https://leeway.example.com/ops/act/") && url.length < 600)).toBe(
      true,
    );
    expect(await desk.linksFor(about(), "slack-ops")).toEqual(links);
    const read = await Promise.all(links.map((link) => desk.read(textOf(link))));
    const shared = { migration: "support-bot", stage: 1, since: 1_000, until: 5_000 + 24 * HOUR, channel: "slack-ops" };
    expect(read).toMatchObject([
      { ...shared, command: "advance" },
      { ...shared, command: "pause" },
      { ...shared, command: "rollback" },
    ]);
    const other = await desk.linksFor(about({ id: "another" }), "slack-ops");
    const keys = [...read, ...(await Promise.all(other.map((link) => desk.read(textOf(link)))))];
    expect(new Set(keys.map((each) => typeof each !== "string" && each.key)).size).toBe(6);
  });

  it.each<[string, Partial<Notice>, MigrationState | null, readonly string[]]>([
    ["of a page", { type: "page" }, RUNNING, ["pause", "rollback"]],
    ["of a pause", { type: "pause" }, { ...RUNNING, isPaused: true }, ["rollback"]],
    ["of a stage that is paused by now", {}, { ...RUNNING, isPaused: true }, ["rollback"]],
    ["of a stage that is over by now", {}, { ...RUNNING, stage: 2, stageSince: 9_000 }, ["pause", "rollback"]],
    ["of a life that is over by now", {}, { ...RUNNING, since: 9_000, stageSince: 9_000 }, []],
    ["of a migration that did not start", {}, NOT_STARTED, []],
    ["of one that nobody knows", { migration: "other" }, RUNNING, []],
    ["of a ledger that was not read", {}, null, []],
    ["of a test", { type: "test" }, RUNNING, []],
    [
      "that comes a day too late",
      { at: 10_000 - 24 * HOUR },
      { ...RUNNING, since: -25 * HOUR, stageSince: -25 * HOUR },
      [],
    ],
  ])("%s are those that make sense", async (_what, notice, state, commands) => {
    const { desk } = aDesk(undefined, state);
    const links = await desk.linksFor(about(notice), "slack");
    const read = await Promise.all(links.map((link) => desk.read(textOf(link))));
    expect(read.map((link) => typeof link !== "string" && link.command)).toEqual(commands);
  });

  it("are in what is sent, and in nothing that is kept", async () => {
    const { desk } = aDesk();
    const sent: Notice[] = [];
    const channel: Channel = {
      name: "mail",
      accepts: ["stage"],
      send: async (notice) => {
        sent.push(notice);
        return { outcome: "delivered", detail: "" };
      },
    };
    const notice = about();
    await linkedChannel(channel, desk.linksFor).send(notice, { signal: new AbortController().signal });
    expect(sent[0]?.links).toHaveLength(notice.links.length + 3);
    expect(sent[0]).toMatchObject({ id: notice.id, summary: notice.summary });
    expect(JSON.stringify(notice)).not.toContain("/act/");
  });

  it("are left out, and the notice sent, where nobody can sign", async () => {
    const { folder, desk } = aDesk();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "link-key.json"), "{", { mode: 0o600 });
    expect(await desk.linksFor(about(), "slack")).toEqual([]);
    expect(desk.problem()).toMatch(
      /^notices carry no links that act: .*link-key\.json is no key of links; leeway token rotate/,
    );
    await rotateLinkKey(folder);
    expect(await desk.linksFor(about(), "slack")).toHaveLength(3);
    expect(desk.problem()).toBe("");
    chmodSync(join(folder, "link-key.json"), 0o644);
    expect(await desk.linksFor(about(), "slack")).toEqual([]);
    expect(desk.problem()).toContain("may be read by others");
  });
});

describe("a link that is presented", () => {
  const links = async (desk: ReturnType<typeof aDesk>["desk"]) => (await desk.linksFor(about(), "slack")).map(textOf);

  it("is void from its time on, also when the clock is set back", async () => {
    const { world, desk } = aDesk();
    const [link = ""] = await links(desk);
    world.now = 5_000 + 24 * HOUR;
    expect(await desk.read(link)).toContain("expired");
    world.now = 6_000;
    expect(await desk.read(link)).toContain("expired");
  });

  it("is void once the key is another one, or in another agent's folder", async () => {
    const { folder, desk } = aDesk();
    const [link = ""] = await links(desk);
    const other = aDesk();
    await links(other.desk);
    expect(await other.desk.read(link)).toContain("not made by this agent");
    expect(await aDesk().desk.read(link)).toContain("not made by this agent");
    await rotateLinkKey(folder);
    expect(await desk.read(link)).toContain("not made by this agent, or the key of links was changed");
  });

  it("counts in an agent that was started again", async () => {
    const { folder, desk } = aDesk();
    const [link = ""] = await links(desk);
    expect(await aDesk(folder).desk.read(link)).toEqual(await desk.read(link));
  });

  it("is nothing where a letter of it is another one, and nothing where it is nonsense", async () => {
    const { desk } = aDesk();
    const [link = ""] = await links(desk);
    const [body = "", mac = ""] = link.split(".");
    const forged = JSON.parse(Buffer.from(body, "base64url").toString());
    forged[3] = "rollback";
    const other = Buffer.from(JSON.stringify(forged)).toString("base64url");
    const texts = [`${other}.${mac}`, `${body}.`, body, "", ".", `${link}.`, `${link}.x`, `${body}.${mac.slice(1)}`];
    for (const text of [...texts, "x".repeat(1_000_000), "%00", `${link} `])
      expect(await desk.read(text), text.slice(0, 40)).toContain("not made by this agent");
  });

  it("is signed by a key that its owner alone may read", async () => {
    const { folder, desk } = aDesk();
    await links(desk);
    expect(readdirSync(folder)).toEqual(["link-key.json"]);
    expect(statSync(join(folder, "link-key.json")).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(folder, "link-key.json"), "utf8")).secret).toMatch(/^[\w-]{43}$/);
  });
});
