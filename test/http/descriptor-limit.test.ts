import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { descriptorLimit, shareDescriptors } from "../../http/descriptor-limit.ts";

const MODULE = fileURLToPath(new URL("../../http/descriptor-limit.ts", import.meta.url));

describe("the descriptors of a process", () => {
  it("are as many as it was started with", () => {
    const script = `import { descriptorLimit } from ${JSON.stringify(MODULE)}; console.log(descriptorLimit());`;
    const run = `ulimit -n 321; exec "${process.execPath}" --input-type=module -e '${script}'`;
    expect(execFileSync("sh", ["-c", run], { encoding: "utf8" })).toBe("321\n");
    expect(descriptorLimit()).toBeGreaterThan(0);
  });

  it.each([
    [256, 128, 64],
    [1024, 512, 256],
    [65_536, 4096, 2048],
    [Number.POSITIVE_INFINITY, 4096, 2048],
    [3, 1, 1],
  ])("%s are divided so that a quarter is left: %s for ingest, %s for the agent", (limit, ingest, agent) => {
    expect(shareDescriptors(limit)).toEqual({ ingest, agent });
  });
});
