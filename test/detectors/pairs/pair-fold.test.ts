import { describe, expect, it } from "vitest";
import type { PairRow } from "../../../core/pair-row.ts";
import { createPairFold, type PairOverrides, type PairSettings } from "../../../detectors/pairs/pair-fold.ts";
import type { PairReport, SegmentReading } from "../../../detectors/pairs/pair-report.ts";
import { alike, pairRow, reruns, rows } from "./pair-rows.ts";

const reportOf = (all: readonly PairRow[], settings: PairSettings = {}, overrides: PairOverrides = {}): PairReport => {
  const fold = createPairFold(settings);
  for (const row of all) fold.add(row);
  return fold.report(overrides);
};
const overall = ({ segments }: PairReport): SegmentReading => {
  const [first] = segments;
  if (first === undefined) throw new Error("no segment");
  return first;
};
const of = ({ segments }: PairReport, name: string) => segments.find(({ segment }) => segment === name);
const users = (i: number): string => `user-${i % 500}`;

/** Pairs as alike as reruns are, of many users. */
const healthy = (n: number, fields: Partial<PairRow> = {}) =>
  rows(n, (i) => ({ ...alike(0.8 + (0.2 * (i % 20)) / 20), cluster: users(i), ...fields }));
const refused = (n: number, fields: Partial<PairRow> = {}) =>
  rows(n, (i) => ({ ...alike(0.1), changed: ["refusal-new", "text"], cluster: users(i), ...fields }));

describe("a candidate as alike as reruns are", () => {
  it("is clear once there are pairs enough, and not before", () => {
    expect(reportOf([...reruns(100), ...healthy(100)]).evidence.outcome).toBe("undecided");
    const report = reportOf([...reruns(100), ...healthy(1000)]);
    expect(report.evidence).toMatchObject({ outcome: "clear" });
    expect(overall(report)).toMatchObject({ pairs: 1000, classes: { neutral: 1000, undecided: 0 } });
    expect(overall(report).upper).toBeLessThan(0.03);
  });

  it("is undecided, and never neutral, while nobody knows how far the baseline is from itself", () => {
    const report = reportOf([...reruns(59), ...healthy(1000)]);
    expect(overall(report).classes).toMatchObject({ undecided: 1000, neutral: 0 });
    expect(report.evidence.outcome).toBe("undecided");
  });

  it("is undecided without reruns, unless the answers are the same", () => {
    expect(overall(reportOf(healthy(1000))).reruns.floorOf).toBe("nothing");
    expect(reportOf(healthy(1000, alike(1))).evidence.outcome).toBe("clear");
  });
});

describe("the floor", () => {
  it("of reruns that are all the same is the same answer: any other one is beyond it", () => {
    const same = rows(100, () => ({ kind: "rerun" as const, ...alike(1) }));
    const report = overall(reportOf([...same, ...healthy(1000, alike(1)), ...rows(20, () => alike(0.98))]));
    expect(report.classes).toMatchObject({ neutral: 1000, undecided: 20 });
    expect(report.clusters).toMatchObject([{ codes: ["unlike"], pairs: 20, class: "undecided" }]);
  });

  it("goes by meaning where both are known, else by words", () => {
    const near = { numbers: { similarity_chars: 0.2, similarity_semantic: 0.95 }, changed: ["text"] };
    const far = { numbers: { similarity_chars: 0.9, similarity_semantic: 0.4 }, changed: ["text"] };
    const known = rows(100, () => ({ kind: "rerun" as const, ...near }));
    const { classes } = overall(reportOf([...known, ...rows(100, () => near), ...rows(7, () => far)]));
    expect(classes).toMatchObject({ neutral: 100, undecided: 7 });
  });

  it("of a segment is its own as soon as it has reruns enough, else that of all", () => {
    const chat = { segments: { type: "chat" } };
    const steady = rows(100, () => ({ kind: "rerun" as const, ...alike(1), segments: { type: "extract" } }));
    const report = reportOf([
      ...[...reruns(100, chat), ...steady, ...healthy(100, chat)],
      ...rows(100, (i) => ({ ...alike(i < 50 ? 1 : 0.85), segments: { type: "extract" } })),
      ...rows(10, () => ({ ...alike(0.85), segments: { type: "new" } })),
    ]);
    expect(of(report, "type=chat")?.classes.neutral).toBe(100);
    expect(of(report, "type=extract")).toMatchObject({
      classes: { neutral: 50, undecided: 50 },
      reruns: { floorOf: "segment" },
    });
    expect(of(report, "type=new")).toMatchObject({ classes: { neutral: 10 }, reruns: { floorOf: "all" } });
  });

  it("makes no finding of a change that reruns have as often, and one of what they have less often", () => {
    const numbers = { ...alike(0.9), changed: ["numbers", "text"] };
    const steady = rows(100, (i) => (i < 20 ? { kind: "rerun", ...numbers } : { kind: "rerun", ...alike(0.9) }));
    const some = (n: number) => rows(1000, (i) => (i < n ? numbers : alike(0.9)));
    expect(overall(reportOf([...steady, ...some(200)])).classes.neutral).toBe(1000);
    const report = overall(reportOf([...steady, ...some(600)]));
    expect(report.classes.undecided).toBe(600);
    expect(report.clusters).toMatchObject([{ codes: ["numbers"], pairs: 600 }]);
  });

  it("of meaning is raised where all pairs are at its edge; that of words is not, and it is told", () => {
    const by = (similarity_semantic: number) => ({ numbers: { similarity_semantic }, changed: ["text"] });
    const wide = rows(200, (i) => ({ kind: "rerun" as const, ...by(i < 10 ? 0.3 : 0.9) }));
    const report = overall(reportOf([...wide, ...rows(500, () => by(0.4))]));
    expect(report.shift?.share).toBeGreaterThan(0.5);
    expect(report.classes.undecided).toBe(500);
    const none = overall(reportOf([...wide, ...rows(500, (i) => by(i % 20 === 0 ? 0.3 : 0.9))]));
    expect([none.shift, none.classes.neutral]).toEqual([null, 500]);
    const words = rows(200, (i) => ({ kind: "rerun" as const, ...alike(i < 10 ? 0.3 : 0.9) }));
    const reworded = overall(reportOf([...words, ...rows(500, () => alike(0.4))]));
    expect(reworded.shift?.share).toBeGreaterThan(0.5);
    expect(reworded.classes.neutral).toBe(500);
  });
});

describe("a regression", () => {
  it("that is more frequent than the limit is a breach, named by its cluster", () => {
    const report = reportOf([...reruns(100), ...healthy(900), ...refused(100)]);
    expect(report.evidence.outcome).toBe("breach");
    expect(report.evidence.reason).toMatch(
      /^at least [\d.]+% of 1,000 pairs are regressions, limit 3%, most of them refusal-new$/,
    );
    expect(overall(report).clusters).toMatchObject([{ codes: ["refusal-new"], pairs: 100, class: "regression" }]);
    expect(overall(report).clusters[0]?.examples).toHaveLength(3);
  });

  it("of a critical segment is held to that segment's limit", () => {
    const payment = { segments: { input_type: "payment" } };
    const all = [...reruns(200), ...healthy(3000), ...healthy(1000, payment), ...refused(20, payment)];
    const critical = [{ name: "input_type", values: ["payment"], limit: 0.01 }];
    const report = reportOf(all, { critical });
    expect(report.evidence).toMatchObject({ outcome: "undecided" });
    expect(report.evidence.reason).toMatch(/^input_type=payment: up to .* limit 1%/);
    expect(reportOf(all, { limit: 0.1 }).evidence.outcome).toBe("clear");
  });

  it("of a critical segment nobody was in keeps the gate shut", () => {
    const report = reportOf([...reruns(100), ...healthy(2000)], {
      critical: [{ name: "t", values: ["x"], limit: 0.01 }],
    });
    expect(report.evidence).toEqual({ outcome: "undecided", reason: "t=x: no pair yet" });
  });

  it("that reruns have as often is taken off", () => {
    const own = rows(6000, (i) => (i % 20 === 0 ? { kind: "rerun", changed: ["refusal-new"] } : { kind: "rerun" }));
    const report = reportOf([...own, ...healthy(19_000, alike(1)), ...refused(1000)]);
    expect(overall(report).classes.regression).toBe(1000);
    expect(report.evidence.outcome).toBe("clear");
    expect(reportOf([...healthy(19_000, alike(1)), ...refused(1000)]).evidence.outcome).toBe("breach");
  });

  it("that too few reruns have to be taken off is told beside theirs", () => {
    const own = rows(100, (i) => (i % 20 === 0 ? { kind: "rerun", changed: ["refusal-new"] } : { kind: "rerun" }));
    const { evidence } = reportOf([...own, ...healthy(190, alike(1)), ...refused(10)]);
    expect(evidence.reason).toMatch(
      /10 regressions and 0 undecided in 200 pairs; 5 in 100 reruns of the baseline too$/,
    );
  });

  it("is undecided pairs too, until somebody has read them; they are no breach", () => {
    const report = reportOf([...reruns(100), ...healthy(900), ...rows(100, () => alike(0.1))]);
    expect(report.evidence.outcome).toBe("undecided");
    expect(overall(report)).toMatchObject({ lower: 0, open: { pairs: 100, counted: 1, by: "nothing" } });
  });
});

describe("novel behaviour", () => {
  const other = (i: number): Partial<PairRow> => ({
    ...alike(0.85),
    other_values: ["format:markdown"],
    cluster: users(i),
  });

  it("holds the gate above half a percent until somebody accepts it", () => {
    const all = [...reruns(100), ...healthy(4000), ...rows(40, other)];
    const report = reportOf(all);
    expect(overall(report).classes.novel).toBe(40);
    expect(report.evidence).toMatchObject({
      outcome: "undecided",
      reason: expect.stringContaining("nobody accepted it"),
    });
    const [cluster] = overall(report).clusters;
    expect(cluster).toMatchObject({ codes: ["novel:format:markdown"], class: "novel", pairs: 40 });
    const accepted = { clusters: [{ cluster: cluster?.id ?? "", segment: "", class: "neutral" as const }] };
    expect(reportOf(all, {}, accepted).evidence.outcome).toBe("clear");
    expect(reportOf([...reruns(100), ...healthy(9000), ...rows(40, other)]).evidence.outcome).toBe("clear");
  });

  it("takes baseline answers enough to have expected it", () => {
    expect(overall(reportOf([...reruns(60), ...rows(100, other)])).classes).toMatchObject({ novel: 0, neutral: 100 });
    const later = overall(reportOf([...reruns(60), ...rows(100, other), ...healthy(400)]));
    expect(later.classes.novel).toBe(100);
    expect(later.unseenAtMost).toBeCloseTo(3 / 620, 6);
  });

  it("is what a baseline's rerun has had no more", () => {
    const once = reruns(1, { other_values: ["format:markdown"] });
    expect(overall(reportOf([...reruns(100), ...healthy(1000), ...rows(40, other), ...once])).classes.novel).toBe(0);
  });

  it("is no key that baseline and candidate make up anew each time", () => {
    const values = (i: number, which: string) => [`key:k${which}${i}`];
    const open = rows(1500, (i) => ({ ...alike(0.9), served_values: values(i, "a"), other_values: values(i, "b") }));
    expect(overall(reportOf([...reruns(100), ...open])).classes.novel).toBe(0);
  });

  it("is a length beyond the range, and not one within it", () => {
    const of_ = (bucket: number) => [`length:${bucket}`];
    const base = rows(400, (i) => ({ ...alike(0.9), served_values: of_(i % 2 ? 6 : 9), other_values: of_(6) }));
    const pairs = [7, 10].flatMap((bucket) =>
      rows(20, () => ({ ...alike(0.9), served_values: of_(6), other_values: of_(bucket) })),
    );
    const { classes, clusters } = overall(
      reportOf([...reruns(100, { served_values: of_(6), other_values: of_(6) }), ...base, ...pairs]),
    );
    expect(classes.novel).toBe(20);
    expect(clusters).toMatchObject([{ codes: ["novel:length:10"] }]);
  });
});

describe("a person's word", () => {
  it("on a pair wins, and is taken from one class to the other", () => {
    const [one, ...others] = refused(100);
    const all = [...reruns(100), ...healthy(900), ...others, ...(one ? [one] : [])];
    const pairs = one ? [{ row: one, class: "improvement" as const }] : [];
    expect(overall(reportOf(all, {}, { pairs })).classes).toMatchObject({
      regression: 99,
      improvement: 1,
      neutral: 900,
    });
  });

  it("on a cluster holds in the segment it was said of, or everywhere", () => {
    const chat = { segments: { type: "chat" } };
    const all = [...reruns(100), ...healthy(1000, chat), ...refused(100, chat)];
    const id = overall(reportOf(all)).clusters[0]?.id ?? "";
    const say = (segment: string) => reportOf(all, {}, { clusters: [{ cluster: id, segment, class: "neutral" }] });
    expect(overall(say("")).classes.regression).toBe(0);
    expect(overall(say("type=chat")).classes.regression).toBe(100);
    expect(of(say("type=chat"), "type=chat")?.classes.regression).toBe(0);
  });
});

describe("one user", () => {
  it("who has most of the pairs cannot clear the gate for the others", () => {
    const heavy = [...reruns(100), ...healthy(1800, { cluster: "one" }), ...healthy(200)];
    const report = overall(reportOf(heavy));
    expect(report.withoutHeaviest?.part).toBeCloseTo(0.9, 2);
    expect(report.outcome).toBe("undecided");
    expect(report.upper).toBe(report.withoutHeaviest?.upper);
    expect(overall(reportOf([...reruns(100), ...healthy(2000)])).outcome).toBe("clear");
  });

  it("of three is no crowd", () => {
    const three = (n: number) => healthy(n, {}).map((row, i) => ({ ...row, cluster: `user-${i % 3}` }));
    expect(overall(reportOf([...reruns(100), ...three(1000)])).designEffect).toBeGreaterThan(5);
    expect(reportOf([...reruns(100), ...three(1000)]).evidence.outcome).toBe("undecided");
  });
});

describe("segments", () => {
  it("of three pairs hold nothing up", () => {
    const report = reportOf([...reruns(100), ...healthy(2000), ...healthy(3, { segments: { t: "rare" } })]);
    expect(of(report, "t=rare")).toMatchObject({ isWaitedFor: false, outcome: "undecided" });
    expect(report.evidence.outcome).toBe("clear");
  });

  it("with hostile names stay what they are, and on one line", () => {
    const names = [
      { __proto__x: "1" },
      JSON.parse('{"__proto__":"1"}'),
      { constructor: "1" },
      { "": "" },
      { a: "x\u001b[2J\ny" },
    ];
    const report = reportOf([...reruns(100), ...names.flatMap((segments) => healthy(100, { segments }))]);
    expect(overall(report).pairs).toBe(500);
    expect(report.segments.map(({ segment }) => segment).sort()).toEqual([
      ...["", "__proto__=1", "__proto__x=1", "a=x\\u001b[2J\\ny", "constructor=1"],
    ]);
  });

  it("are too many to be looked into beyond 128, which is told", () => {
    const report = reportOf(rows(300, (i) => ({ segments: { user: `${i}` } })));
    expect(report.segments).toHaveLength(129);
    expect(report.untracked).toBe(172);
  });
});

describe("coverage", () => {
  it("counts all served calls by what became of them, which make no pair", () => {
    const lost = [
      pairRow({ outcome: "sampled-out", calls: 70 }),
      pairRow({ outcome: "failed" }),
      pairRow({ outcome: "failed", kind: "rerun" }),
    ];
    const report = reportOf([...healthy(5), ...lost]);
    expect(report.coverage).toEqual({
      candidate: { paired: 5, "sampled-out": 70, failed: 1 },
      rerun: { failed: 1 },
      segments: [],
    });
    expect(overall(report).pairs).toBe(5);
  });
});

describe("any order of the rows", () => {
  it("gives the same classes once reruns are known", () => {
    const all = [...reruns(100), ...healthy(500), ...refused(30), ...rows(20, () => alike(0.2))];
    const { classes } = overall(reportOf(all));
    expect(overall(reportOf([...all].reverse())).classes).toEqual(classes);
  });
});

describe("what is done to it on purpose", () => {
  it("all pairs undecided is not clear, and no breach", () => {
    const report = reportOf([...reruns(100), ...rows(3000, () => alike(0.1))]);
    expect(report.evidence.outcome).toBe("undecided");
    expect(overall(report)).toMatchObject({ lower: 0, classes: { undecided: 3000 } });
  });

  it("a candidate that answers in another language is novel, as one cluster", () => {
    const french = { ...alike(0.05), changed: ["language:fr", "text"], other_values: ["format:prose", "language:fr"] };
    const base = { served_values: ["format:prose", "language:en"] };
    const report = overall(reportOf([...reruns(100, base), ...rows(1000, () => ({ ...french, ...base }))]));
    expect(report.classes.novel).toBe(1000);
    expect(report.clusters).toMatchObject([{ codes: ["language:fr", "novel:language:fr"], pairs: 1000 }]);
  });

  it("rows with numbers, codes and values of a later version, or of nobody, are pairs like others", () => {
    const odd = pairRow({
      numbers: { similarity_chars: Number.NaN, similarity_tokens: 7, later: 1 },
      changed: ["", ":", "a-later-code:x", "__proto__"],
      labels: { judge: "valueOf", rule: "__proto__", person: "" },
      other_values: ["", ":", "later:x", "tool:"],
    });
    const report = overall(reportOf([...reruns(100), ...healthy(400), odd]));
    expect(report.pairs).toBe(401);
    // A tool without a name is one that the baseline never called.
    expect(report.classes).toMatchObject({ neutral: 400, novel: 1 });
  });

  it("ever new changes and values stay within memory, and facts are not lost among them", () => {
    const codes = (i: number) => Array.from({ length: 5 }, (_, k) => `value:${(i * 7 + k * 131) % 5003}`);
    const many = rows(6000, (i) => ({
      ...alike(0.5),
      changed: [...codes(i), ...(i % 10 === 0 ? ["schema-broken"] : []), "text"].sort(),
      other_values: [`key:k${i}`, `tool:t${i % 3000}`],
    }));
    const report = overall(reportOf([...reruns(100), ...many]));
    expect(report.classes.regression).toBe(600);
    expect(report.outcome).toBe("breach");
    expect(report.clusters.length).toBeLessThanOrEqual(20);
    expect(report.clusters.reduce((sum, { pairs }) => sum + pairs, 0) + report.inOtherClusters).toBe(6000);
  });
});
