import type { RoutedFlag } from "../alerts/flags/flag-target.ts";
import type { ServedFlag } from "../alerts/flags/ofrep.ts";
import { sharedRun } from "../async/shared-run.ts";
import type { Collector } from "../collector/create-collector.ts";
import type { ConnectionStats } from "../core/collector-stats.ts";
import { messageOf } from "../core/errors.ts";
import type { Migration } from "../core/migration.ts";
import type { MigrationSnapshot } from "../lifecycle/snapshot.ts";
import { drillView } from "../status/drill-view.ts";
import { explain } from "../status/explanation.ts";
import { flagView } from "../status/flag-view.ts";
import type { HeartbeatView } from "../status/heartbeat-view.ts";
import { renderMetrics } from "../status/metrics.ts";
import { type PairsView, pairsView } from "../status/pairs-view.ts";
import { type DecisionsBefore, makeReport } from "../status/report/make-report.ts";
import { silenceViews } from "../status/silence-text.ts";
import { statusView } from "../status/status-of-agent.ts";
import { wantedShare } from "../status/wanted-share.ts";
import type { Store } from "../store/store.ts";
import { commandScope } from "./access/needed-scope.ts";
import type { TokenBook } from "./access/token-book.ts";
import type { AgentParts } from "./agent-parts.ts";
import { problemsOf, STORE_SILENT } from "./agent-problems.ts";
import type { AlertDesk } from "./alert-desk.ts";
import { askFlag } from "./ask-flag.ts";
import type { BaselineDesk } from "./baselines/baseline-desk.ts";
import type { StatusStore } from "./bounded-store.ts";
import type { ContentDesk } from "./content-desk.ts";
import { costOfStage, type ExplainCost } from "./cost-of-stage.ts";
import { handoffsOfStage } from "./handoffs-of-stage.ts";
import type { RouteHandlers } from "./http/create-routes.ts";
import type { LinkDesk } from "./links/link-desk.ts";
import { createLinkHandlers } from "./links/link-handlers.ts";
import type { MigrationRunner } from "./migration-runner.ts";
import { monitorView, type OpenMonitor } from "./monitors/open-monitors.ts";
import { notDeclared } from "./not-declared.ts";
import type { Precedence } from "./precedence.ts";
import { createLabelDesk, type LabelDesk } from "./shadow/label-desk.ts";
import { shadowStageOf } from "./shadow/plan-of.ts";
import type { ShadowDesk } from "./shadow/shadow-desk.ts";
import type { SilenceDesk } from "./silence-desk.ts";

/** What the answers are made from. */
export interface HandlerParts {
  readonly store: Pick<Store, "engine" | "handoffs" | "pairById" | "pairedCalls">;
  /** The store, waited for no longer than a person would. */
  readonly seen: StatusStore;
  readonly runners: () => readonly MigrationRunner[];
  readonly monitors: readonly OpenMonitor[];
  readonly collector: Pick<Collector, "stats">;
  /** The flag of a migration; null for one that is not there. */
  readonly flagOf: (migration: string) => RoutedFlag | null;
  /** Lets a command go before ingest. */
  readonly first: Precedence["first"];
  /** The flags that are served; null before the first round is over. */
  readonly served: () => ReadonlyMap<string, ServedFlag> | null;
  /** Null before the agent listens. */
  readonly connections: () => ConnectionStats | null;
  /** What people decided about a migration before it began. */
  readonly decisions: (migration: string) => DecisionsBefore;
  /** Why calls of a migration cost more or less, from the calls themselves. */
  readonly explainCost: ExplainCost;
  readonly desk: AlertDesk;
  /** What second calls took today. */
  readonly shadow: Pick<ShadowDesk, "today" | "inAll">;
  /** Null = no content is kept. */
  readonly content: ContentDesk | null;
  /** Null = no examples are kept. */
  readonly baselines: BaselineDesk | null;
  readonly silences: SilenceDesk;
  readonly tokens: TokenBook;
  /** Makes and reads the links of notices that act, and where they lead; null = there are none. */
  readonly links: { readonly desk: LinkDesk; readonly address: string } | null;
  /** Null = there is no heartbeat. */
  readonly heartbeat: () => HeartbeatView | null;
  /** By how much the clock was set not long ago, ms; 0 = not at all. */
  readonly clockStepMs: () => number;
  /** What is wrong beside migrations, monitors, engine and store, a line each. */
  readonly problems: () => readonly string[];
}

/** What the agent answers over HTTP. */
export const createHandlers = (
  { now, startedAt, version, log }: Pick<AgentParts, "now" | "version" | "log"> & { readonly startedAt: number },
  { store, seen, runners, monitors, collector, ...parts }: HandlerParts,
): RouteHandlers => {
  const named = (name: string): MigrationRunner | undefined =>
    runners().find(({ migration }) => migration.name === name);
  const snapshots = (): readonly MigrationSnapshot[] => runners().map(({ snapshot }) => snapshot());
  const monitorViews = () => monitors.map(monitorView);
  // However many ask, the flag system is asked once at a time.
  const asks = new WeakMap<RoutedFlag, () => ReturnType<typeof askFlag>>();
  const askOnce = (flag: RoutedFlag): ReturnType<typeof askFlag> => {
    const ask = asks.get(flag) ?? sharedRun(() => askFlag(flag));
    asks.set(flag, ask);
    return ask();
  };
  const { explainCost } = parts;
  // Of a revision, which may have other segments.
  const costs = new WeakMap<Migration, ReturnType<typeof costOfStage>>();
  const costOf = (runner: MigrationRunner): ReturnType<typeof costOfStage> => {
    const { migration, history } = runner;
    const cost = costs.get(migration) ?? costOfStage(migration, { state: history.state, explain: explainCost, now });
    costs.set(migration, cost);
    return cost;
  };
  const handoffs = new WeakMap<MigrationRunner, ReturnType<typeof handoffsOfStage>>();
  const handoffsOf = (runner: MigrationRunner): ReturnType<typeof handoffsOfStage> => {
    const { migration, history } = runner;
    const look = handoffs.get(runner) ?? handoffsOfStage(migration.name, { state: history.state, store, now });
    handoffs.set(runner, look);
    return look;
  };
  const isShadowed = ({ migration, history }: MigrationRunner): boolean =>
    shadowStageOf(migration, history.state().stage) !== null;
  const pairsOf = (runner: MigrationRunner): PairsView => {
    const { migration, pairs } = runner;
    const { name } = migration;
    const [today, spendInAll] = [parts.shadow.today(name), parts.shadow.inAll(name)];
    return pairsView(migration, pairs.report(), { isShadowed: isShadowed(runner), today, spendInAll, at: now() });
  };
  const labelDesks = new WeakMap<MigrationRunner, LabelDesk>();
  const labelsOf: RouteHandlers["content"]["labels"] = (name) => {
    const [runner, { content }] = [named(name), parts];
    if (runner === undefined) return "not-declared";
    if (content === null) return "not-kept";
    const { history, pairs } = runner;
    const desk = labelDesks.get(runner) ?? createLabelDesk({ history, sample: pairs.sample, content, now });
    labelDesks.set(runner, desk);
    return { next: desk.next, take: (order) => runner.inTurn(() => desk.take(order)) };
  };
  const command: RouteHandlers["command"] = async (name, request) =>
    (await parts.first(async () => named(name)?.command(request))) ?? {
      outcome: "unknown",
      problem: notDeclared(name),
    };
  return {
    status: () =>
      statusView(
        { now: now(), startedAt, version },
        {
          store: seen,
          migrations: snapshots(),
          collector,
          monitors: monitorViews,
          silences: () => silenceViews(parts.silences.silences(), parts.silences.muted()),
          engine: store.engine,
          shadowOf: (name) => {
            const runner = named(name);
            return runner === undefined || !isShadowed(runner) ? null : pairsOf(runner);
          },
          problems: () => problemsOf(seen, store.engine(), runners(), monitors, parts.problems()),
        },
      ),
    explain: (name) => {
      const runner = named(name);
      return runner === undefined ? null : explain(runner.snapshot());
    },
    cost: async (name) => {
      const runner = named(name);
      return runner === undefined ? null : costOf(runner)();
    },
    handoffs: async (name) => {
      const runner = named(name);
      return runner === undefined ? null : handoffsOf(runner)();
    },
    report: async (name) => {
      const runner = named(name);
      if (runner === undefined) return null;
      // Before the start no call is of either arm.
      const isBefore = runner.history.state().hash === null;
      const cost = isBefore ? null : await costOf(runner)();
      const handoffs = isBefore ? null : await handoffsOf(runner)();
      const decisions = parts.decisions(name);
      const { migration, entries, judgement } = runner.snapshot();
      return makeReport({ name, document: migration, entries, judgement, cost, handoffs, decisions, at: now() });
    },
    flag: async (name) => {
      const [runner, flag] = [named(name), parts.flagOf(name)];
      if (runner === undefined || flag === null) return null;
      const { migration, history } = runner;
      const answer = await askOnce(flag);
      const isKnown = history.isKnown() || history.state().rollback !== null;
      const wanted = isKnown
        ? wantedShare(migration, history.state(), now())
        : { share: null, because: history.problem() };
      return flagView({ ...migration, migration: name, ...flag, at: now() }, answer, wanted);
    },
    command,
    links:
      parts.links === null
        ? null
        : createLinkHandlers({ ...parts.links, runnerOf: named, command, tokens: parts.tokens }),
    tokens: parts.tokens,
    scopeOf: (name, command) => {
      const runner = named(name);
      return runner === undefined ? "operate" : commandScope(command, runner.migration, runner.history.state());
    },
    silences: parts.silences,
    drills: {
      begin: async (name, order) =>
        (await parts.first(async () => named(name)?.drill(order))) ?? {
          outcome: "unknown",
          problem: notDeclared(name),
        },
      newest: (name) => {
        const runner = named(name);
        return runner === undefined ? undefined : drillView(runner.snapshot());
      },
    },
    pairs: {
      view: async (name) => {
        const runner = named(name);
        if (runner === undefined) return null;
        // What could not be read makes the gate undecided, and says so.
        await runner.pairs.look().catch(() => undefined);
        return pairsOf(runner);
      },
      row: (name, id) => store.pairById(name, id),
      asked: (name, calls) => store.pairedCalls(name, calls),
      word: async (name, order) => (await named(name)?.word(order)) ?? null,
    },
    baselines: {
      baselines: parts.baselines,
      segmentOf: (name) => {
        const runner = named(name);
        return runner === undefined ? null : (runner.migration.segments[0] ?? "");
      },
    },
    content: { desk: parts.content, isDeclared: (name) => named(name) !== undefined, labels: labelsOf },
    alerts: {
      test: parts.desk.test,
      channels: () => parts.desk.channels().map(({ name }) => name),
    },
    flags: parts.served,
    monitors: monitorViews,
    metrics: () => {
      const connections = parts.connections();
      return renderMetrics(collector.stats(), snapshots(), monitorViews(), {
        clockStepMs: parts.clockStepMs(),
        channels: parts.desk.channels(),
        engine: store.engine(),
        heartbeat: parts.heartbeat(),
        ...(connections === null ? {} : { connections }),
      });
    },
    notReady: async () => [
      ...((await seen.ping()) ? [] : [STORE_SILENT]),
      ...(parts.served() === null ? ["the first round is not over"] : []),
    ],
    failed: (error) => log.error("an answer failed", { problem: messageOf(error) }),
  };
};
