import { createReadLog, type ReadProblem } from "../compare/read-report.ts";
import type { AnswersFile } from "../replay/answers-file.ts";
import type { CorpusRead } from "../replay/corpus.ts";
import type { ReplayParts, ReplayPlan } from "../replay/replay-plan.ts";
import { requestOf } from "../replay/request-of.ts";
import { runReplay } from "../replay/run-replay.ts";
import { askedCase, type BothAnswers, type Side, turnsOf } from "./asked-case.ts";
import type { SuiteCase } from "./suite.ts";

/** How one model is asked. */
export interface AskedSide {
  readonly plan: Omit<ReplayPlan, "entries" | "cohort" | "beside" | "repeat">;
  readonly file: AnswersFile;
  readonly parts: Omit<ReplayParts, "file" | "progress">;
}

/** What became of a model's questions. */
export interface SideReport {
  /** Answers of this run. */
  readonly answered: number;
  readonly notAskable: readonly ReadProblem[];
  readonly refused: readonly ReadProblem[];
  readonly failed: readonly ReadProblem[];
  /** Why it ended early; empty = it did not. */
  readonly stopped: string;
}

/** Cases and how often each is asked. */
export interface AskedSuite {
  readonly cases: readonly SuiteCase[];
  readonly runs: number;
}

/** Nothing beside what the cases say. */
const BESIDE = { maxTokens: null, seed: null } as const;

/** The questions of turn `turn` to a model, each once, by its repetition. */
export async function* entriesOf(
  { cases, runs }: AskedSuite,
  { side, turn }: { readonly side: Side; readonly turn: number },
  answers: BothAnswers,
): AsyncGenerator<CorpusRead> {
  const known = new Set<string>();
  for (const each of cases) {
    if (turn >= turnsOf(each)) continue;
    for (let repetition = 0; repetition < runs; repetition += 1) {
      const asked = await askedCase(each, { side, repetition, turn }, answers);
      if ("problem" in asked && repetition === 0) yield { place: each.place, problem: asked.problem };
      if (!("promptId" in asked)) continue;
      const key = `${asked.promptId} ${repetition}`;
      if (known.has(key)) continue;
      known.add(key);
      const { place, task, id } = each;
      yield {
        entry: { ...asked, place, task, repetition, conversationId: turnsOf(each) > 1 ? `${id}/${repetition}` : "" },
      };
    }
  }
}

const joined = (lists: readonly (readonly ReadProblem[])[]): readonly ReadProblem[] => {
  const all = new Map<string, ReadProblem>();
  for (const each of lists.flat()) {
    const before = all.get(each.reason);
    all.set(each.reason, before === undefined ? each : { ...before, count: before.count + each.count });
  }
  return [...all.values()];
};

/**
 * Asks both models turn by turn, both at once: what has its answer in the files already is not asked again. A model that refuses its key
 * or cannot be reached ends its own questions alone. `progress` is told the number of questions that are dealt with.
 */
export const askSuite = async (
  suite: AskedSuite,
  sides: Readonly<Record<Side, AskedSide>>,
  answers: BothAnswers,
  progress: (dealtWith: number) => void,
): Promise<Readonly<Record<Side, SideReport>>> => {
  const dealt = { baseline: 0, candidate: 0 };
  const reports: Record<Side, SideReport[]> = { baseline: [], candidate: [] };
  const stopped = new Set<Side>();

  const askSide = async (side: Side, turn: number): Promise<void> => {
    if (stopped.has(side)) return;
    const { plan, file, parts } = sides[side];
    const problems = createReadLog();
    const before = dealt[side];
    async function* entries(): AsyncGenerator<CorpusRead> {
      for await (const read of entriesOf(suite, { side, turn }, answers)) {
        if ("entry" in read) {
          const { entry } = read;
          const request = requestOf(plan.asked, entry.asked, BESIDE, 0);
          if (!("notAskable" in request)) yield read;
          else if (entry.repetition === 0) problems.add(request.notAskable, entry.place);
        } else if ("problem" in read) problems.add(read.problem, read.place);
      }
    }
    const run = await runReplay(
      { ...plan, entries, cohort: side === "baseline" ? "baseline" : "canary", beside: BESIDE, repeat: suite.runs },
      {
        ...{ ...parts, file },
        progress: (dealtWith) => {
          dealt[side] = before + dealtWith;
          progress(dealt.baseline + dealt.candidate);
        },
      },
    );
    if (run.stopped !== "") stopped.add(side);
    reports[side].push({ ...run, notAskable: problems.list() });
    await answers[side].refresh();
  };

  const turns = Math.max(1, ...suite.cases.map(turnsOf));
  await Promise.all([answers.baseline.refresh(), answers.candidate.refresh()]);
  for (let turn = 0; turn < turns; turn += 1)
    await Promise.all([askSide("baseline", turn), askSide("candidate", turn)]);
  const told = (side: Side): SideReport => ({
    answered: reports[side].reduce((sum, { answered }) => sum + answered, 0),
    notAskable: joined(reports[side].map(({ notAskable }) => notAskable)),
    refused: joined(reports[side].map(({ refused }) => refused)),
    failed: joined(reports[side].map(({ failed }) => failed)),
    stopped: reports[side].map((each) => each.stopped).find((why) => why !== "") ?? "",
  });
  return { baseline: told("baseline"), candidate: told("candidate") };
};
