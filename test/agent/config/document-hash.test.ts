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
  ])("of an untouched file stays what every version called it: %s", (name, hash, version1) => {
    expect(hashesOf(earlier(name))).toEqual({ hash, earlierHashes: [version1] });
  });

  it("of a playbook is that of its limits, and what its earlier limits were called is known", () => {
    const { hash, earlierHashes } = hashesOf(earlier("playbook"));
    // Also taken from earlier versions, whose playbook had no 10%.
    expect(earlierHashes.slice(1)).toEqual([
      "v2:6bdb33c5edae1d1f6a59b6daefb70d483f7659603fc7b9a5fcc7f28c60339215",
      "5b687bf371227a02e0597cb9e342b00913913d6d90078a6f0876973de0ea548c",
    ]);
    expect(earlierHashes).not.toContain(hash);
  });

  it("is another where a larger limit was written beside a rule's own", () => {
    const of = (more: string) =>
      migrationOf(
        documentText({
          rules: `rules: [{ signal: latency_ms, quantile: 99, limit: 200ms, unit: absolute-increase, ${more} severity: pause }]`,
        }),
      );
    const [plain, larger] = [of(""), of("orRelative: 10%,")];
    for (const hash of [plain.hash, ...plain.earlierHashes]) expect(isItsDocument(larger, hash)).toBe(false);
  });

  it.each([
    ["a new owner", { owner: "owner: somebody else" }, ""],
    ["other approvers", {}, "approvers: [a, b]"],
    ["a runbook", {}, "runbook: https://wiki.example/llm"],
    ["where it happens", {}, "environment: production"],
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

  it("knows a fallback by its flag, however it is written, and none where the list is empty", () => {
    const of = (fallback: string) =>
      migrationOf(documentText({ route: `route: { flag: model, target: builtin${fallback} }` }));
    expect(of(", fallback: []")).toEqual(of(""));
    expect(of(", fallback: [prod]")).toEqual(of(", fallback: [{ target: prod, flag: model }]"));
    const [plain, other] = [of(""), of(", fallback: [prod]")];
    for (const hash of [plain.hash, ...plain.earlierHashes]) expect(isItsDocument(other, hash)).toBe(false);
  });

  it("tells how segments are told apart, unless that is as by default", () => {
    const of = (segments: string) => migrationOf(documentText({ segments: `segments: [${segments}]` }));
    const plain = of("tenant");
    for (const same of ["{ name: tenant }", "{ name: tenant, values: 50 }", "{ name: tenant, normalise: [] }"]) {
      expect(of(same)).toEqual(plain);
    }
    const others = ["{ name: tenant, values: 20 }", "{ name: tenant, normalise: [trim] }"].map(of);
    for (const other of others) {
      for (const hash of [plain.hash, ...plain.earlierHashes]) expect(isItsDocument(other, hash)).toBe(false);
    }
    expect(of("{ name: tenant, normalise: [trim], values: 50 }").hash).toBe(others[1]?.hash);
    const either = ["[lower, trim]", "[trim, lower, trim]"].map((how) => of(`{ name: tenant, normalise: ${how} }`));
    expect(either[0]).toEqual(either[1]);
    expect(either[0]?.segmentOptions).toEqual({ tenant: { normalise: ["trim", "lower"], values: 50 } });
  });

  it.each([
    ["another limit", { rules: "rules: [{ signal: error, limit: 6%, unit: absolute, severity: rollback }]" }],
    ["another severity", { rules: "rules: [{ signal: error, limit: 5%, unit: absolute, severity: pause }]" }],
    ["another candidate", { candidate: "candidate: { model: newer }" }],
    ["another stage", { stages: "stages: [{ canary: 5%, for: 1h }]" }],
    ["an approval less", { stages: "stages: [{ canary: 5%, for: 1h }, { canary: 50%, for: 1h }]" }],
    ["another flag", { route: "route: { flag: other, target: builtin }" }],
    ["a fallback", { route: "route: { flag: model, target: builtin, fallback: [prod] }" }],
    ["other calls", { match: "match: { service: other }" }],
  ])("is another with %s", (_what, parts) => {
    expect(migrationOf(documentText(parts)).hash).not.toBe(migrationOf(documentText()).hash);
  });

  it("is another with four eyes, whatever it was called before, and the same where they are written as false", () => {
    const people = { owner: "owner: team\napprovers: [ana, bob]" };
    const [one, four] = ["", "fourEyes: true"].map((text) => migrationOf(`${documentText(people)}${text}\n`));
    const none = migrationOf(`${documentText(people)}fourEyes: false\n`);
    expect(none).toEqual(one);
    for (const hash of [one?.hash, ...(one?.earlierHashes ?? [])])
      expect(four === undefined || hash === undefined || isItsDocument(four, hash)).toBe(false);
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
