import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isItsDocument, shortHash } from "../../../core/migration.ts";
import { documentText, migrationOf } from "./documents.ts";

const earlier = (name: string): string =>
  readFileSync(new URL(`../../fixtures/earlier/v1/${name}.yaml`, import.meta.url), "utf8");

const hashesOf = (text: string) => {
  const { hash, earlierHashes } = migrationOf(text);
  return { hash, earlierHashes };
};

describe("the hash of a document", () => {
  // Taken from version 0.1 as it was: these must never change, or running migrations stop at an upgrade.
  it.each([
    [
      "support-answers",
      "v2:c58f5d9d3eac397a1d12b3309928f3cacd6a5672a52bdbfdae77da1155bb2368",
      "48a084e14b4c32009e68c858d78be4596abcd3d42b799e83a404e817e72cbc75",
    ],
    [
      "playbook",
      "v2:6bdb33c5edae1d1f6a59b6daefb70d483f7659603fc7b9a5fcc7f28c60339215",
      "5b687bf371227a02e0597cb9e342b00913913d6d90078a6f0876973de0ea548c",
    ],
  ])("of an untouched file stays what every version called it: %s", (name, hash, version1) => {
    expect(hashesOf(earlier(name))).toEqual({ hash, earlierHashes: [version1] });
  });

  it.each([
    ["a new owner", { owner: "owner: somebody else" }, ""],
    ["other approvers", {}, "approvers: [a, b]"],
    [
      "a limit in another spelling",
      { rules: "rules: [{ signal: error, limit: 5.0%, unit: absolute, severity: rollback }]" },
      "",
    ],
    ["a default that is written out", {}, "projections: {}"],
    [
      "a direction that is the signal's own",
      { rules: "rules: [{ signal: error, limit: 5%, unit: absolute, direction: increase, severity: rollback }]" },
      "",
    ],
  ])("is the same with %s", (_what, parts, more) => {
    expect(migrationOf(documentText(parts, more)).hash).toBe(migrationOf(documentText()).hash);
  });

  it.each([
    ["another limit", { rules: "rules: [{ signal: error, limit: 6%, unit: absolute, severity: rollback }]" }],
    ["another severity", { rules: "rules: [{ signal: error, limit: 5%, unit: absolute, severity: pause }]" }],
    ["another candidate", { candidate: "candidate: { model: newer }" }],
    ["another stage", { stages: "stages: [{ canary: 5%, for: 1h }]" }],
    ["an approval less", { stages: "stages: [{ canary: 5%, for: 1h }, { canary: 50%, for: 1h }]" }],
    ["another flag", { route: "route: { flag: other, target: builtin }" }],
    ["other calls", { match: "match: { service: other }" }],
  ])("is another with %s", (_what, parts) => {
    expect(migrationOf(documentText(parts)).hash).not.toBe(migrationOf(documentText()).hash);
  });

  it("is accepted by any of its names, and by no other", () => {
    const migration = migrationOf(documentText());
    expect([migration.hash, ...migration.earlierHashes].map((hash) => isItsDocument(migration, hash))).toEqual([
      true,
      true,
    ]);
    expect(isItsDocument(migration, "v2:0")).toBe(false);
  });

  it("is shown without its version", () => {
    expect([shortHash("v2:0123456789abcdef", 12), shortHash("0123456789abcdef", 8)]).toEqual([
      "0123456789ab",
      "01234567",
    ]);
  });
});
