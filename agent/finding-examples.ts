import type { Finding, ShapeReport, SpanId } from "../core/finding.ts";
import type { Migration } from "../core/migration.ts";
import type { Judgement } from "../core/verdict.ts";
import type { Store } from "../store/store.ts";

const EXAMPLES = 3;
/** Calls of this long before the judgement are looked through first, then a day's. */
const LOOKBACKS_MS = [3_600_000, 86_400_000] as const;
/** New findings that are looked up in one round: a round has more urgent things to do. */
const PER_ROUND = 2;
/** How long a finding without an example waits for the next search. */
const AGAIN_MS = 600_000;

/** Example calls of the findings of one migration. */
export interface FindingExamples {
  /** Looks for calls that show the findings which have none yet. Never rejects: without an example a finding stands, too. */
  readonly look: (judgement: Judgement | null) => Promise<void>;
  /** The judgement with the examples found so far. */
  readonly attach: (judgement: Judgement | null) => Judgement | null;
}

const keyOf = ({ feature, segment, label, direction }: Finding): string =>
  JSON.stringify([feature, segment, label, direction]);

/** Examples for the findings of a migration; none is looked for before the first look. */
export const createFindingExamples = (
  inForce: () => Pick<Migration, "name" | "segmentOptions">,
  store: Pick<Store, "exampleSpans">,
): FindingExamples => {
  const known = new Map<string, { readonly spans: readonly SpanId[]; readonly at: number }>();

  const search = async (finding: Finding, until: number): Promise<readonly SpanId[]> => {
    const { name: migration, segmentOptions } = inForce();
    for (const lookback of LOOKBACKS_MS) {
      const of = { migration, ...(segmentOptions === undefined ? {} : { segmentOptions }) };
      const request = { ...of, since: until - lookback, until, finding, limit: EXAMPLES };
      const spans = await store.exampleSpans(request).catch(() => []);
      if (spans.length > 0) return spans;
    }
    return [];
  };
  const withExamples = (report: ShapeReport): ShapeReport => ({
    ...report,
    findings: report.findings.map((finding) => ({
      ...finding,
      exampleSpans: known.get(keyOf(finding))?.spans ?? finding.exampleSpans,
    })),
  });
  const isDue = (finding: Finding, at: number): boolean => {
    const before = known.get(keyOf(finding));
    return before === undefined || (before.spans.length === 0 && at - before.at >= AGAIN_MS);
  };

  return {
    look: async (judgement) => {
      if (judgement?.shape === undefined) return;
      const { at, shape } = judgement;
      for (const finding of shape.findings.filter((each) => isDue(each, at)).slice(0, PER_ROUND)) {
        known.set(keyOf(finding), { spans: await search(finding, at), at });
      }
    },
    attach: (judgement) =>
      judgement?.shape === undefined ? judgement : { ...judgement, shape: withExamples(judgement.shape) },
  };
};
