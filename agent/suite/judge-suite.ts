import { type CaseVerdict, caseVerdict } from "../../detectors/suite/case-verdict.ts";
import type { SuiteAnswer } from "./answer.ts";
import type { AskedSuite } from "./ask-suite.ts";
import { askedCase, type BothAnswers, type Side, turnsOf } from "./asked-case.ts";
import { createGroupLog, type GroupScores } from "./group-scores.ts";
import { judgeAnswer } from "./judge-answer.ts";
import type { Sandbox } from "./sandbox.ts";
import type { SuiteCase } from "./suite.ts";
import { type Run, type Tally, tallyOf } from "./tally.ts";

/** What came of a case. */
export interface CaseResult {
  readonly id: string;
  readonly kind: SuiteCase["kind"];
  readonly task: string;
  readonly incident: string;
  readonly place: string;
  readonly baseline: Tally;
  readonly candidate: Tally;
  readonly verdict: CaseVerdict;
}

/** What came of all of them. */
export interface JudgedSuite {
  readonly cases: readonly CaseResult[];
  readonly groups: readonly GroupScores[];
  /** Models that answered nothing at all. */
  readonly silent: readonly Side[];
}

const SIDES = ["baseline", "candidate"] as const;

const answerOf = async (
  suiteCase: SuiteCase,
  place: { readonly side: Side; readonly repetition: number },
  answers: BothAnswers,
): Promise<SuiteAnswer | null> => {
  const asked = await askedCase(suiteCase, { ...place, turn: turnsOf(suiteCase) - 1 }, answers);
  if (!("promptId" in asked)) return null;
  return answers[place.side].read(asked.promptId, place.repetition);
};

const isAnswered = (answer: SuiteAnswer | null): answer is SuiteAnswer => answer !== null && answer.error === "";

type Answers = Readonly<Record<Side, readonly (SuiteAnswer | null)[]>>;

const runsOf = async (suiteCase: SuiteCase, side: Side, given: Answers, sandbox: Sandbox): Promise<readonly Run[]> => {
  const runs: Run[] = [];
  for (const [at, answer] of given[side].entries()) {
    const baseline = given.baseline[at] ?? null;
    if (answer === null) runs.push({ is: "missing" });
    else if (answer.error !== "") runs.push({ is: "refused", why: `not answered: ${answer.error}` });
    else runs.push(await judgeAnswer(answer, { suiteCase, baseline: isAnswered(baseline) ? baseline : null, sandbox }));
  }
  return runs;
};

/**
 * Judges every answer that is there, a case at a time, so that no more than one case's answers are held. `progress` is told how many
 * cases are judged.
 */
export const judgeSuite = async (
  { cases, runs }: AskedSuite,
  answers: BothAnswers,
  { sandbox, progress }: { readonly sandbox: Sandbox; readonly progress: (judged: number) => void },
): Promise<JudgedSuite> => {
  const results: CaseResult[] = [];
  const groups = createGroupLog();
  const heard = new Set<Side>();
  for (const suiteCase of cases) {
    const given: Record<Side, (SuiteAnswer | null)[]> = { baseline: [], candidate: [] };
    for (const side of SIDES)
      for (let repetition = 0; repetition < runs; repetition += 1)
        given[side].push(await answerOf(suiteCase, { side, repetition }, answers));
    for (const side of SIDES) {
      const answered = given[side].filter(isAnswered);
      if (answered.length > 0) heard.add(side);
      groups.add(suiteCase, side, answered);
    }
    const hasAnswers = SIDES.some((side) => given[side].some(isAnswered));
    const baseline = tallyOf(await runsOf(suiteCase, "baseline", given, sandbox), hasAnswers);
    const candidate = tallyOf(await runsOf(suiteCase, "candidate", given, sandbox), hasAnswers);
    const { id, kind, task, incident, place } = suiteCase;
    results.push({
      id,
      kind,
      task,
      incident,
      place,
      baseline,
      candidate,
      verdict: caseVerdict({ baseline, candidate }),
    });
    progress(results.length);
  }
  return { cases: results, groups: groups.scores(), silent: SIDES.filter((side) => !heard.has(side)) };
};
