import { sharedRun } from "../../async/shared-run.ts";
import { messageOf } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import type { Migration } from "../../core/migration.ts";
import { DAY_MS } from "../../core/retention.ts";
import type { ShadowPlans } from "../../core/shadow-plan.ts";
import type { Standing } from "../../core/standing.ts";
import type { ShadowSpend } from "../../store/pairs/shadow-spend.ts";
import type { Store } from "../../store/store.ts";
import type { MigrationRunner } from "../migration-runner.ts";
import type { Job } from "../monitors/open-monitors.ts";
import { planOf, shadowStageOf } from "./plan-of.ts";

/** Tells apps what they are to shadow, and keeps the day's budget among them. */
export interface ShadowDesk {
  /** What this process of an app is to shadow from now on. */
  readonly plansFor: (asker: { readonly service: string; readonly instance: string }) => ShadowPlans;
  /** Looks what the day took so far; to be called several times a minute. Never rejects. */
  readonly look: () => Promise<void>;
  /** What second calls of a migration took since the day began, UTC, as of the last look; null = it is not known. */
  readonly today: (migration: string) => ShadowSpend | null;
  /** What second calls of a migration took since it began, and as far as calls are kept; null = it is not known. */
  readonly inAll: (migration: string) => ShadowSpend | null;
  /** What keeps a shadow from being carried out and needs a person, a line each. */
  readonly problems: () => readonly string[];
}

/** What a desk works with. */
export interface ShadowDeskParts {
  readonly runners: () => readonly Pick<MigrationRunner, "migration" | "history" | "snapshot">[];
  readonly spend: Store["shadowSpend"];
  /** Epoch ms. */
  readonly now: () => number;
  readonly log: Log;
}

/** An app asks three times before what it knows is no longer good. */
const GOOD_FOR_MS = 90_000;

/** Where it is not known yet what the day took, an app asks again soon. */
const UNKNOWN_FOR_MS = 3_000;

/** All of a shadow is read anew so often: it may be hundreds of thousands of calls. */
const IN_ALL_EVERY_MS = 120_000;

/** Processes that may ask for one migration; more are as one. */
const MAX_PROCESSES = 10_000;

const IS_SHADOWED: Readonly<Record<Standing, boolean>> = {
  running: true,
  "waiting-for-approval": true,
  ...{ paused: false, drilling: false, "rolling-back": false, "rolled-back": false, "not-rolled-back": false },
  ...{ abandoned: false, done: false },
};

/** A desk that has heard of nobody yet. What the day took is unknown until the first look: until then nothing is shadowed. */
export const createShadowDesk = ({ runners, spend, now, log }: ShadowDeskParts): ShadowDesk => {
  /** By migration; null where it could not be read. */
  const spent = new Map<string, { readonly day: number; readonly known: ShadowSpend | null }>();
  /** By migration, of the life that began then; `known` stays where a later look fails. */
  const whole = new Map<string, { readonly since: number; readonly at: number; readonly known: ShadowSpend | null }>();
  const asked = new Map<string, Map<string, number>>();
  const dayOf = (at: number): number => Math.floor(at / DAY_MS);

  const shadowed = () =>
    runners().flatMap((runner) => {
      const { migration, history } = runner;
      const stage = shadowStageOf(migration, history.state().stage);
      return stage === null || !IS_SHADOWED[runner.snapshot().standing] ? [] : [{ migration, stage }];
    });

  const processesOf = (migration: string, process: string): number => {
    const known = asked.get(migration) ?? new Map<string, number>();
    asked.set(migration, known);
    if (known.size < MAX_PROCESSES) known.set(process, now());
    for (const [name, at] of known) if (now() - at > GOOD_FOR_MS) known.delete(name);
    return known.size;
  };

  const spentOf = (migration: string): ShadowSpend | null => {
    const found = spent.get(migration);
    return found === undefined || found.day !== dayOf(now()) ? null : found.known;
  };

  const sinceOf = (migration: string): number | null =>
    runners()
      .find((runner) => runner.migration.name === migration)
      ?.history.state().since ?? null;

  const inAll = (migration: string): ShadowSpend | null => {
    const found = whole.get(migration);
    return found === undefined || found.since !== sinceOf(migration) ? null : found.known;
  };

  const lookAtAll = async (migration: string, since: number): Promise<void> => {
    const found = whole.get(migration);
    if (found !== undefined && found.since === since && now() - found.at < IN_ALL_EVERY_MS) return;
    const at = now();
    const known = await spend(migration, since).catch((error: unknown) => {
      log.warn(`${migration}: what its shadow took in all is not known: ${messageOf(error)}`);
      return inAll(migration);
    });
    whole.set(migration, { since, at, known });
  };

  const look = sharedRun(async (): Promise<void> => {
    for (const { migration } of shadowed()) {
      const day = dayOf(now());
      const known = await spend(migration.name, day * DAY_MS).catch((error: unknown) => {
        log.warn(
          `${migration.name}: what its shadow took today is not known, and nothing is shadowed: ${messageOf(error)}`,
        );
        return null;
      });
      spent.set(migration.name, { day, known });
    }
    // Those whose shadow is over as well; after the days, which apps wait for.
    for (const { migration, history } of runners())
      if (migration.stages.some(({ kind }) => kind === "shadow"))
        await lookAtAll(migration.name, history.state().since);
  });

  return {
    plansFor: ({ service, instance }) => {
      const isAsked = ({ migration: { match } }: { readonly migration: Migration }): boolean =>
        match.service === null || match.service === service;
      const asked = shadowed().filter(isAsked);
      const plans = asked.flatMap(({ migration, stage }) => {
        const known = spentOf(migration.name);
        const processes = processesOf(migration.name, `${service} ${instance}`);
        return known === null ? [] : [planOf(migration, stage, known, processes)];
      });
      const isKnown = plans.length === asked.length;
      if (!isKnown) void look();
      const migrations = runners()
        .filter(isAsked)
        .map(({ migration }) => migration.name);
      return { plans, migrations, goodForMs: isKnown ? GOOD_FOR_MS : UNKNOWN_FOR_MS };
    },
    look,
    today: spentOf,
    inAll,
    problems: () =>
      shadowed().flatMap(({ migration }) => {
        const known = spentOf(migration.name);
        const usd = migration.shadow?.budget.usd ?? null;
        return usd === null || known === null || known.unpriced === 0
          ? []
          : [
              `${migration.name}: shadow.budget.usd cannot be kept, and nothing is shadowed: ${known.unpriced} shadow calls have no known price; add the candidate's to prices.yaml, or leave usd out`,
            ];
      }),
  };
};

/** The desk as a job of the schedule. */
export const shadowJob = (desk: ShadowDesk): Job => ({
  name: "looking at what shadows take",
  cron: "5,25,45 * * * * *",
  work: desk.look,
});
