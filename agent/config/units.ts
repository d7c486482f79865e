import { isIPv6 } from "node:net";
import { z } from "zod";
import { durationSchema } from "../../alerts/duration-schema.ts";
import { parsePercent } from "../../core/parse-amount.ts";
import type { ListenAddress } from "../../http/listen-address.ts";

const BYTES: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 };

const parseBytes = (text: string): number | null => {
  const match = /^(\d+(?:\.\d+)?)\s*(B|KiB|MiB|GiB|TiB)$/.exec(text.trim());
  return match === null ? null : Math.floor(Number(match[1]) * (BYTES[match[2] ?? ""] ?? Number.NaN));
};

const textAs = (parse: (text: string) => number | null, expected: string): z.ZodType<number> =>
  z.unknown().transform((input, context) => {
    const value = typeof input === "string" ? parse(input) : null;
    if (value !== null) return value;
    context.issues.push({
      code: "custom",
      message: `${JSON.stringify(input) ?? "missing"}; expected ${expected}`,
      input,
    });
    return z.NEVER;
  });

/** A duration, as milliseconds. */
export const duration: z.ZodType<number> = durationSchema;

/** A percentage from 0% to 100%, as a share 0-1. */
export const percent: z.ZodType<number> = textAs((text) => {
  const share = parsePercent(text);
  return share !== null && share <= 1 ? share : null;
}, "a percentage such as 5%, at most 100%");

/** A size, as bytes. */
export const bytes: z.ZodType<number> = textAs(parseBytes, "a size such as 64MiB or 2GiB");

/** An address to listen on, "127.0.0.1:4318". */
export const listenAddress: z.ZodType<ListenAddress> = z.unknown().transform((input, context) => {
  const match = typeof input === "string" ? /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(input) : null;
  const port = Number(match?.[2]);
  if (match?.[1] !== undefined && port <= 65_535) return { host: match[1].replace(/^\[|\]$/g, ""), port };
  context.issues.push({
    code: "custom",
    message: `${JSON.stringify(input)}; expected host:port, e.g. 127.0.0.1:4318`,
    input,
  });
  return z.NEVER;
});

/** A name or address as a Host header has it, without a port: "host.docker.internal". Lower case. */
export const hostName: z.ZodType<string> = z.unknown().transform((input, context) => {
  if (typeof input === "string" && /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(input)) return input.toLowerCase();
  if (typeof input === "string" && isIPv6(input)) return input.toLowerCase();
  context.issues.push({
    code: "custom",
    message: `${JSON.stringify(input) ?? "missing"}; expected a host name without scheme and port, e.g. host.docker.internal`,
    input,
  });
  return z.NEVER;
});

/** An http(s) address that people open, at most 1000 characters. A password in it would be in every notice. */
export const webAddress: z.ZodType<string> = z.unknown().transform((input, context) => {
  const url = typeof input === "string" && input.length <= 1000 ? URL.parse(input) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "") return url.href;
  context.issues.push({
    code: "custom",
    message: "no usable address; expected an http or https URL without user:password@",
    input,
  });
  return z.NEVER;
});
