import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { documentsIn, readFolder } from "../../../agent/documents/scan-documents.ts";
import { documentText } from "../config/documents.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const FLAGS = { builtin: { type: "builtin", file: "flags.json" } } as never;

const namesOf = (folder: string) => documentsIn(readFolder(folder).files, FLAGS).map(({ name }) => name);
const problemsOf = (folder: string) =>
  documentsIn(readFolder(folder).files, FLAGS).flatMap(({ problems }) => problems.map(({ text }) => text));

it("what editors and mounts keep beside the documents is none", () => {
  const folder = temporaryDirectory({
    "migrations/m.yaml": documentText(),
    "migrations/.m.yaml.swp": "x",
    "migrations/.#m.yaml": "x",
    "migrations/m.yaml~": "x",
    "migrations/4913": "x",
  });
  expect(namesOf(folder)).toEqual(["m"]);
});

it("a ConfigMap's documents are read through its links, before and after a swap", () => {
  const folder = temporaryDirectory({
    "migrations/..1/m.yaml": documentText(),
    "migrations/..2/m.yaml": documentText({ owner: "owner: others" }),
  });
  const documents = join(folder, "migrations");
  symlinkSync("..1", join(documents, "..data"));
  symlinkSync("..data/m.yaml", join(documents, "m.yaml"));
  expect(namesOf(folder)).toEqual(["m"]);
  symlinkSync("..2", join(documents, "..data_tmp"));
  renameSync(join(documents, "..data_tmp"), join(documents, "..data"));
  expect(documentsIn(readFolder(folder).files, FLAGS)[0]?.migration?.owner).toBe("others");
  rmSync(join(documents, "..2"), { recursive: true });
  expect(problemsOf(folder)).toEqual(["it leads nowhere; expected a migration document"]);
});

it("a pipe and a folder called like a document keep nobody waiting", () => {
  const folder = temporaryDirectory({ "migrations/a.txt": "" });
  mkdirSync(join(folder, "migrations/b.yaml"));
  execFileSync("mkfifo", [join(folder, "migrations/p.yaml")]);
  expect(problemsOf(folder)).toEqual(Array(2).fill("it is no file; expected a migration document"));
});

it("a document that is no YAML any more is known by the line that names its migration", () => {
  const folder = temporaryDirectory({ "migrations/m.yaml": "migration: m # ours\nowner: [\n" });
  writeFileSync(join(folder, "migrations/n.yaml"), "\u0000");
  expect(namesOf(folder)).toEqual(["m", null]);
});

it("a folder that is not there has no documents; one that is a file is a problem", () => {
  expect(readFolder(temporaryDirectory({}))).toEqual({ problem: "", files: new Map() });
  expect(readFolder(temporaryDirectory({ migrations: "x" })).problem).toMatch(/cannot be read \(ENOTDIR\)/);
});

it("a text is read once, and again when it is another, is read for other flag systems, or was away", () => {
  const folder = temporaryDirectory({ "migrations/m.yaml": documentText() });
  const path = join(folder, "migrations/m.yaml");
  const flags = { ...(FLAGS as object) } as never;
  const read = (systems = flags) => documentsIn(readFolder(folder).files, systems)[0];
  const first = read();
  expect(read()).toBe(first);
  const elsewhere = read({ prod: { type: "unleash" } } as never);
  expect([elsewhere?.migration, elsewhere?.problems.length]).toEqual([null, 1]);
  writeFileSync(path, documentText({ owner: "owner: others" }));
  expect(read()?.migration?.owner).toBe("others");
  writeFileSync(path, "migration: m\nowner: [\n");
  expect(read()?.migration).toBeNull();
  rmSync(path);
  expect(read()).toBeUndefined();
  writeFileSync(path, documentText());
  expect(read()).toEqual(first);
  expect(read()).not.toBe(first);
});
