import { LeewayError } from "../../core/errors.ts";

/** How content is put on spans. */
export interface ContentSettings {
  /** LEEWAY_CONTENT_MAX_BYTES: longest attribute in bytes of UTF-8; longer ones are shortened and marked. */
  readonly maxBytes: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Values of OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT, old and new, that put content on spans. */
const ON_SPANS = new Set(["true", "span_only", "span_and_event"]);

const isWanted = (env: Environment): boolean => {
  const own = (env.LEEWAY_CAPTURE_CONTENT ?? "").toLowerCase();
  if (own === "true" || own === "1") return true;
  if (own === "false" || own === "0") return false;
  if (own !== "") {
    throw new LeewayError("config-invalid", "LEEWAY_CAPTURE_CONTENT: neither yes nor no; expected true or false");
  }
  return ON_SPANS.has((env.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT ?? "").toLowerCase());
};

const readMaxBytes = (text: string): number => {
  if (/^\d{3,7}$/.test(text)) return Number(text);
  throw new LeewayError("config-invalid", "LEEWAY_CONTENT_MAX_BYTES: not a size; expected bytes from 100 to 9999999");
};

/**
 * Whether content goes onto spans; null = not, which is the default. LEEWAY_CAPTURE_CONTENT decides; where it is not
 * set, OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: `true`, `SPAN_ONLY` and `SPAN_AND_EVENT` mean yes. We make
 * no events of content, so that `EVENT_ONLY` means no.
 */
export const readContentSettings = (env: Environment): ContentSettings | null =>
  isWanted(env) ? { maxBytes: readMaxBytes(env.LEEWAY_CONTENT_MAX_BYTES || String(16 * 1024)) } : null;
