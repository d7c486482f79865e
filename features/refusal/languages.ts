import type { RefusalLanguage } from "./language.ts";
import { GERMAN } from "./languages/de.ts";
import { ENGLISH } from "./languages/en.ts";
import { SPANISH } from "./languages/es.ts";
import { FRENCH } from "./languages/fr.ts";
import { ITALIAN } from "./languages/it.ts";
import { PORTUGUESE } from "./languages/pt.ts";

/** Every language refusals are recognised in; the first that finds something decides. */
export const LANGUAGES: readonly RefusalLanguage[] = [ENGLISH, SPANISH, FRENCH, GERMAN, ITALIAN, PORTUGUESE];
