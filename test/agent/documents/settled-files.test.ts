import { expect, it } from "vitest";
import type { FolderRead } from "../../../agent/documents/scan-documents.ts";
import { createSettledFiles } from "../../../agent/documents/settled-files.ts";

const folder = (files: Readonly<Record<string, string>>, problem = ""): FolderRead => ({
  problem,
  files: new Map(Object.entries(files).map(([path, text]) => [path, { text }])),
});

const texts = ({ files }: FolderRead): Readonly<Record<string, string>> =>
  Object.fromEntries([...files].map(([path, file]) => [path, "text" in file ? file.text : file.problem]));

it("a text counts when two looks found the same; half-written ones between them never do", () => {
  const settled = createSettledFiles(folder({ a: "1" }));
  const found = ["2, hal", "2, half of it", "2", "2"].map((text) => texts(settled.look(folder({ a: text }))).a);
  expect(found).toEqual(["1", "1", "1", "2"]);
});

it("a new file, too, and one that is written all the time keeps no other waiting", () => {
  const settled = createSettledFiles(folder({}));
  const found = [1, 2, 3].map((n) => texts(settled.look(folder({ busy: `${n}`, calm: "x" }))));
  expect(found).toEqual([{}, { calm: "x" }, { calm: "x" }]);
});

it("a file that an editor renames over is not lost; one that stays away for three looks is", () => {
  const settled = createSettledFiles(folder({ a: "1" }));
  const looks = [{}, {}, { a: "1" }, {}, {}, {}].map((files) => texts(settled.look(folder(files))));
  expect(looks).toEqual([{ a: "1" }, { a: "1" }, { a: "1" }, { a: "1" }, { a: "1" }, {}]);
});

it("a folder that comes back brings its files back", () => {
  const settled = createSettledFiles(folder({ a: "1", b: "2" }));
  for (let look = 0; look < 3; look++) settled.look(folder({}));
  expect(texts(settled.look(folder({ a: "1", b: "2" })))).toEqual({});
  expect(texts(settled.look(folder({ a: "1", b: "2" })))).toEqual({ a: "1", b: "2" });
});

it("a folder that cannot be read for three looks is said, and its files are as they were", () => {
  const settled = createSettledFiles(folder({ a: "1" }));
  const looks = [1, 2, 3].map(() => settled.look(folder({}, "EACCES")));
  expect(looks.map(({ problem }) => problem)).toEqual(["", "", "EACCES"]);
  expect(looks.map(texts)).toEqual([{ a: "1" }, { a: "1" }, { a: "1" }]);
  expect(settled.look(folder({ a: "1" })).problem).toBe("");
});

it("everything counts at once for a person who says so", () => {
  const settled = createSettledFiles(folder({ a: "1" }));
  expect(texts(settled.settle(folder({ b: "2" })))).toEqual({ b: "2" });
});
