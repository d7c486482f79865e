/** Room for bodies that are being worked on, by their bytes. */
export interface BodyRoom {
  /**
   * Resolves with a place of `bytes` when there is one, in the order in which it was asked for; with null when there is
   * none in time, or too much waits already. `held` = bytes that are in memory while it waits.
   */
  readonly enter: (bytes: number, held: number) => Promise<BodyPlace | null>;
}

/** A place in the room. */
export interface BodyPlace {
  /** Gives it back. */
  readonly leave: () => void;
}

/** Bounds of the room. */
export interface BodyRoomSettings {
  /** Bytes of bodies, as inflated, that are worked on at a time. One that is larger waits until it is alone. */
  readonly maxBytes: number;
  /** Bytes in memory that may wait for a place … */
  readonly maxWaitingBytes: number;
  /** … and how long, ms. */
  readonly patienceMs: number;
}

interface Waiting {
  readonly bytes: number;
  readonly held: number;
  readonly admit: (place: BodyPlace | null) => void;
}

/** Creates an empty room. */
export const createBodyRoom = ({ maxBytes, maxWaitingBytes, patienceMs }: BodyRoomSettings): BodyRoom => {
  let [taken, waitingBytes] = [0, 0];
  const queue = new Set<Waiting>();

  const placeOf = (bytes: number): BodyPlace => {
    let held = bytes;
    taken += bytes;
    return {
      leave() {
        taken -= held;
        held = 0;
        admitFirst();
      },
    };
  };
  const hasRoom = (bytes: number): boolean => taken === 0 || taken + bytes <= maxBytes;
  const remove = (waiting: Waiting): void => {
    if (queue.delete(waiting)) waitingBytes -= waiting.held;
  };
  const admitFirst = (): void => {
    for (const first of queue) {
      if (!hasRoom(first.bytes)) return;
      remove(first);
      first.admit(placeOf(first.bytes));
    }
  };

  return {
    enter(bytes, held) {
      if (queue.size === 0 && hasRoom(bytes)) return Promise.resolve(placeOf(bytes));
      if (waitingBytes + held > maxWaitingBytes) return Promise.resolve(null);
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          remove(waiting);
          resolve(null);
          // a smaller one behind it may fit
          admitFirst();
        }, patienceMs);
        const waiting: Waiting = {
          bytes,
          held,
          admit(place) {
            clearTimeout(timer);
            resolve(place);
          },
        };
        waitingBytes += held;
        queue.add(waiting);
      });
    },
  };
};
