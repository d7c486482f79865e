import type { JsonObject } from "../../formats/json/json-object.ts";
import type { CorpusRequest } from "../replay/corpus-line.ts";

/** What a case is there for. */
export type CaseKind =
  | "format"
  | "invariant"
  | "refusal"
  | "known-failure"
  | "multi-turn"
  | "classification"
  | "extraction";

/** Which side of a refusal is expected. */
export type RefusalSide = "answers" | "refuses" | "as-baseline";

/** One thing that is expected of an answer, as it is written: one of the keys, and beside it `path`, `ignoreCase`. */
export interface WrittenCheck {
  /** The value at this JSON path instead of the whole answer: `$.items[0].id`. */
  readonly path?: string | undefined;
  readonly ignoreCase?: boolean | undefined;
  readonly equals?: unknown;
  readonly contains?: string | readonly string[] | undefined;
  readonly containsAny?: readonly string[] | undefined;
  readonly notContains?: string | readonly string[] | undefined;
  readonly regex?: string | undefined;
  readonly notRegex?: string | undefined;
  readonly range?: { readonly min?: number | undefined; readonly max?: number | undefined } | undefined;
  readonly exists?: boolean | undefined;
  /** A JSON Schema, or the path of a file that holds one. */
  readonly schema?: Readonly<Record<string, unknown>> | string | undefined;
  readonly keyPaths?: "baseline" | undefined;
  readonly tool?:
    | { readonly name: string; readonly arguments?: Readonly<Record<string, unknown>> | undefined }
    | undefined;
  readonly sameAsBaseline?: true | undefined;
  /** Path of a module whose default export is the check. */
  readonly javascript?: string | undefined;
  readonly refusal?: RefusalSide | undefined;
}

/** What a check asks for: one of these. */
export type CheckKey = Exclude<keyof WrittenCheck, "path" | "ignoreCase">;

/** The parameters of a request that cases share. */
export type WrittenRequest = Omit<CorpusRequest, "messages">;

/** A case as it is written. */
export interface WrittenCase extends CorpusRequest {
  readonly id: string;
  readonly kind: CaseKind;
  readonly task?: string | undefined;
  readonly incident?: string | undefined;
  readonly prompt?: string | undefined;
  /** What the user says, one after another; each is answered before the next. */
  readonly turns?: readonly string[] | undefined;
  /** Whose answers the turns before the last have: the model's own, or the other one's. */
  readonly answeredBy?: "itself" | "other" | undefined;
  readonly expect?: RefusalSide | readonly WrittenCheck[] | undefined;
  readonly labels?: readonly string[] | undefined;
  /** A file of examples, a JSON object a line. */
  readonly examples?: string | undefined;
  /** JSON path of the label, or of the object of fields, in the answer. */
  readonly path?: string | undefined;
}

/** A model of a suite, as it is written. */
export interface WrittenModel {
  readonly model: string;
  readonly provider?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly keyEnv?: string | undefined;
}

/** What a suite's file says beside its cases. */
export interface SuiteHead {
  readonly suite: string;
  readonly margin?: string | number | undefined;
  readonly models?: { readonly baseline: WrittenModel; readonly candidate: WrittenModel } | undefined;
  readonly defaults?: WrittenRequest | undefined;
  readonly cases: readonly unknown[];
}

/** A check that is ready: files are read, and what examples expect is in it. */
export type Check =
  | { readonly is: "written"; readonly check: WrittenCheck }
  | {
      readonly is: "label";
      readonly labels: readonly string[];
      readonly label: string;
      readonly path: string | undefined;
    }
  | { readonly is: "fields"; readonly fields: Readonly<Record<string, unknown>>; readonly path: string | undefined };

/** A case that can be asked. */
export interface SuiteCase {
  readonly id: string;
  readonly kind: CaseKind;
  /** Empty = none. */
  readonly task: string;
  readonly incident: string;
  /** `suite.yaml:12`. */
  readonly place: string;
  /** The request without what the turns say. */
  readonly request: CorpusRequest & JsonObject;
  /** Empty where there is one question alone. */
  readonly turns: readonly string[];
  readonly answeredBy: "itself" | "other";
  readonly checks: readonly Check[];
  /** Id of the labelled task that it is an example of; empty = of none. */
  readonly group: string;
}

/** A suite that was read. */
export interface Suite {
  readonly name: string;
  /** Share. */
  readonly margin: number;
  readonly models: SuiteHead["models"] | null;
  readonly cases: readonly SuiteCase[];
  /** What was left out, each with its place. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}
