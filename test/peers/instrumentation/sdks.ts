import type { Expected } from "./expected/expected.ts";
import { openaiExpected } from "./expected/openai.ts";
import { openaiFormat } from "./provider/openai.ts";
import type { WireFormat } from "./provider/reply.ts";

/** One SDK of the matrix. */
export interface Sdk {
  /** Folder below `sdks/`, which holds its exact versions. */
  readonly name: string;
  /** File of `apps/` that exercises it. */
  readonly app: string;
  /** Modules the app is given, by the name it calls them. */
  readonly modules: Readonly<Record<string, string>>;
  /** What the provider double speaks. */
  readonly formats: readonly WireFormat[];
  /** What each step's span has to say. */
  readonly expected: Expected;
  /** Part of the short run. */
  readonly short?: true;
}

/** Every SDK of the matrix. */
export const sdks: readonly Sdk[] = [
  {
    name: "openai-6",
    app: "openai.cjs",
    modules: { openai: "openai" },
    formats: [openaiFormat],
    expected: openaiExpected,
    short: true,
  },
  {
    name: "openai-7",
    app: "openai.cjs",
    modules: { openai: "openai" },
    formats: [openaiFormat],
    expected: openaiExpected,
    short: true,
  },
];
