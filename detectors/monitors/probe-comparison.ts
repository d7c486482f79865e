import type { SeriesSample, WatchedSignal } from "../../core/monitor.ts";

/** One answer to a probe, as far as it is compared. Texts are empty, numbers null, where nothing is known. */
export interface ProbeAnswer {
  readonly probe: string;
  /** Digest of the probe's text: an edited probe has no past. */
  readonly version: string;
  readonly isError: boolean;
  /** Digests of the answer and of its form. */
  readonly answer: string;
  readonly form: string;
  readonly chars: number | null;
  readonly responseModel: string;
  readonly systemFingerprint: string;
}

/** The past of one probe: plain data, newest last. */
interface ProbePast {
  readonly probe: string;
  readonly version: string;
  answers: string[];
  forms: string[];
  chars: number[];
}

/** The past of all probes: plain data. */
export interface ProbePasts {
  probes: ProbePast[];
}

/** A past without answers. */
export const emptyPasts = (): ProbePasts => ({ probes: [] });

const rate = (signal: string): WatchedSignal => ({
  id: signal,
  signal,
  kind: "rate",
  quantile: null,
  direction: "increase",
  unit: "share",
});

/**
 * What a sentinel watches, each a share of its probes: failed calls, answers that were never given to that probe, forms
 * that are not its usual one, answers more than a tenth longer or shorter than its usual ones.
 */
export const PROBE_SIGNALS: readonly WatchedSignal[] = [
  "probe_error",
  "probe_answer_new",
  "probe_form_changed",
  "probe_longer",
  "probe_shorter",
].map(rate);

/** Series of a sentinel's samples. */
export const PROBE_SERIES = "sentinel";

/** Answers remembered per probe, and how many there have to be before one is compared with them. */
const REMEMBERED = 20;
const MIN_PAST = 5;
const LONGER = 1.1;

const mostFrequent = (values: readonly string[]): string | null => {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [top] = [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return top?.[0] ?? null;
};

const medianOf = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** The past of the answer's probe; of an edited one a new past takes its place. */
const pastOf = (pasts: ProbePasts, { probe, version }: ProbeAnswer): ProbePast => {
  const known = pasts.probes.find((each) => each.probe === probe && each.version === version);
  if (known !== undefined) return known;
  const past: ProbePast = { probe, version, answers: [], forms: [], chars: [] };
  pasts.probes = [...pasts.probes.filter((each) => each.probe !== probe), past];
  return past;
};

type Found = Readonly<Record<string, boolean | null>>;

/** What the answer is beside its past; null where that cannot be said. */
const compare = ({ answers, forms, chars }: ProbePast, given: ProbeAnswer): Found => {
  const hasText = !given.isError && given.answer !== "";
  const usual = medianOf(chars);
  const isMeasured = !given.isError && given.chars !== null && chars.length >= MIN_PAST;
  return {
    probe_error: given.isError,
    probe_answer_new: hasText && answers.length >= MIN_PAST ? !answers.includes(given.answer) : null,
    probe_form_changed: hasText && forms.length >= MIN_PAST ? mostFrequent(forms) !== given.form : null,
    probe_longer: isMeasured ? (given.chars ?? 0) > usual * LONGER : null,
    probe_shorter: isMeasured ? (given.chars ?? 0) * LONGER < usual : null,
  };
};

const remember = (past: ProbePast, { isError, answer, form, chars }: ProbeAnswer): void => {
  if (isError || answer === "") return;
  past.answers = [...past.answers, answer].slice(-REMEMBERED);
  past.forms = [...past.forms, form].slice(-REMEMBERED);
  if (chars !== null) past.chars = [...past.chars, chars].slice(-REMEMBERED);
};

const countLabels = (labels: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...Map.groupBy(labels.filter(Boolean), (label) => label)].map(([label, all]) => [label, all.length]),
  );

/**
 * Compares the answers of one run, each with the past of its own probe, and remembers them. The samples that a monitor
 * engine watching PROBE_SIGNALS takes.
 */
export const compareRun = (pasts: ProbePasts, answers: readonly ProbeAnswer[]): readonly SeriesSample[] => {
  const found = answers.map((given) => {
    const past = pastOf(pasts, given);
    const compared = compare(past, given);
    remember(past, given);
    return compared;
  });
  const rates = PROBE_SIGNALS.map(({ signal }) => {
    const known = found.map((each) => each[signal] ?? null).filter((value) => value !== null);
    return { series: PROBE_SERIES, signal, n: known.length, sum: known.filter(Boolean).length, bins: {} };
  });
  const identities = (
    [
      ["response_model", answers.map(({ responseModel }) => responseModel)],
      ["system_fingerprint", answers.map(({ systemFingerprint }) => systemFingerprint)],
    ] as const
  ).map(([signal, labels]) => {
    const bins = countLabels(labels);
    const n = Object.values(bins).reduce((sum, each) => sum + each, 0);
    return { series: PROBE_SERIES, signal, n, sum: 0, bins };
  });
  return [...rates, ...identities].filter(({ n }) => n > 0);
};
