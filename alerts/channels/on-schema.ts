import { z } from "zod";
import { SELECTABLE_TYPES, type SelectableType } from "./channel.ts";

/**
 * Schema of `on:`, the notice types a channel carries. Default: all of them. `test` is not listed: a test notice goes
 * to every channel.
 */
export const onSchema: z.ZodType<readonly SelectableType[]> = z
  .array(z.enum(SELECTABLE_TYPES))
  .min(1)
  .default([...SELECTABLE_TYPES]);
