import type { RefusalLanguage } from "./language.ts";
import { ENGLISH } from "./languages/en.ts";

/** Every language refusals are recognised in; the first that finds something decides. */
export const LANGUAGES: readonly RefusalLanguage[] = [ENGLISH];
