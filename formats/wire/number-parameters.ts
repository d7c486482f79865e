import type { JsonObject } from "../json/json-object.ts";
import type { RequestAttribute } from "./request-facts.ts";

/** The parameters of `body` that are numbers, as span attributes; `names` gives the attribute of each parameter. */
export const numberParameters = (
  body: JsonObject,
  names: Readonly<Record<string, string>>,
): Record<string, RequestAttribute> =>
  Object.fromEntries(
    Object.entries(names).flatMap(([parameter, attribute]) => {
      const value = body[parameter];
      return typeof value === "number" ? [[attribute, value]] : [];
    }),
  );
