import { expect, it } from "vitest";
import { documentText } from "../agent/config/documents.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { leeway } from "./leeway.ts";

const FILES = {
  "leeway.yaml": "{}\n",
  "migrations/m.yaml": documentText({ stages: "stages: [{ canary: 5%, for: 1h }, { canary: 50%, for: 1d }]" }),
};

it("foresees the stages at a traffic, and ends with 1 where one would never be left", async () => {
  const { code, stdout } = await leeway(temporaryDirectory(FILES), [
    "check",
    "--traffic",
    "5000/day",
    "--users",
    "4000",
  ]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/stage 1 \(canary 5%\) +60 min +more than 10\.0 h +more than 10\.0 h +error/);
  expect(stdout).toContain("ERROR: stage 1 does not end within 10.0 h, 10 times its time");
  expect(stdout).toContain("its time brings 10 canary calls, and nothing is clear before 200: that alone takes 19.2 h");
  expect(stdout).toMatch(/stage 2 \(canary 50%\) +24\.0 h +24\.0 h/);
  expect(stdout).toContain("assumed: each signal as above, 4000 users");
});

it("foresees nothing where nobody says what the traffic is", async () => {
  const { code, stdout } = await leeway(temporaryDirectory(FILES), ["check"]);
  expect(code).toBe(0);
  expect(stdout).not.toContain("how long a healthy candidate stays");
});

it.each([
  [["--traffic", "0"], "--traffic: 0"],
  [["--traffic", "12000/week"], "such as 500 or 12000/day"],
  [["--traffic", "1e400"], "--traffic"],
  [["--traffic", "500", "--users", "0"], "--users: 0"],
])("refuses %o", async (options, message) => {
  const { code, stderr } = await leeway(temporaryDirectory(FILES), ["check", ...options]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});
