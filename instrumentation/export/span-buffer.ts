/** A first-in, first-out buffer whose every operation takes the same short time, however much waits. */
export interface SpanBuffer<T> {
  readonly size: () => number;
  readonly push: (item: T) => void;
  /** Takes out up to `count` of the oldest. */
  readonly take: (count: number) => T[];
  /** Puts items back in front, in their order. */
  readonly putBack: (items: readonly T[]) => void;
}

/** Consumed places are given back once this many, and half the array, are empty. */
const COMPACT_AT = 1024;

/** Starts empty. */
export const createSpanBuffer = <T>(): SpanBuffer<T> => {
  let items: T[] = [];
  let head = 0;
  return {
    size: () => items.length - head,
    push: (item) => void items.push(item),
    take: (count) => {
      const taken = items.slice(head, head + count);
      head += taken.length;
      if (head >= COMPACT_AT && head * 2 >= items.length) {
        items = items.slice(head);
        head = 0;
      }
      return taken;
    },
    putBack: (returned) => {
      items = [...returned, ...items.slice(head)];
      head = 0;
    },
  };
};
