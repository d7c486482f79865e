/** A model's name taken apart: what it is, and which build of it. */
interface ModelName {
  readonly raw: string;
  /** The words of the name without vendor, route and build: `gpt`, `4o`, `mini`. */
  readonly words: readonly string[];
  /** Digits of the date or number of a pinned build; empty for an alias, which is whatever the provider makes it. */
  readonly build: string;
  readonly isFloating: boolean;
}

/** What names of models are known to begin with: such a name says what it is, any other may be a deployment's. */
const FAMILIES: ReadonlySet<string> = new Set(
  `gpt chatgpt o1 o3 o4 claude gemini gemma llama mistral mixtral ministral codestral magistral pixtral command deepseek
  qwen qwq grok nova titan phi jamba kimi glm yi palm bison davinci babbage nemotron granite sonar`.split(/\s+/),
);

/** Words that make it another model of the family; any other word behind the name is a label of whoever deployed it. */
const VARIANTS: ReadonlySet<string> = new Set(
  `mini nano micro tiny small medium large pro plus max ultra lite flash turbo fast premier express opus sonnet haiku
  instant instruct chat code coder codex reasoner reasoning thinking vision vl audio realtime search deep research embed
  embedding tts transcribe image oss it r maverick scout nemo air distill`.split(/\s+/),
);

/** `35` and `3.5` are the same; a dot is not allowed in the name of an Azure deployment. */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = { "35": ["3", "5"] };

/** How a gateway is asked to route, which changes nothing in the model: `:free`. */
const ROUTES = /:(?:free|nitro|floor|online|beta|exacto|extended)$/;
/** Bedrock's revision of its own wrapping, `-v1:0`, behind a name of two words and more. */
const REVISION = /^([^:]*-[^:]*)-v\d+:\d+(?::.*)?$/;
/** `openai.`, `us.anthropic.`: vendors and regions; a version's dot is followed by a digit. */
const VENDOR = /^(?:[a-z][a-z-]*\.)+(?=[a-z])/;
const VERSION_WORD = /^v(\d+)(?:p(\d+))?$/;
const FAMILY_AND_NUMBER = /^([a-z]+)(\d.*)$/;

const splitWord = (word: string): readonly string[] => {
  const [, major, minor] = VERSION_WORD.exec(word) ?? [];
  if (major !== undefined) return minor === undefined ? [major] : [major, minor];
  const [, family, rest] = FAMILY_AND_NUMBER.exec(word) ?? [];
  const parts =
    family !== undefined && rest !== undefined && FAMILIES.has(family) && !FAMILIES.has(word) ? [family, rest] : [word];
  return parts.flatMap((part) => SPELLINGS[part] ?? [part]);
};

const YEAR = "20\\d\\d";
const MONTH = "(?:0[1-9]|1[0-2])";
const DAY = "(?:0[1-9]|[12]\\d|3[01])";
/** How builds are written at the end of a name, the words joined by blanks; the longest first. */
const BUILDS: readonly RegExp[] = [
  `${YEAR} ${MONTH} ${DAY}`,
  `${MONTH} ${YEAR}`,
  `${YEAR} ${MONTH}`,
  `${YEAR}${MONTH}${DAY}`,
  `${MONTH}${DAY}`,
  `2[3-9]${MONTH}`,
  "0\\d\\d",
  `(?<=(?:preview|exp) )${MONTH} ${DAY}`,
].map((form) => new RegExp(` (${form})( preview)?$`));

/** Takes the build off the end of a name: `gpt 4 1106 preview` is a build of `gpt 4 preview`. */
const takeBuild = (words: readonly string[]): Pick<ModelName, "words" | "build"> => {
  const text = words.join(" ");
  for (const form of BUILDS) {
    const found = form.exec(text);
    if (found === null || found.index === 0) continue;
    const rest = `${text.slice(0, found.index)}${found[2] ?? ""}`;
    return { words: rest.split(" "), build: (found[1] ?? "").replaceAll(" ", "") };
  }
  return { words, build: "" };
};

/** `claude-3-5-sonnet-v2`: a revision behind a name that has its version already. */
const withoutRevision = (words: readonly string[]): readonly string[] =>
  /^v\d+$/.test(words.at(-1) ?? "") && words.slice(0, -1).some((word) => /\d/.test(word)) ? words.slice(0, -1) : words;

/** `claude-sonnet-4-0` is `claude-sonnet-4`, and 2.0 is 2. */
const withoutZero = (words: readonly string[]): readonly string[] =>
  words.filter((word, at) => word !== "0" || !/^\d+$/.test(words[at - 1] ?? ""));

const takeApart = (name: string): ModelName => {
  const raw = name.trim().toLowerCase();
  const last = raw.slice(raw.lastIndexOf("/") + 1).replace(ROUTES, "");
  const bare = last.replace(REVISION, "$1").replace(VENDOR, "");
  const all = bare.split(/[-_.:@\s]+/).filter((word) => word !== "");
  const isFloating = all.at(-1) === "latest";
  const { words: written, build } = takeBuild(isFloating ? all.slice(0, -1) : all);
  const words = withoutZero(withoutRevision(written).flatMap(splitWord));
  return words.length === 0 || words[0] === ""
    ? { raw, words: [raw], build: "", isFloating }
    : { raw, words, build, isFloating };
};

/** Names are few, and asked about with every tick; where they are not, they are forgotten. */
const MAX_KNOWN = 500;
const known = new Map<string, ModelName>();

const nameOf = (name: string): ModelName => {
  const found = known.get(name);
  if (found !== undefined) return found;
  if (known.size >= MAX_KNOWN) known.clear();
  const parts = takeApart(name);
  known.set(name, parts);
  return parts;
};

const isSameBuild = (a: string, b: string): boolean =>
  a === b || (b.length >= 4 && a.endsWith(b)) || (a.length >= 4 && b.endsWith(a));

/**
 * How a name that was seen is meant by a name of a document: written alike (3), the same build or the same alias (2), a
 * build of the alias (1), another model or build (0), or an alias where the document names a build: which one is not
 * said (-1).
 */
export type NameMatch = 3 | 2 | 1 | 0 | -1;

/** `llama3.1:8b-instruct-q4_K_M` without its tag; null without one. Nothing is known of what the tag stands for. */
const untagged = (name: string): string | null => {
  const at = name.indexOf(":", name.lastIndexOf("/") + 1);
  return at <= 0 || name.startsWith("ft:") || name.startsWith("arn:") ? null : name.slice(0, at);
};

/**
 * Compares names as people and providers write them: letter case, vendors, regions, routes and dates aside. A name in the
 * document without a tag (`llama3.1`) is answered by any of its tags (`llama3.1:8b`), as an alias is by its builds.
 */
export const matchName = (documented: string, seen: string): NameMatch => {
  const match = matchUntagged(documented, seen);
  const bare = match === 0 && !documented.includes(":") ? untagged(seen.trim().toLowerCase()) : null;
  return bare !== null && matchUntagged(documented, bare) > 0 ? 1 : match;
};

const matchUntagged = (documented: string, seen: string): NameMatch => {
  const [own, other] = [nameOf(documented), nameOf(seen)];
  if (own.raw === other.raw) return 3;
  if (own.words.join(" ") !== other.words.join(" ")) return 0;
  if (own.build === "") return other.build === "" ? 2 : 1;
  if (other.build === "") return -1;
  return isSameBuild(own.build, other.build) ? 2 : 0;
};

/** The words that say which model it is, from the family's name to the first label; null for a name of no family. */
const modelWords = ({ words }: ModelName): ReadonlySet<string> | null => {
  const start = words.findIndex((word) => FAMILIES.has(word));
  if (start < 0) return null;
  const rest = words.slice(start);
  const label = rest.findIndex(
    (word) => !FAMILIES.has(word) && !VARIANTS.has(word) && !/^[a-z]?\d+(?:x\d+)?[a-z]?$/.test(word),
  );
  return new Set(label < 0 ? rest : rest.slice(0, label));
};

/**
 * Whether two names say of themselves that they are different models. A deployment's name says nothing (null), and what
 * people put behind a model's name (`gpt-4o-prod`) makes it no other one.
 */
export const areOtherModels = (documented: string, seen: string): boolean | null => {
  const [own, other] = [nameOf(documented), nameOf(seen)];
  const [mine, others] = [modelWords(own), modelWords(other)];
  if (mine === null || others === null) return null;
  if (own.isFloating) return ![...mine].every((word) => others.has(word));
  if (mine.size !== others.size || ![...mine].every((word) => others.has(word))) return true;
  return own.build !== "" && other.build !== "" && !isSameBuild(own.build, other.build);
};

/** Names that somebody's machine made, and which say nothing of a model: an ARN, a digest, an endpoint's number. */
export const isIdentifier = (name: string): boolean =>
  (/^arn:|inference-profile|endpoints\//i.test(name) || /[0-9a-f]{8}/i.test(name.replaceAll("-", ""))) &&
  modelWords(nameOf(name)) === null;
