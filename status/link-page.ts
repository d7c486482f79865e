import { utcMinute } from "../core/utc-text.ts";
import { type Html, html } from "./html.ts";
import { STYLE_SHEET } from "./style-sheet.ts";

/** What a link is for, where it is known. */
interface LinkFacts {
  readonly migration: string;
  readonly command: string;
  readonly channel: string;
  /** Epoch ms. */
  readonly until: number;
}

/** What the page of a link shows: a question with a button, or what came of it. */
export type LinkView =
  | ({
      readonly kind: "ask";
      /** Where the migration stands, one line. */
      readonly now: string;
      /** What the button does, one line. */
      readonly effect: string;
      /** Why a link alone does not do; empty where it does. */
      readonly approval: string;
    } & LinkFacts)
  | ({ readonly kind: "told"; readonly title: string; readonly text: string } & Partial<LinkFacts>);

const FORM =
  "form{display:grid;gap:.8rem;max-width:36rem}input,button{font:inherit;padding:.5rem}label{display:grid;gap:.2rem}";

const facts = ({ channel, until }: LinkFacts): Html =>
  html`<p class="dim">By a link in ${channel}, good until ${utcMinute(until)} UTC and for one use.</p>`;

const ask = (view: Extract<LinkView, { kind: "ask" }>): Html => html`<section class="open">
<h2>${view.migration}</h2><p class="headline">${view.command}?</p>
<p>${view.effect}</p><p>Now: ${view.now}</p>
${view.approval === "" ? null : html`<div class="doubt"><p>${view.approval}.</p></div>`}
<form method="post" action=""><input type="hidden" name="go" value="1">
<label>Why (goes into the ledger) <input name="reason" maxlength="300" autocomplete="off"></label>
<label>Your token, where you have one: then it is on record as yours <input type="password" name="token" maxlength="100" autocomplete="off"></label>
<button type="submit">${view.command} ${view.migration}</button></form>
${facts(view)}<p class="dim">Without a token it is on record as done by the link, which says nothing about who followed it.</p></section>`;

const told = ({ title, text, migration, command }: Extract<LinkView, { kind: "told" }>): Html => html`<section>
<h2>${migration ?? "Leeway"}${command === undefined ? null : `: ${command}`}</h2><p class="headline">${title}</p><p>${text}</p></section>`;

/** The page of a link of a notice: a whole document without a script or a second request. Every text is escaped. Pure. */
export const renderLinkPage = (view: LinkView): string =>
  html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<title>${view.kind === "ask" ? `${view.command}?` : view.title} · Leeway</title><style>${{ markup: STYLE_SHEET + FORM }}</style></head><body>
<header><h1>Leeway</h1></header>
${view.kind === "ask" ? ask(view) : told(view)}
</body></html>
`.markup;
