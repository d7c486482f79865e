import type { Encoding } from "../../../collector/otlp/encoding.ts";

/** A kind of body that is sent to a collector. */
export interface Shape {
  readonly name: string;
  readonly path: "/v1/traces" | "/v1/logs" | "/v1/metrics";
  readonly encoding: Encoding;
  readonly gzip: boolean;
  /** How many are sent at the same time. */
  readonly times: number;
  /** The body before it is compressed; `bytes` = about how large it should be. */
  readonly body: (bytes: number) => Uint8Array;
  /** Statuses that are right. */
  readonly expected: readonly number[];
}

/** A trace in protobuf, in gzip, once, which is taken or refused for what it holds. */
export const shape = (name: string, body: Shape["body"], more: Partial<Shape> = {}): Shape => ({
  name,
  body,
  path: "/v1/traces",
  encoding: "protobuf",
  gzip: true,
  times: 1,
  expected: [413],
  ...more,
});
