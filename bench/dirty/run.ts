// biome-ignore-all lint/suspicious/noConsole: a bench prints
import { parseArgs } from "node:util";
import { DIRTY_KINDS } from "./kinds.ts";

/*
 * Inputs of real traffic that once made Leeway say more than it knew, put to the shipped code: what was said then, what
 * is said now, what is right. Exit 1 when anything is not right.
 *
 *   npm run bench:dirty [-- --only=TEXT]      only kinds whose name contains TEXT
 */
const { values } = parseArgs({ options: { only: { type: "string", default: "" } } });

let [right, wrong] = [0, 0];
for (const { kind, cases } of DIRTY_KINDS.filter((each) => each.kind.includes(values.only))) {
  console.log(`\n**${kind}**\n\n| input | right | before | now | |\n| --- | --- | --- | --- | --- |`);
  for (const { input, right: expected, before, measure, isRight } of cases) {
    const now = await measure();
    const ok = isRight(now);
    if (ok) right += 1;
    else wrong += 1;
    console.log(`| ${[input, expected, before, now, ok ? "" : "WRONG"].join(" | ")} |`);
  }
}
console.log(`\n${right} right, ${wrong} wrong\n`);
process.exitCode = wrong === 0 && right > 0 ? 0 : 1;
