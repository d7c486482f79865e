import { messageOf } from "../../core/errors.ts";
import type { DeliveredNotice, Delivery, Notice } from "../../core/notice.ts";
import { aNotice, MALICIOUS, noticeFullOf } from "../alerts/a-notice.ts";
import type { StartedRow } from "./channel-row.ts";

/** What a cell says: how it ended, and where it went wrong why. */
export interface Cell {
  readonly outcome: "ok" | "fails" | "none";
  readonly problem: string;
}

class Problem extends Error {}

/** Throws `what` unless `isSo`. */
export const need = (isSo: boolean, what: string): void => {
  if (!isSo) throw new Problem(what);
};

const TITLES = {
  trigger: "Rolled back support-bot",
  update: "NOT ROLLED BACK support-bot",
  resolve: "Drained support-bot",
};

/** The story of one incident, told over one channel as the notifier tells it: with what was delivered before. */
const createTeller = (row: StartedRow) => {
  const earlier: DeliveredNotice[] = [];
  return async (notice: Notice, ms = 10_000): Promise<Delivery> => {
    const delivery = await row.channel.send(notice, { signal: AbortSignal.timeout(ms), earlier: [...earlier] });
    const { id, type, phase } = notice;
    if (delivery.outcome === "delivered" && notice.incident !== "")
      earlier.push({ id, type, phase, at: Date.now(), receipt: delivery.receipt ?? "" });
    return delivery;
  };
};

/** Waits until `isSo`, ten seconds at most: what was taken need not be seen at once. */
export const eventually = async (isSo: () => Promise<boolean>): Promise<boolean> => {
  const until = performance.now() + 10_000;
  for (;;) {
    if (await isSo()) return true;
    if (performance.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

type Tell = ReturnType<typeof createTeller>;

const delivers = async (tell: Tell, row: StartedRow, notice: Notice, text: string): Promise<void> => {
  const { outcome, detail } = await tell(notice);
  need(outcome === "delivered", `${outcome}: ${detail}`);
  need(await eventually(async () => (await row.seen()).includes(text)), `"${text}" is not seen there`);
};

const standsAt = async ({ state }: StartedRow, wanted: string): Promise<void> => {
  if (state === undefined) return;
  need(await eventually(async () => (await state()) === wanted), `the receiver says ${await state()}, not ${wanted}`);
};

const at = (): number => Date.now();

/** What is tried with every channel, in this order: null where it cannot be arranged. */
export const SITUATIONS: Readonly<Record<string, (row: StartedRow, tell: Tell) => (() => Promise<void>) | null>> = {
  trigger: (row, tell) => async () => {
    await delivers(tell, row, aNotice({ at: at(), title: TITLES.trigger }), TITLES.trigger);
    await standsAt(row, "open");
  },
  update: (row, tell) => async () => {
    const update = aNotice({ id: "2", at: at(), type: "page", phase: "update", title: TITLES.update });
    await delivers(tell, row, update, TITLES.update);
    await standsAt(row, "open");
  },
  resolve: (row, tell) => async () => {
    const drained = { type: "drained", phase: "resolve", severity: "info" } as const;
    const { outcome, detail } = await tell(aNotice({ id: "3", at: at(), ...drained, title: TITLES.resolve }));
    need(outcome === "delivered", `${outcome}: ${detail}`);
    await standsAt(row, "resolved");
  },
  limit: (row, tell) =>
    row.limit === undefined
      ? null
      : async () => {
          row.limit?.begin();
          const delivery = await tell(aNotice({ id: "4", at: at(), incident: "i-4" }));
          need(delivery.outcome === "retry", `${delivery.outcome}: ${delivery.detail}`);
          const waitMs = delivery.outcome === "retry" ? delivery.retryAfterMs : null;
          need(waitMs === row.limit?.waitMs, `waits ${waitMs} ms, not ${row.limit?.waitMs}`);
          row.heal();
          await delivers(
            tell,
            row,
            aNotice({ id: "4", at: at(), incident: "i-4", title: "After the limit" }),
            "After the limit",
          );
        },
  hang: (row, tell) =>
    row.hang === undefined
      ? null
      : async () => {
          row.hang?.();
          const { outcome, detail } = await tell(aNotice({ id: "5", at: at(), incident: "i-5" }), 300);
          need(outcome === "retry", `${outcome}: ${detail}`);
          row.heal();
        },
  cut: (row, tell) =>
    row.carriesAll
      ? null
      : async () => {
          const facts = Array.from({ length: 200 }, (_, i): [string, string] => [`fact ${i}`, "\u4e00".repeat(5_000)]);
          const long = { title: "long ".repeat(500), summary: "word ".repeat(3_000), facts };
          await delivers(tell, row, aNotice({ id: "6", at: at(), incident: "i-6", ...long }), "…");
        },
  hostile: (row, tell) => async () => {
    for (const [what, text] of MALICIOUS) {
      const { outcome, detail } = await tell({ ...noticeFullOf(text), at: at(), id: what, incident: `i-${what}` });
      need(outcome === "delivered", `${what}: ${outcome}: ${detail}`);
    }
    need(row.refused().length === 0, `refused: ${row.refused()[0]}`);
  },
};

const tried = async (row: StartedRow, run: (() => Promise<void>) | null): Promise<Cell> => {
  try {
    await run?.();
    return { outcome: run === null ? "none" : "ok", problem: "" };
  } catch (error) {
    row.heal();
    return { outcome: "fails", problem: messageOf(error) };
  }
};

/** Runs all situations over one started channel, and what else is tried with its receiver. */
export const runSituations = async (row: StartedRow): Promise<Readonly<Record<string, Cell>>> => {
  const tell = createTeller(row);
  const cells: Record<string, Cell> = {};
  for (const [name, situation] of Object.entries(SITUATIONS)) cells[name] = await tried(row, situation(row, tell));
  for (const [name, run] of Object.entries(row.more ?? {})) cells[name] = await tried(row, run);
  return cells;
};
