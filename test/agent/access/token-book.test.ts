import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { tokenId } from "../../../agent/access/stored-token.ts";
import { createTokenBook } from "../../../agent/access/token-book.ts";
import { changeTokens, tokensPath } from "../../../agent/access/token-file.ts";
import { readTokenUses } from "../../../agent/access/token-uses.ts";
import { agentFolder, giveToken, revoke } from "./tokens-in.ts";

/** A book whose clock the test sets. */
const aBook = () => {
  const { dir, folder } = agentFolder();
  const clock = { now: 10_000 };
  return { dir, folder, clock, book: createTokenBook({ folder, now: () => clock.now }) };
};

const intoFolder = (path: string): void => {
  rmSync(path);
  mkdirSync(path, { mode: 0o700 });
};

const why = (text: string) => ({ outcome: "unknown", why: expect.stringContaining(text) });

describe("the tokens of an agent", () => {
  it("are none before one is created, and all who are on the machine are equal", async () => {
    const { book } = aBook();
    expect(await book.look(null)).toEqual({ outcome: "unknown", why: "" });
    expect([book.hasPeople(), book.holders("read"), book.problem()]).toEqual([false, [], ""]);
  });

  it("are taken without a restart, and refused from the moment they are revoked", async () => {
    const { dir, book } = aBook();
    await book.look(null);
    const { id, token } = await giveToken(dir);
    expect(await book.look(token)).toMatchObject({ outcome: "known", token: { id, name: "ana", scope: "approve" } });
    await revoke(dir, id, 20_000);
    expect(await book.look(token)).toEqual(why("the token was revoked at 1970-01-01T00:00:20Z"));
    expect(book.hasPeople()).toBe(true);
  });

  it("stand nowhere on disk, for the owner alone", async () => {
    const { dir, folder } = aBook();
    const { token } = await giveToken(dir);
    const text = readFileSync(tokensPath(folder), "utf8");
    expect(text).not.toContain(token.slice(20));
    expect(statSync(tokensPath(folder)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it("expire, and no clock that is set back makes one valid again", async () => {
    const { dir, clock, book } = aBook();
    const { token } = await giveToken(dir, { expiresAt: 15_000 });
    expect((await book.look(token)).outcome).toBe("known");
    clock.now = 15_000;
    expect(await book.look(token)).toEqual(why("expired"));
    clock.now = 5_000;
    expect(await book.look(token)).toEqual(why("expired"));
  });

  it("are held by those whose scope covers it, and who are in force", async () => {
    const { dir, book } = aBook();
    await giveToken(dir, { name: "carl", scope: "admin" });
    await giveToken(dir, { name: "bob", scope: "approve" });
    await giveToken(dir, { name: "bob", scope: "admin" });
    await giveToken(dir, { name: "dora", scope: "operate" });
    await giveToken(dir, { name: "old", expiresAt: 9_000 });
    await giveToken(dir, { name: "gone", revokedAt: 9_000 });
    await book.look(null);
    expect(book.holders("approve")).toEqual(["bob", "carl"]);
    expect(book.holders("read")).toEqual(["bob", "carl", "dora"]);
  });

  it("of another agent's folder are not this agent's", async () => {
    const [mine, other] = [aBook(), aBook()];
    await giveToken(mine.dir);
    const { token } = await giveToken(other.dir);
    expect(await mine.book.look(token)).toEqual(why("none of this agent's"));
  });

  it("are not known by their id alone", async () => {
    const { dir, book } = aBook();
    const { id, token } = await giveToken(dir);
    const forged = `leeway_${id}_${"A".repeat(43)}`;
    expect(tokenId(forged)).toBe(id);
    expect(await book.look(forged)).toEqual(why("none of this agent's"));
    for (const text of [`${token} `, `${token}\n`, token.slice(0, -1), "x".repeat(1_000_000), ""])
      expect(await book.look(text), text.slice(0, 50)).toEqual({ outcome: "unknown", why: "" });
  });

  it.each<[string, (path: string) => void, string]>([
    ["no JSON", (path) => writeFileSync(path, "{"), "is no JSON"],
    ["cut short", (path) => writeFileSync(path, ""), "is no JSON"],
    ["another document", (path) => writeFileSync(path, '{"version":2,"tokens":[]}'), "is no file of tokens"],
    ["a folder", intoFolder, "cannot be read"],
    ["writable by others", (path) => chmodSync(path, 0o666), "may be written by others"],
    ["gone", (path) => rmSync(path), "is gone"],
  ])("count for nothing while their file is %s, and nobody gains by it", async (_what, break_, problem) => {
    const { dir, folder, clock, book } = aBook();
    const { token } = await giveToken(dir);
    expect((await book.look(token)).outcome).toBe("known");
    break_(tokensPath(folder));
    clock.now += 5_000;
    expect(await book.look(token)).toEqual(why(problem));
    expect(await book.look(null)).toEqual({ outcome: "unknown", why: "" });
    expect([book.hasPeople(), book.holders("read"), book.problem()]).toEqual([
      true,
      [],
      expect.stringContaining(problem),
    ]);
  });

  it("of a broken file are not overwritten by the next one that is created", async () => {
    const { dir, folder } = aBook();
    await giveToken(dir);
    writeFileSync(tokensPath(folder), "{");
    await expect(giveToken(dir)).rejects.toMatchObject({ code: "config-invalid" });
    expect(readFileSync(tokensPath(folder), "utf8")).toBe("{");
  });

  it("are all kept when several are created at once", async () => {
    const { dir, book } = aBook();
    const given = await Promise.all(Array.from({ length: 3 }, (_, i) => giveToken(dir, { name: `p${i}` })));
    for (const { token } of given) expect((await book.look(token)).outcome).toBe("known");
  });

  it("may be many", async () => {
    const { dir, book } = aBook();
    await giveToken(dir);
    await changeTokens(dir, ([first]) =>
      first === undefined
        ? []
        : Array.from({ length: 9_999 }, (_, i) => ({ ...first, id: i.toString(16).padStart(8, "0") })),
    );
    const { token } = await giveToken(dir, { name: "last" });
    expect(await book.look(token)).toMatchObject({ outcome: "known", token: { name: "last" } });
  });

  it("say when they were last used, in a file that no list of tokens is lost by", async () => {
    const { dir, folder, book } = aBook();
    const [{ id, token }, other] = [await giveToken(dir), await giveToken(dir)];
    await book.look(token);
    await revoke(dir, other.id, 1);
    await book.close();
    expect([...(await readTokenUses(folder))]).toEqual([[id, 10_000]]);
    expect(await book.look(other.token)).toEqual(why("revoked"));
  });
});
