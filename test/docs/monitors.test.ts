import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { monitorSchema } from "../../agent/config/monitor-schema.ts";
import { EXAMPLE_SETTINGS } from "../../cli/commands/init-templates.ts";
import { PROBE_SIGNALS } from "../../detectors/monitors/probe-comparison.ts";

const PAGE = readFileSync(new URL("../../docs/monitors.md", import.meta.url), "utf8");

const BLOCKS = [...PAGE.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = ""]) => text);

/** First cells of the rows of the page's tables, in code. */
const FIRST_CELLS = [...PAGE.matchAll(/^\| `([a-zA-Z_]+)`/gm)].map(([, name = ""]) => name);

interface Document {
  readonly monitors: readonly object[];
}

describe("docs/monitors.md", () => {
  it("shows a monitor and a sentinel that are valid", () => {
    const [monitor, sentinel] = BLOCKS.map((block) => monitorSchema.parse((parse(block) as Document).monitors[0]));
    expect(monitor).toMatchObject({ name: "support", by: ["model"] });
    expect(sentinel).toMatchObject({ name: "support", sentinel: { maxTokens: 200, timeout: 30_000 } });
  });

  it("lists every setting with its default, and every signal of a sentinel", () => {
    const settings = Object.keys(monitorSchema.parse({ name: "m" })).filter((key) => key !== "sentinel");
    expect(FIRST_CELLS).toEqual(expect.arrayContaining([...settings, ...PROBE_SIGNALS.map(({ id }) => id)]));
  });
});

it("the example that leeway init writes is valid once its marks are taken off", () => {
  const [, commented = ""] = EXAMPLE_SETTINGS.split(/^monitors: \[\].*$/m);
  const { monitors } = parse(`monitors:\n${commented.replaceAll("\n  # ", "\n  ")}`) as Document;
  expect(monitorSchema.parse(monitors[0])).toMatchObject({ name: "support", sentinel: { model: "gpt-4o-2024-08-06" } });
});
