import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freePort } from "../../demo/free-port.ts";
import { keepReaderPassword } from "../../store/embedded/reader-password.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { recordingLog } from "../store/recording-log.ts";
import { leeway, startLeeway } from "./leeway.ts";

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

const modes = (folder: string): ReadonlySet<string> =>
  new Set(
    readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
      const found = lstatSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false });
      if (found === undefined || found.isSymbolicLink()) return [];
      return [`${found.isDirectory() ? "folder" : "file"} ${(found.mode & 0o777).toString(8)}`];
    }),
  );

it("opens the store of a running agent, and nothing the agent wrote is open to others", async () => {
  const port = await freePort();
  const settings = `store: { port: ${port} }\ncollector: { listen: "127.0.0.1:0" }\nagent: { listen: "127.0.0.1:0" }\n`;
  const folder = temporaryDirectory({ "leeway.yaml": settings });
  const agent = await startLeeway(folder);
  try {
    const { stdout } = await leeway(folder, ["reader", "--json"]);
    const { url, user, password, database } = JSON.parse(stdout);
    const answer = await fetch(`${url}/?database=${database}&query=SELECT+count()+FROM+llm_spans`, {
      headers: { authorization: `Basic ${btoa(`${user}:${password}`)}` },
    });
    expect([answer.status, await answer.text()]).toEqual([200, "0\n"]);
    expect(modes(join(folder, ".leeway"))).toEqual(new Set(["folder 700", "file 600"]));
    expect(agent.stderr()).not.toContain(password);
  } finally {
    await agent.stop();
  }
});
