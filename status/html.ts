/** Markup that is safe to send: every value in it was escaped. Only `html` makes it. */
export interface Html {
  readonly markup: string;
}

/** What may stand in a hole of an `html` template; null leaves it empty. */
export type HtmlPart = string | number | null | Html | readonly HtmlPart[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** `text` with the five characters that mean something in HTML, in element content and in quoted attributes, replaced. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);

const isHtml = (part: HtmlPart): part is Html => typeof part === "object" && part !== null && "markup" in part;

const render = (part: HtmlPart): string => {
  if (part === null) return "";
  if (isHtml(part)) return part.markup;
  if (typeof part === "object") return part.map(render).join("");
  return escapeHtml(String(part));
};

/**
 * Template tag: text in the holes is escaped, markup made by `html` is not. Attribute values have to be quoted in the
 * template. Names of models, segments and rules come from production, so escaping is the default and not a choice.
 */
export const html = (strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html => ({
  markup: strings.map((text, index) => text + render(parts[index] ?? null)).join(""),
});
