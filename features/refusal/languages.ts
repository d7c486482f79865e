import type { RefusalLanguage } from "./language.ts";
import { ARABIC } from "./languages/ar.ts";
import { GERMAN } from "./languages/de.ts";
import { ENGLISH } from "./languages/en.ts";
import { SPANISH } from "./languages/es.ts";
import { FRENCH } from "./languages/fr.ts";
import { HEBREW } from "./languages/he.ts";
import { HINDI } from "./languages/hi.ts";
import { INDONESIAN } from "./languages/id.ts";
import { ITALIAN } from "./languages/it.ts";
import { JAPANESE } from "./languages/ja.ts";
import { KOREAN } from "./languages/ko.ts";
import { DUTCH } from "./languages/nl.ts";
import { POLISH } from "./languages/pl.ts";
import { PORTUGUESE } from "./languages/pt.ts";
import { RUSSIAN } from "./languages/ru.ts";
import { TURKISH } from "./languages/tr.ts";
import { UKRAINIAN } from "./languages/uk.ts";
import { VIETNAMESE } from "./languages/vi.ts";
import { CHINESE } from "./languages/zh.ts";

/** Every language refusals are recognised in; the first that finds something decides. */
export const LANGUAGES: readonly RefusalLanguage[] = [
  ...[ENGLISH, SPANISH, FRENCH, GERMAN, ITALIAN, PORTUGUESE, DUTCH, POLISH, TURKISH, INDONESIAN, VIETNAMESE],
  ...[RUSSIAN, UKRAINIAN, ARABIC, HEBREW, HINDI, JAPANESE, KOREAN, CHINESE],
];
