import type { JsonObject } from "../../json/json-object.ts";
import type { Part } from "./message.ts";

/** Reads a part, or the value of its member. */
export type PartReader = (fields: JsonObject) => Part;

/** Where the requests of a wire format carry content, and how it writes the parts of a message. */
export interface RequestContent {
  /** Members of a body that hold messages, one or a list, or texts. */
  readonly input: readonly string[];
  /** Members of a body that hold system instructions. */
  readonly system?: readonly string[];
  /** Parts by their `type`. */
  readonly types?: Readonly<Record<string, PartReader>>;
  /** Parts without a type by their only member, whose value is read. */
  readonly members?: Readonly<Record<string, PartReader>>;
}
