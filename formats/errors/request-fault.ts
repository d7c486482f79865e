import type { RequestFault } from "../../core/error-kind.ts";
import type { ErrorFacts } from "./error-facts.ts";

/** How a fault is told: by its code (lower case, letters only) or in its message. The first that matches is the one. */
const FAULTS: readonly (readonly [fault: RequestFault, code: RegExp, message: RegExp])[] = [
  [
    "context-length",
    /contextlength|contextwindow|requesttoolarge/,
    /prompt is too long|input is too long|maximum context length|context window|context length|input token count|request too large|exceeds? (?:the )?(?:maximum|max) (?:number of )?(?:input )?tokens/i,
  ],
  [
    "thinking-conflict",
    /^$/,
    /thinking.{0,80}(?:tool_choice|forces tool use|temperature|top_[pk]|budget)|(?:tool_choice|temperature|top_[pk]|max_tokens|budget_tokens).{0,80}thinking/i,
  ],
  [
    "schema",
    /jsonschema|functionparameters|toolschema/,
    /invalid schema|json schema is invalid|schema for (?:function|response)/i,
  ],
  [
    "unknown-parameter",
    /unknownparameter|extraforbidden|unrecognized/,
    /unknown (?:parameter|name|field|argument)|unrecognized|extra inputs|extra fields|extraneous key|not a valid field|unexpected (?:keyword|parameter|field|argument)|cannot find field/i,
  ],
  [
    "missing-parameter",
    /missingrequired|^missing$|valueerrormissing/,
    /field required|missing required|required key|is required|required (?:field|parameter|property)|must (?:be set|be specified|be provided|specify)/i,
  ],
  [
    "unsupported-parameter",
    /unsupportedparameter/,
    /unsupported parameter|not supported (?:with|by|for|on|in)\b|not (?:available|allowed) (?:with|for|on) this|does(?:n't| not) support (?:the )?(?:parameter|tools?|function|image|system|streaming|thinking|reasoning|response_format)|cannot both be specified|is deprecated/i,
  ],
  [
    "unsupported-value",
    /unsupportedvalue|invalidvalue|invalidtype|abovemax|belowmin|outofrange|lessthan|greaterthan|literalerror|invalidenum/,
    /unsupported value|invalid value|input should be|must be (?:less|greater|one of|between|at (?:most|least)|in the range|a )|> ?\d+, which is the maximum|maximum allowed|out of range|does not support/i,
  ],
];

const letters = (code: string): string => code.replace(/[^A-Za-z]/g, "").toLowerCase();

/** What is wrong with a request that was refused as such; null where neither its codes nor its message tell. */
export const requestFaultOf = ({ codes, message }: Pick<ErrorFacts, "codes" | "message">): RequestFault | null => {
  const words = codes.map(letters).filter((word) => word !== "");
  const by = FAULTS.find(([, code, said]) => words.some((word) => code.test(word)) || said.test(message));
  return by?.[0] ?? null;
};
