import type { Context } from "hono";

/** A body of JSON with keys and values; null for anything else, a form's for example. Never rejects. */
export const readBody = async (context: Context): Promise<Readonly<Record<string, unknown>> | null> => {
  if (!(context.req.header("content-type") ?? "").startsWith("application/json")) return null;
  try {
    const body: unknown = await context.req.json();
    return typeof body === "object" && body !== null ? (body as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
};

/** A text without the blanks around it; empty for anything else. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value.trim() : "");
