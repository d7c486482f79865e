import { countText } from "../core/count-text.ts";
import type { Finding, ShapeReport } from "../core/finding.ts";
import { attributionText, findingText } from "../core/finding-text.ts";
import { formatAge } from "./format-age.ts";
import { type Html, html } from "./html.ts";

const item = (finding: Finding, now: number): Html => {
  const { n, since, exampleSpans } = finding;
  const [example] = exampleSpans;
  const answers = `${countText(n.canary)} canary and ${countText(n.baseline)} baseline answers`;
  const trace = example === undefined ? "" : ` · e.g. trace ${example.trace_id}`;
  return html`<p><span class="tag bad">finding</span> ${findingText(finding)}<br><span class="dim">for ${formatAge(since, now)} · ${answers}${trace}</span></p>`;
};

/** What the output differs in, what that can be blamed on, and what to know when reading it; null without any of it. */
export const findingList = ({ findings, notes, attribution }: ShapeReport, now: number): Html | null => {
  if (findings.length === 0 && notes.length === 0) return null;
  const blamed =
    findings.length === 0 ? null : html`<p>What changed between the arms: ${attributionText(attribution)}.</p>`;
  return html`${findings.map((finding) => item(finding, now))}${blamed}${notes.map((note) => html`<p class="dim">${note}</p>`)}`;
};
