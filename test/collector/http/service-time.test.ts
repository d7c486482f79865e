import { expect, test } from "vitest";
import { createServiceTime, type Served } from "../../../collector/http/service-time.ts";

const measuring = () => {
  const clock = { ms: 1_000 };
  const service = createServiceTime(() => clock.ms);
  const arrive = (bytes: number): Served => {
    const served = service.begin();
    served.arrived(bytes);
    return served;
  };
  /** One body after the other, each of which takes `ms`. */
  const serve = (times: number, bytes: number, ms: number): void => {
    for (let n = 0; n < times; n += 1) {
      const served = arrive(bytes);
      clock.ms += ms;
      served.decoded();
    }
  };
  return { clock, service, serve, arrive };
};

test("knows nothing before it has measured", () => {
  const { service, arrive } = measuring();
  arrive(1_000_000);
  expect([service.waitMs(), service.usualMs()]).toEqual([0, 0]);
});

test("knows how long what waits will take, by its bytes", () => {
  const { service, serve, arrive } = measuring();
  serve(100, 83_616, 10);
  expect([service.waitMs(), service.usualMs()]).toEqual([0, expect.closeTo(10)]);
  arrive(83_616);
  arrive(183_616);
  expect(service.waitMs()).toBeCloseTo(30);
});

test("counts the time of many that wait at once only once", () => {
  const { clock, service, arrive } = measuring();
  const all = Array.from({ length: 50 }, () => arrive(1_000));
  for (const served of all) {
    clock.ms += 4;
    served.decoded();
  }
  expect(service.usualMs()).toBeCloseTo(4);
});

test("does not count the time in which none waits", () => {
  const { clock, service, serve } = measuring();
  serve(10, 1_000, 4);
  clock.ms += 3_600_000;
  serve(10, 1_000, 4);
  expect(service.usualMs()).toBeCloseTo(4);
});

test("counts what the loop does while bodies come in, and learns nothing from those that do not", () => {
  const { clock, service } = measuring();
  const [first, second] = [service.begin(), service.begin()];
  clock.ms += 8;
  first.arrived(1_000);
  first.decoded();
  second.end();
  second.decoded();
  expect([service.usualMs(), service.waitMs()]).toEqual([8, 0]);
});

test("follows what changes", () => {
  const { service, serve } = measuring();
  serve(100, 1_000, 10);
  serve(100, 1_000, 1);
  expect(service.usualMs()).toBeLessThan(1.5);
});

test("a small body is measured with what a request costs beside it, so that it does not make bytes dear", () => {
  const { service, serve, arrive } = measuring();
  serve(100, 0, 1);
  arrive(163_840);
  expect(service.waitMs()).toBeLessThan(15);
});

test("a process that was stopped for an hour has not made bodies dear", () => {
  const { service, serve } = measuring();
  serve(1, 1_000, 3_600_000);
  serve(64, 1_000, 1);
  expect(service.usualMs()).toBeLessThan(10);
});
