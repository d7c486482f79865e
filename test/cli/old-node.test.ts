import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { runProcess } from "../package/run-process.ts";
import { MAIN } from "./leeway.ts";

const PRETEND = "data:text/javascript,Object.defineProperty(process,'version',{value:'v20.20.2'})";

describe("leeway on an old Node", () => {
  it("says which Node it needs", async () => {
    const ended = await runProcess(process.execPath, ["--import", PRETEND, MAIN, "status"], { cwd: tmpdir(), env: {} });
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toBe("this is Node v20.20.2; Leeway needs Node 22.15 or newer\n");
  });
});
