import { describe, expect, it } from "vitest";
import { alterationFor, type Injection, readInjection } from "../../../agent/backtest/injection.ts";

const injectionOf = (text: string): Injection => {
  const read = readInjection(text);
  if ("problem" in read) throw new Error(read.problem);
  return read.injection;
};

describe("what --inject can say", () => {
  it.each<[string, Omit<Injection, "text">]>([
    ["error=+9pt", { signal: "error", quantile: null, change: { kind: "points", by: 0.09 } }],
    ["refusal=-5 points", { signal: "refusal", quantile: null, change: { kind: "points", by: -0.05 } }],
    ["cost_usd=+40%", { signal: "cost_usd", quantile: null, change: { kind: "factor", by: 1.4 } }],
    ["output_tokens = x2", { signal: "output_tokens", quantile: null, change: { kind: "factor", by: 2 } }],
    ["latency_ms.p99=+500ms", { signal: "latency_ms", quantile: 0.99, change: { kind: "amount", by: 500 } }],
    ["output_tokens=-100", { signal: "output_tokens", quantile: null, change: { kind: "amount", by: -100 } }],
  ])("%s", (text, expected) => {
    expect(injectionOf(text)).toEqual({ text, ...expected });
  });

  it.each<[string, string]>([
    ["error", 'character 6: no "="; expected signal=+9pt, signal=+40%, signal=x2 or signal.p99=+500ms'],
    ["eror=+9pt", 'character 1: unknown signal "eror"; did you mean "error"?'],
    ["finish_reason=+9pt", 'character 1: unknown signal "finish_reason"; expected one of error, '],
    [
      "evaluation.safe=-9pt",
      "character 1: evaluations become known after the call, and only calls are dealt; expected",
    ],
    ["latency_ms.99=+9ms", "character 12: expected a quantile such as p99"],
    ["error.p99=+9pt", "character 7: error has no quantiles; expected a signal measured in ms, tokens or USD"],
    ["error=9pt", 'character 7: "9pt"; expected a change that begins with +, - or x'],
    ["error=+500ms", 'character 7: "+500ms"; expected points such as +9pt, a percentage or a factor'],
    ["latency_ms=+500", 'character 12: "+500"; expected a duration such as +500ms, a percentage or a factor'],
    [
      "latency_ms=+9pt",
      'character 12: "+9pt"; expected a percentage, a factor or a number of ms: points are for shares',
    ],
  ])("%s is refused, with the place", (text, problem) => {
    const read = readInjection(text);
    expect("problem" in read && read.problem).toContain(`--inject ${JSON.stringify(text)}: ${problem}`);
  });
});

describe("what it does to the calls", () => {
  const shown = { n: 1000, mean: 0.1, quantile: 900 };

  it.each<[string, ReturnType<typeof alterationFor>]>([
    ["error=+9pt", { kind: "gain", share: 0.09 / 0.9 }],
    ["error=-5pt", { kind: "lose", share: 0.5 }],
    ["error=x2", { kind: "gain", share: 0.1 / 0.9 }],
    ["latency_ms=+40%", { kind: "multiply", by: 1.4, above: null }],
    ["latency_ms.p99=+500ms", { kind: "add", by: 500, above: 900 }],
  ])("%s", (text, expected) => {
    const alteration = alterationFor(injectionOf(text), shown);
    if (typeof alteration === "string" || typeof expected === "string") throw new Error(String(alteration));
    expect(alteration.kind).toBe(expected.kind);
    for (const [key, value] of Object.entries(expected)) {
      const found = (alteration as unknown as Record<string, unknown>)[key];
      if (typeof value === "number") expect(found).toBeCloseTo(value, 12);
      else expect(found).toBe(value);
    }
  });

  it("cannot leave a rate outside 0% to 100%", () => {
    expect(alterationFor(injectionOf("error=+95pt"), shown)).toBe(
      "--inject error=+95pt: the baseline's rate is 10.0%, the change would make it 105.0%; expected a change that leaves it between 0% and 100%",
    );
  });
});
