/** One mail, read apart from what wrote it. Throws, with the reason, on what a strict server would not take. */
export interface ReadMail {
  /** Unfolded and decoded, by name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded bodies by content type, without parameters. */
  readonly bodies: Readonly<Record<string, string>>;
}

const decodeQuoted = (text: string): Buffer =>
  Buffer.from(
    text
      .replace(/=\r\n/g, "")
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );

const decodeBody = (text: string, encoding = "7bit"): string => {
  if (encoding === "base64") return Buffer.from(text, "base64").toString("utf8");
  if (encoding === "quoted-printable") return decodeQuoted(text).toString("utf8");
  return text;
};

/** RFC 2047. Two encoded words beside each other are one text. */
const decodeHeader = (text: string): string =>
  text
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toUpperCase() === "B"
        ? Buffer.from(word, "base64").toString("utf8")
        : decodeQuoted(word.replaceAll("_", " ")).toString("utf8"),
    );

const readHeaders = (block: string): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const line of block.replace(/\r\n[ \t]+/g, " ").split("\r\n")) {
    const [, name = "", value = ""] = /^([\x21-\x39\x3b-\x7e]+): ?(.*)$/.exec(line) ?? [];
    if (name === "") throw new Error(`no header: ${JSON.stringify(line.slice(0, 60))}`);
    if (name.toLowerCase() in headers) throw new Error(`a second header ${name}`);
    headers[name.toLowerCase()] = decodeHeader(value);
  }
  return headers;
};

const splitOnce = (text: string, at: string): readonly [string, string] => {
  const i = text.indexOf(at);
  if (i < 0) throw new Error("no empty line behind the headers");
  return [text.slice(0, i), text.slice(i + at.length)];
};

const boundaryOf = (type: string): string => /boundary="?([^";]+)"?/.exec(type)?.[1] ?? "";

/** Reads a mail of plain text and HTML, whose lines end in CRLF and are no longer than 998 characters of ASCII. */
export const readMail = (raw: string): ReadMail => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: which of them are there is the question
  if (/[^\x09\x0a\x0d\x20-\x7e]/.test(raw)) throw new Error("not ASCII");
  if (/(^|[^\r])\n|\r(?!\n)/.test(raw)) throw new Error("a line break that is not CRLF");
  if (raw.split("\r\n").some((line) => line.length > 998)) throw new Error("a line longer than 998");
  const [head, body] = splitOnce(raw, "\r\n\r\n");
  const headers = readHeaders(head);
  const type = headers["content-type"] ?? "";
  if (!type.startsWith("multipart/alternative")) throw new Error(`content type ${type}`);
  const parts = body.split(`--${boundaryOf(type)}`).slice(1, -1);
  const bodies = parts.map((part) => {
    const [partHead, content] = splitOnce(part.replace(/^\r\n/, ""), "\r\n\r\n");
    const own = readHeaders(partHead);
    const kind = (own["content-type"] ?? "").split(";")[0] ?? "";
    return [kind, decodeBody(content, own["content-transfer-encoding"])] as const;
  });
  return { headers, bodies: Object.fromEntries(bodies) };
};
