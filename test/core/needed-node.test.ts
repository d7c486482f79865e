import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { NEEDED_NODE, nodeProblem } from "../../core/needed-node.ts";

describe("the Node that Leeway needs", () => {
  it.each(["v22.15.0", "v22.21.1", "v24.0.0", "v100.1.0"])("is %s", (version) => {
    expect(nodeProblem(version)).toBeNull();
  });

  it.each(["v22.14.9", "v20.20.2", "v18.0.0", "v9.99.0"])("is not %s", (version) => {
    expect(nodeProblem(version)).toBe(`this is Node ${version}; Leeway needs Node 22.15 or newer`);
  });

  it("is the one that package.json asks for", () => {
    const file = new URL("../../package.json", import.meta.url);
    expect(JSON.parse(readFileSync(file, "utf8")).engines.node).toBe(`>=${NEEDED_NODE}`);
  });
});
