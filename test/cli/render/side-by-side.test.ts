import { describe, expect, it } from "vitest";
import { renderPairContent } from "../../../cli/render/pair-content.ts";
import { sideBySide } from "../../../cli/render/side-by-side.ts";
import { contentView, type PairContentView } from "../../../status/content-view.ts";
import { aContent } from "../../store/a-content.ts";

const of = (left: string, right: string, width = 60) =>
  sideBySide({ title: "A", text: left }, { title: "B", text: right }, width);

describe("two texts side by side", () => {
  it("have what only one of them says in brackets", () => {
    expect(of("It is on its way.", "It was on its way again today.")[2]).toBe(
      `${"It [is] on its [way.]".padEnd(28)} | It [was] on its [way again`,
    );
    expect(of("same", "same")[2]).toBe(`${"same".padEnd(28)} | same`);
    expect(of("", "").slice(2)).toEqual([`${" ".repeat(28)} |`]);
  });

  it.each([20, 40, 80, 240, 5_000])("fit %s columns, within reason", (width) => {
    const lines = of(`${"word ".repeat(300)}\n${"x".repeat(900)}`, "other ".repeat(300), width);
    const most = Math.min(240, Math.max(40, width));
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(most);
    expect(lines.join("").replaceAll(/[^x]/g, "").length).toBe(900);
  });

  it("make no terminal do anything", () => {
    const lines = of("a\u001b[2Jb\u0007\u202e \ud800", "\u001b]0;title\u0007<script>\r\n");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(lines.join("\n")).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e\ud800]/);
    expect(lines.join("\n")).toContain("\\u001b[2J");
  });

  it("of enormous texts are shown as far as a person reads, and the rest is counted", () => {
    const lines = of("a ".repeat(1_000_000), "b ".repeat(1_000_000));
    expect(lines.length).toBeLessThan(1_000);
  });
});

describe("the content of a pair", () => {
  const there = { state: "there", ...contentView(aContent({ truncated: ["output"] })) } as const;
  const view = (fields: Partial<PairContentView>): string =>
    renderPairContent(
      {
        ...{ schema: "leeway.pair-content/1", pair: "p", migration: "m", servedModel: "gpt-4o", secondModel: "gpt-5" },
        ...{ served: there, second: there },
        ...fields,
      },
      200,
    ).join("\n");

  it("is what was asked and both answers, with what the app shortened", () => {
    expect(view({})).toMatch(
      /user: Where is my order\?[\s\S]*served: gpt-4o +\| second: gpt-5[\s\S]*On its way\. +\| On its way\.[\s\S]*shortened by the app: output/,
    );
  });

  it("says plainly what is absent, and what is over", () => {
    expect(view({ second: { state: "absent" } })).toContain("no content came of this side");
    expect(view({ served: { state: "expired" } })).toContain("its time is up");
  });
});
