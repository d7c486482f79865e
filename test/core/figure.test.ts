import { describe, expect, it } from "vitest";
import { countText } from "../../core/count-text.ts";
import { figure, tableFigure } from "../../core/figure.ts";
import { lengthText, secondsText } from "../../core/length-text.ts";
import { logEPartText, logEText } from "../../core/log-e-text.ts";
import { exactPercent, fixedPercent, percent } from "../../core/percent.ts";
import { quantileText } from "../../core/quantile-text.ts";
import { shortNumber } from "../../core/short-number.ts";
import { utcClock, utcMinute, utcSecond, utcStamp } from "../../core/utc-text.ts";

describe("a figure", () => {
  it.each<[value: number | null, unit: string, sentence: string, table: string]>([
    [0.198, "share", "19.8%", "19.8%"],
    [0, "share", "0%", "0%"],
    [0.000123, "share", "0.0123%", "0.0123%"],
    [0.012345, "share", "1.23%", "1.23%"],
    [1, "share", "100%", "100%"],
    [340.44, "ms", "340 ms", "340 ms"],
    [843.4, "ms", "843 ms", "843 ms"],
    [1_522, "ms", "1.52 s", "1522 ms"],
    [12_345, "ms", "12.3 s", "12.3 s"],
    [61_000, "ms", "61 s", "61.0 s"],
    [0.00424, "USD", "$0.00424", "$0.00424"],
    [812.4, "tokens", "812 tokens", "812 tokens"],
    [1_234.4, "tokens", "1230 tokens", "1,234 tokens"],
    [12.345, "tokens", "12.3 tokens", "12.3 tokens"],
    [3, "", "3", "3"],
    [null, "ms", "unknown", "–"],
    [Number.NaN, "ms", "unknown", "–"],
    [Number.POSITIVE_INFINITY, "share", "unknown", "–"],
  ])("%s in %s is %s in a sentence, %s in a table", (value, unit, sentence, table) => {
    expect([figure(value, unit), tableFigure(value, unit)]).toEqual([sentence, table]);
  });
});

describe("a number as text", () => {
  it.each([
    [shortNumber(1_234.5), "1230"],
    [shortNumber(0.98765, 2), "0.99"],
    [percent(0.05), "5%"],
    [percent(null), "unknown"],
    [exactPercent(0.07), "7%"],
    [exactPercent(0.123456), "12.3456%"],
    [fixedPercent(0.005), "1%"],
    [fixedPercent(0.0512, 1), "5.1%"],
    [countText(12_940), "12,940"],
    [countText(12.6), "13"],
    [quantileText(0.95), "p95"],
    [quantileText(0.9995), "p99.95"],
    [quantileText(0.99995), "p99.995"],
    [quantileText(0.57), "p57"],
    [quantileText(0.9999999999), "p99.999999"],
    [logEText({ logE: 2.345, threshold: 4.61 }), "2.3 of 4.6"],
    [logEText({ logE: 2.345, threshold: 4.61 }, 2, " / "), "2.35 / 4.61"],
    [logEText({ logE: 9.31, threshold: 7.09 }, 2, " (threshold ", ")"), "9.31 (threshold 7.09)"],
    // What is not reached does not look reached.
    [logEText({ logE: 4.6049, threshold: 4.6052 }), "4.5 of 4.6"],
    [logEText({ logE: 4.6052, threshold: 4.6052 }), "4.6 of 4.6"],
    [logEText({ logE: -1e9, threshold: 4.61 }), "none yet, 4.6 needed"],
    [logEText({ logE: Number.NEGATIVE_INFINITY, threshold: 4.61 }, 2, " (threshold ", ")"), "none yet, 4.61 needed"],
    [logEText({ logE: 0, threshold: 4.61 }), "none yet, 4.6 needed"],
    [logEText({ logE: Number.NaN, threshold: 4.61 }), "none yet, 4.6 needed"],
    [logEPartText(-1e9), "none yet"],
    [logEPartText(-1700.3921, 2), "-1700.39"],
    [secondsText(3_449), "3.4 s"],
    [lengthText(90_000), "90 s"],
    [lengthText(900_000), "15 min"],
    [lengthText(12_600_000), "3.5 h"],
    [lengthText(14 * 86_400_000), "14.0 d"],
  ])("is %s", (made, text) => {
    expect(made).toBe(text);
  });
});

it("a moment is written in UTC, as far as it matters", () => {
  const at = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
  expect([utcSecond(at), utcStamp(at), utcMinute(at), utcClock(at)]).toEqual([
    "2026-01-02 03:04:05",
    "2026-01-02T03:04:05Z",
    "2026-01-02 03:04",
    "03:04:05",
  ]);
});
