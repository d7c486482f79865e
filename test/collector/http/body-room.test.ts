import { expect, test } from "vitest";
import { type BodyPlace, createBodyRoom } from "../../../collector/http/body-room.ts";

const createRoom = (patienceMs = 60_000) => createBodyRoom({ maxBytes: 100, maxWaitingBytes: 150, patienceMs });

const taken = async (place: Promise<BodyPlace | null>): Promise<BodyPlace> => {
  const entered = await place;
  if (entered === null) throw new Error("no place");
  return entered;
};

/** What a promise has come to by now. */
const stateOf = (place: Promise<BodyPlace | null>): Promise<string> =>
  Promise.race([
    place.then((entered) => (entered === null ? "refused" : "entered")),
    new Promise<string>((resolve) => setImmediate(() => resolve("waiting"))),
  ]);

test("bodies enter while there is room, and wait in order while there is none", async () => {
  const room = createRoom();
  const [first, second] = [await taken(room.enter(60, 60)), await taken(room.enter(40, 40))];
  const [third, fourth] = [room.enter(50, 50), room.enter(10, 10)];
  expect([await stateOf(third), await stateOf(fourth)]).toEqual(["waiting", "waiting"]);
  second.leave();
  // the one behind would fit, but large bodies would never get in
  expect([await stateOf(third), await stateOf(fourth)]).toEqual(["waiting", "waiting"]);
  first.leave();
  expect([await stateOf(third), await stateOf(fourth)]).toEqual(["entered", "entered"]);
});

test("a place is given back once", async () => {
  const room = createRoom();
  const first = await taken(room.enter(30, 5));
  await taken(room.enter(70, 5));
  first.leave();
  first.leave();
  expect(await stateOf(room.enter(31, 5))).toBe("waiting");
});

test("a body that is larger than the room is alone in it", async () => {
  const room = createRoom();
  const large = await taken(room.enter(500, 10));
  const small = room.enter(1, 1);
  expect(await stateOf(small)).toBe("waiting");
  large.leave();
  expect(await stateOf(small)).toBe("entered");
});

test("what would keep too much in memory while it waits is refused at once", async () => {
  const room = createRoom();
  await taken(room.enter(100, 100));
  const waiting = room.enter(100, 100);
  expect([await stateOf(room.enter(90, 90)), await stateOf(room.enter(100, 20))]).toEqual(["refused", "waiting"]);
  expect(await stateOf(waiting)).toBe("waiting");
});

test("who waits too long is refused, and makes way for who is behind", async () => {
  const room = createRoom(5);
  await taken(room.enter(60, 1));
  const [large, small] = [room.enter(50, 1), room.enter(40, 1)];
  expect(await large).toBe(null);
  expect(await stateOf(small)).toBe("entered");
});
