import { expect, test } from "vitest";
import { type Admission, type Announced, createAdmission, type Visit } from "../../../collector/http/admission.ts";

const SETTINGS = {
  maxRequests: 100,
  maxBytes: 8_000_000,
  maxWaitMs: 500,
  maxDiskMs: 5_000,
  maxBodyBytes: 1_000_000,
};

const admissionOn = (settings: Partial<typeof SETTINGS> = {}, random = 0) => {
  const clock = { ms: 0 };
  const admission = createAdmission({ ...SETTINGS, ...settings }, { elapsed: () => clock.ms, random: () => random });
  return { clock, admission };
};

const announced = (bytes: number | null, more: Partial<Announced> = {}): Announced => ({
  bytes,
  gzipped: false,
  abandon: () => undefined,
  ...more,
});

const enter = (admission: Admission, bytes: number | null, more: Partial<Announced> = {}): Visit => {
  const entry = admission.enter(announced(bytes, more));
  if (entry.outcome !== "admitted") throw new Error(`refused: ${entry.why}`);
  return entry.visit;
};

/** Teaches it that 100 000 bytes take 100 ms. */
const learn = ({ admission, clock }: ReturnType<typeof admissionOn>): void => {
  for (let n = 0; n < 60; n += 1) {
    const visit = enter(admission, 83_616);
    visit.arrived(83_616);
    clock.ms += 100;
    visit.decoded();
    visit.leave();
  }
};

test("lets a request in while nothing is known, and forgets it when it has left", () => {
  const { admission } = admissionOn();
  const visit = enter(admission, 1_000);
  expect(admission.stats()).toEqual({ requests: 1, bytes: 1_000, waitMs: 0, diskMs: null });
  visit.leave();
  visit.leave();
  expect(admission.stats()).toEqual({ requests: 0, bytes: 0, waitMs: 0, diskMs: null });
});

test("refuses what would wait for too long, by what a byte was measured to take", () => {
  const world = admissionOn({ maxWaitMs: 550 });
  learn(world);
  const visits = Array.from({ length: 6 }, () => enter(world.admission, 83_616));
  expect(world.admission.stats().waitMs).toBeCloseTo(600);
  expect(world.admission.enter(announced(100))).toEqual({ outcome: "refused", why: "overloaded", retryAfterS: 1 });
  for (const visit of visits) visit.leave();
  expect(world.admission.enter(announced(100)).outcome).toBe("admitted");
});

test.each([
  [0, 1],
  [0.4, 2],
  [0.99, 3],
])("spreads the moments refused senders come again: a draw of %s is %s s", (random, retryAfterS) => {
  const { admission } = admissionOn({ maxRequests: 1 }, random);
  enter(admission, 100);
  expect(admission.enter(announced(100))).toMatchObject({ retryAfterS });
});

test("lets a request in where nothing is under way, whatever was measured: one stall cannot lock everybody out", () => {
  const { admission, clock } = admissionOn();
  const visit = enter(admission, 10);
  visit.arrived(10);
  clock.ms += 3_600_000;
  visit.decoded();
  visit.leave();
  expect(admission.enter(announced(1_000_000)).outcome).toBe("admitted");
});

test("a body that has not arrived counts as a usual one, whatever it announces, and not at all when it is slow", () => {
  const world = admissionOn();
  learn(world);
  enter(world.admission, 1_000_000);
  expect(world.admission.stats().waitMs).toBeCloseTo(100);
  world.clock.ms += 2_001;
  expect(world.admission.stats().waitMs).toBe(0);
});

test("asks nobody to wait for longer than half a minute", () => {
  const world = admissionOn({ maxWaitMs: 10 });
  for (let n = 0; n < 2; n += 1) {
    const visit = enter(world.admission, 10);
    visit.arrived(10);
    world.clock.ms += 3_600_000;
    visit.decoded();
    visit.leave();
  }
  enter(world.admission, 999_000).arrived(999_000);
  expect(world.admission.enter(announced(10))).toMatchObject({ retryAfterS: 30 });
});

test.each<[string, number | null, Partial<Announced>, number]>([
  ["a plain one", 1_000, {}, 1_000],
  ["a compressed one", 1_000, { gzipped: true }, 16_000],
  ["a large compressed one", 900_000, { gzipped: true }, 1_000_000],
  ["a chunked one", null, {}, 1_000_000],
  ["an announcement beyond the limit", 9_000_000_000, {}, 9_000_000_000],
])("bounds memory by what a body may become: %s", (_what, bytes, more, held) => {
  const { admission } = admissionOn({ maxBytes: 10_000_000_000 });
  enter(admission, bytes, more);
  expect(admission.stats().bytes).toBe(Math.min(held, SETTINGS.maxBodyBytes));
});

test("refuses more bytes, or requests, than may be under way", () => {
  const bytes = admissionOn({ maxBytes: 2_000_000 }).admission;
  enter(bytes, null);
  enter(bytes, null);
  expect(bytes.enter(announced(1))).toMatchObject({ why: "overloaded" });
  const requests = admissionOn({ maxRequests: 2 }).admission;
  enter(requests, 1);
  enter(requests, 1);
  expect(requests.enter(announced(1))).toMatchObject({ why: "overloaded" });
});

test("slow bodies make room, the slowest first, and only those that are slow", () => {
  const { admission, clock } = admissionOn({ maxRequests: 3 });
  const abandoned: string[] = [];
  const slow = (name: string) => enter(admission, 1, { abandon: () => void abandoned.push(name) });
  slow("first");
  slow("second");
  clock.ms += 2_001;
  slow("third");
  expect(admission.enter(announced(1)).outcome).toBe("admitted");
  expect(admission.enter(announced(1)).outcome).toBe("admitted");
  expect(admission.enter(announced(1)).outcome).toBe("refused");
  expect(abandoned).toEqual(["first", "second"]);
  expect(admission.stats().requests).toBe(3);
});

test("a request whose rows are on their way to the disk does not make room", () => {
  const { admission, clock } = admissionOn({ maxRequests: 1, maxDiskMs: 1_000_000 });
  const abandoned: string[] = [];
  const visit = enter(admission, 1, { abandon: () => void abandoned.push("it") });
  visit.arrived(1);
  visit.decoded();
  clock.ms += 10_000;
  expect(admission.enter(announced(1)).outcome).toBe("refused");
  expect(abandoned).toEqual([]);
});

test("refuses while rows take too long to reach the disk, and lets in again when they have", () => {
  const { admission, clock } = admissionOn();
  const visit = enter(admission, 1);
  visit.arrived(1);
  expect(admission.stats().diskMs).toBeNull();
  visit.decoded();
  expect(admission.stats().diskMs).toBe(0);
  clock.ms += 5_001;
  expect(admission.enter(announced(1))).toMatchObject({ outcome: "refused", why: "disk-slow" });
  visit.leave();
  expect(admission.enter(announced(1)).outcome).toBe("admitted");
});
