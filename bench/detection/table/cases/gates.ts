import { klBernoulli } from "../../formulas.ts";
import { drawn } from "../../streams/stream.ts";
import { meansBound, twoRatesBound } from "../bounds.ts";
import type { Case } from "../case.ts";
import { errorRule, errors } from "./errors.ts";
import { at200More, latencyRule, usual } from "./latencies.ts";
import { points, refusalRule, refusals } from "./refusals.ts";
import { constant, PASS, section } from "./section.ts";
import { tokenRule, tokensAt, twenty } from "./tokens.ts";

const same = { ratio: 1, delta: 0 };
const passBound = (rate: number, limit: number): number => -Math.log(PASS) / klBernoulli(rate, limit);
/** G. Gates: the same rules called clear, or never while they are violated. */
export const gateCases: readonly Case[] = [
  ...section("G. clear: error rate below 5%", errorRule, null, [
    { name: "exactly at 5%", stream: errors(constant(0.05), 0.05), asked: "never clear", runs: 200 },
    { name: "1%", stream: errors(constant(0.01)), asked: "clear", runs: 200, bound: passBound(0.01, 0.05) },
  ]),
  ...section("G. clear: refusals within 5 points", refusalRule, null, [
    { name: "3% and 8%, exactly 5 points", stream: refusals(constant(0.08)), asked: "never clear", runs: 100 },
    {
      name: "3% in both arms",
      stream: refusals(constant(0.03)),
      asked: "clear",
      runs: 200,
      bound: twoRatesBound(PASS, 0.03, 0.03, points),
    },
  ]),
  ...section("G. clear: tokens within 20%", tokenRule, null, [
    {
      name: "exactly 20% more, log-sd 0.5",
      stream: drawn("tokens_total", constant(tokensAt(0.5, 1.2)), constant(tokensAt(0.5, 1))),
      asked: "never clear",
      runs: 60,
    },
    {
      name: "equal arms, log-sd 0.5",
      stream: drawn("tokens_total", constant(tokensAt(0.5, 1)), constant(tokensAt(0.5, 1))),
      asked: "clear",
      runs: 100,
      bound: meansBound(PASS, tokensAt(0.5, 1), tokensAt(0.5, 1), twenty),
    },
  ]),
  ...section("G. clear: p99 latency within 200 ms", latencyRule(99), null, [
    {
      name: "exactly 200 ms more",
      stream: drawn("latency_ms", constant(at200More), constant(usual)),
      asked: "never clear",
      runs: 60,
    },
    {
      name: "equal arms",
      stream: drawn("latency_ms", constant(usual), constant(usual)),
      asked: "clear",
      runs: 60,
      bound: twoRatesBound(PASS, usual.above(usual.quantile(0.99) + 200), usual.above(usual.quantile(0.99)), same),
    },
  ]),
];
