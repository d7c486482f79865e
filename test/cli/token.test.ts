import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createToken, listTokens, revokeToken } from "../../cli/commands/token.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";

const NOW = Date.UTC(2026, 10, 30, 8);

const aFolder = () => {
  const folder = temporaryDirectory({ "leeway.yaml": "store: { dir: data }\n" });
  const config = join(folder, "leeway.yaml");
  let printed = "";
  const print = (text: string) => {
    printed += text;
  };
  const taken = () => {
    const text = printed;
    printed = "";
    return text;
  };
  const create = async (name: string, scope: string, expires?: string) => {
    await createToken({ config, name, scope, ...(expires === undefined ? {} : { expires }) }, NOW, print);
    return taken();
  };
  const list = async (json = false, now = NOW) => {
    await listTokens({ config, json }, now, print);
    return taken();
  };
  const revoke = async (id: string) => {
    await revokeToken({ config, id }, NOW + 60_000, print);
    return taken();
  };
  return { folder, config, create, list, revoke };
};

describe("leeway token", () => {
  it("says what holds while nobody has one", async () => {
    expect(await aFolder().list()).toContain("nobody has a token");
  });

  it("prints a token once, and never again", async () => {
    const { folder, create, list } = aFolder();
    const made = await create("ana@example.com", "approve", "90d");
    const [token = ""] = made.split("\n");
    expect(token).toMatch(/^leeway_[0-9a-f]{8}_[\w-]{43}$/);
    expect(made).toContain("ana@example.com may approve, until 2027-02-28 08:00 UTC. It is shown this once");
    const shown = `${await list()}${await list(true)}${readFileSync(join(folder, "data/access/tokens.json"), "utf8")}`;
    expect(shown).toContain(token.slice(7, 15));
    expect(shown).not.toContain(token.slice(16));
  });

  it("lets read content who is given that, alone or beside another scope", async () => {
    const { create, list } = aFolder();
    expect(await create("rita", "content")).toContain("rita may read, content included");
    expect(await create("otto", "operate, content")).toContain("otto may operate, content included");
    await create("anna", "approve");
    expect(await list()).toMatch(/rita +read,content .*\n.*otto +operate,content .*\n.*anna +approve /);
    for (const scope of ["content,approve,admin", "contents", ",", "read,read"])
      await expect(create("x", scope)).rejects.toThrow("--scope: ");
  });

  it("lists who has what, how it stands, and revokes one", async () => {
    const { create, list, revoke } = aFolder();
    const ids: string[] = [];
    for (const [name, scope, expires] of [
      ["ana", "admin", undefined],
      ["bob", "read", "1h"],
    ] as const)
      ids.push((await create(name, scope, expires)).slice(7, 15));
    expect(await list(false, NOW + 7_200_000)).toMatch(
      /ana +admin +in force .*never\n.*bob +read +expired 2026-11-30 09:00/,
    );
    expect(await revoke(ids[0] ?? "")).toBe(`the token ${ids[0]} of ana is revoked\n`);
    expect(await revoke(ids[0] ?? "")).toContain("was revoked before");
    expect(JSON.parse(await list(true))).toMatchObject({
      schema: "leeway.tokens/1",
      tokens: [
        { name: "ana", revokedAt: NOW + 60_000, lastUsedAt: null },
        { name: "bob", revokedAt: null },
      ],
    });
  });

  it.each<[string, string | undefined, string | undefined, string | undefined, string]>([
    ["no name", undefined, "read", undefined, "--name: missing"],
    ["a name with control characters", "a\u001b[2Jb", "read", undefined, "--name: a\\u001b[2Jb: expected letters"],
    ["no scope", "ana", undefined, undefined, "--scope: missing; expected one of read, operate, approve, admin"],
    ["a scope that is none", "ana", "root", undefined, "--scope: root; expected one of"],
    ["for no time", "ana", "read", "0s", "--expires: 0s; expected a duration from 1m to 10y"],
    ["for ever in words", "ana", "read", "never", "--expires: never; expected"],
  ])("refuses %s", async (_what, name, scope, expires, message) => {
    const { config, list } = aFolder();
    const given = {
      ...(name === undefined ? {} : { name }),
      ...(scope === undefined ? {} : { scope }),
      ...(expires === undefined ? {} : { expires }),
    };
    await expect(createToken({ config, ...given }, NOW, () => undefined)).rejects.toMatchObject({
      code: "config-invalid",
      message: expect.stringContaining(message),
    });
    expect(await list()).toContain("nobody has a token");
  });

  it("says where the file is broken, and leaves it alone", async () => {
    const { folder, create, list, revoke } = aFolder();
    await create("ana", "admin");
    const path = join(folder, "data/access/tokens.json");
    writeFileSync(path, "{}");
    const broken = { code: "config-invalid", message: expect.stringContaining("tokens.json is no file of tokens") };
    await expect(list()).rejects.toMatchObject(broken);
    await expect(create("bob", "admin")).rejects.toMatchObject(broken);
    await expect(revoke("00000000")).rejects.toMatchObject(broken);
    expect(readFileSync(path, "utf8")).toBe("{}");
  });

  it("knows no other id", async () => {
    const { create, revoke } = aFolder();
    await create("ana", "admin");
    await expect(revoke("nonsense")).rejects.toMatchObject({ message: expect.stringContaining("no token nonsense") });
  });
});
