import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { keepReaderPassword } from "../../store/embedded/reader-password.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { recordingLog } from "../store/recording-log.ts";
import { leeway } from "./leeway.ts";

const PASSWORD = "a-password-of-some-length";

it("shows address, user and password, and how curl and Grafana are given them", async () => {
  const folder = temporaryDirectory({ "leeway.yaml": "store: { port: 9000, database: calls }\n" });
  const none = await leeway(folder, ["reader"]);
  expect([none.code, none.stdout]).toEqual([2, ""]);
  expect(none.stderr).toContain("holds no store yet; start the agent first");
  const password = await keepReaderPassword(join(folder, ".leeway"), recordingLog().log);
  const { code, stdout } = await leeway(folder, ["reader"]);
  expect(code).toBe(0);
  for (const part of ["http://127.0.0.1:9000", "reader", password, "calls", "curl --user", "Grafana"]) {
    expect(stdout).toContain(part);
  }
  const json = await leeway(folder, ["reader", "--json"]);
  expect(JSON.parse(json.stdout)).toEqual({
    url: "http://127.0.0.1:9000",
    database: "calls",
    user: "reader",
    password: readFileSync(join(folder, ".leeway", "reader.password"), "utf8").trim(),
    passwordFile: join(folder, ".leeway", "reader.password"),
  });
});

it("says that a server's users are its own, without the secrets in its address", async () => {
  const folder = temporaryDirectory({ "leeway.yaml": `store: { url: "http://me:${PASSWORD}@db.internal:8123" }\n` });
  const { code, stdout, stderr } = await leeway(folder, ["reader"]);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("http://db.internal:8123 is a server");
  expect(stderr).not.toContain(PASSWORD);
});
