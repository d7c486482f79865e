import { describe, expect, it } from "vitest";
import { type Caller, callerOf, refuseContent, refuseScope } from "../../../agent/access/caller.ts";
import { COMMAND_SCOPES, commandScope, routeScope } from "../../../agent/access/needed-scope.ts";
import { nameProblem } from "../../../agent/access/stored-token.ts";
import { createTokenBook, NO_TOKENS } from "../../../agent/access/token-book.ts";
import { covers, SCOPES } from "../../../core/scope.ts";
import { NOT_STARTED } from "../../../lifecycle/state.ts";
import { aMigration } from "../../fixtures/a-migration.ts";
import { agentFolder, giveToken } from "./tokens-in.ts";

const AGENT_TOKEN = "the-agents-own-token";

const aBook = async () => {
  const { dir, folder } = agentFolder();
  const book = createTokenBook({ folder, now: () => 10_000 });
  return { dir, book };
};

describe("scopes", () => {
  it("hold those before them", () => {
    expect(SCOPES).toEqual(["read", "operate", "approve", "admin"]);
    const table = SCOPES.map((scope) => SCOPES.filter((needed) => covers(scope, needed)).length);
    expect(table).toEqual([1, 2, 3, 4]);
  });

  it.each([
    ["GET", "/", "read"],
    ["HEAD", "/metrics", "read"],
    ["GET", "/api/v1/silences", "read"],
    ["POST", "/ofrep/v1/evaluate/flags", "read"],
    ["POST", "/ofrep/v1/evaluate/flags/model", "read"],
    ["POST", "/api/v1/migrations/m/commands", "operate"],
    ["POST", "/api/v1/silences", "operate"],
    ["POST", "/api/v1/silences/s1/end", "operate"],
    ["POST", "/api/v1/migrations/m/drill", "operate"],
    ["POST", "/api/v1/test-alert", "operate"],
    ["POST", "/api/v1/something-new", "admin"],
    ["DELETE", "/api/v1/silences", "admin"],
    ["POST", "/api/v1/migrations/m/commands/x", "admin"],
  ])("%s %s needs %s %s", (method, path, scope) => expect(routeScope(method, path)).toBe(scope));

  it("ask no more than operate of what brings exposure down", () => {
    const guarded = aMigration({ approvers: ["ana"] });
    const open = aMigration();
    const needed = (migration: typeof open) =>
      Object.fromEntries(
        Object.keys(COMMAND_SCOPES).map((command) => [
          command,
          commandScope(command as keyof typeof COMMAND_SCOPES, migration, NOT_STARTED),
        ]),
      );
    expect(needed(guarded)).toMatchObject({ rollback: "operate", pause: "operate", ack: "operate" });
    expect(needed(guarded)).toMatchObject({ advance: "approve", resume: "approve", rearm: "approve" });
    expect(needed(open)).toMatchObject({ advance: "operate", resume: "operate", rearm: "operate" });
  });
});

describe("who asks", () => {
  it("is anybody, with every scope, where nobody has a token", async () => {
    const caller = { scope: "admin", content: "machine", identity: "claimed", name: null, remark: "" };
    expect(await callerOf(null, null, NO_TOKENS)).toEqual(caller);
    expect(await callerOf("whatever-an-app-sends", null, NO_TOKENS)).toEqual(caller);
    expect(await callerOf(AGENT_TOKEN, AGENT_TOKEN, NO_TOKENS)).toEqual({ ...caller, content: "granted" });
    expect(await callerOf(null, AGENT_TOKEN, NO_TOKENS)).toContain("no valid token");
  });

  it("is known by name from a token, whether agent.token is set or not", async () => {
    const { dir, book } = await aBook();
    const { token } = await giveToken(dir, { name: "bob", scope: "read" });
    for (const agentToken of [null, AGENT_TOKEN])
      expect(await callerOf(token, agentToken, book)).toEqual({
        ...{ scope: "read", content: "none", identity: "proven", name: "bob", remark: "" },
      });
  });

  it("may still operate without a token when people have some, but nobody believes a name", async () => {
    const { dir, book } = await aBook();
    const expired = await giveToken(dir, { expiresAt: 1 });
    expect(await callerOf(null, null, book)).toMatchObject({ scope: "operate", identity: "unproven", name: null });
    expect(await callerOf(expired.token, null, book)).toMatchObject({
      scope: "operate",
      identity: "unproven",
      remark: expect.stringContaining("expired"),
    });
    expect(await callerOf(AGENT_TOKEN, AGENT_TOKEN, book)).toMatchObject({ scope: "admin", identity: "unproven" });
    expect(await callerOf(expired.token, AGENT_TOKEN, book)).toMatch(/^the token expired at .*; no valid token/);
  });

  it("may read content by a token that says so, or as an admin, and by nothing else", async () => {
    const { dir, book } = await aBook();
    const tokenOf = async (changes: Parameters<typeof giveToken>[1]) => (await giveToken(dir, changes)).token;
    const contentOf = async (token: string) => ((await callerOf(token, null, book)) as Caller).content;
    expect(await contentOf(await tokenOf({ name: "carl", scope: "read", content: true }))).toBe("granted");
    expect(await contentOf(await tokenOf({ name: "dora", scope: "admin" }))).toBe("granted");
    for (const scope of ["read", "operate", "approve"] as const)
      expect(await contentOf(await tokenOf({ name: "eve", scope, content: false }))).toBe("none");
    expect(book.contentHolders()).toEqual(["carl", "dora"]);
    const anybody = (await callerOf(null, null, book)) as Caller;
    expect(refuseContent(anybody, "this", true, book)).toContain("who has it: carl, dora; leeway token create");
  });

  it("is told which scope is missing, and who has it", async () => {
    const { dir, book } = await aBook();
    const { token } = await giveToken(dir, { name: "bob", scope: "operate" });
    await giveToken(dir, { name: "ana", scope: "approve" });
    const bob = (await callerOf(token, null, book)) as Caller;
    expect(refuseScope(bob, "operate", "pause of m", book)).toBeNull();
    expect(refuseScope(bob, "approve", "advance of m", book)).toBe(
      "advance of m needs the scope approve; the token of bob has operate; who has it: ana; leeway token create makes a token",
    );
    expect(refuseScope(bob, "admin", "this", book)).toContain("; nobody has it; ");
    const anybody = (await callerOf(null, null, book)) as Caller;
    expect(refuseScope(anybody, "approve", "advance of m", book)).toContain(
      "people have tokens here, and who presents none has operate: set LEEWAY_AGENT_TOKEN; who has it: ana",
    );
  });
});

describe("the name of a token", () => {
  it.each(["ana@example.com", "Ana Müller", "o'neil", "李雷", "ci+leeway@example.com", "a"])("may be %s", (name) =>
    expect(nameProblem(name)).toBe(""),
  );

  it.each([
    ["nothing", ""],
    ["a blank at its end", "ana "],
    ["a line break", "ana\nbob"],
    ["a control character", "ana\u001b[2J"],
    ["an invisible character", "ana\u200b"],
    ["what turns the text", "ana\u202e"],
    ["what Leeway says of others", "ana (unverified)"],
    ["what is said of links", "link: slack"],
    ["the agent", "Agent"],
    ["endless", "a".repeat(101)],
  ])("may not be %s", (_what, name) => expect(nameProblem(name)).not.toBe(""));
});
