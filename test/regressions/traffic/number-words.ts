import type { Language } from "./call.ts";

const WORDS: Readonly<Record<Language, readonly string[]>> = {
  en: ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
  de: ["zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"],
  es: ["dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"],
  fr: ["deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"],
};

/** The text with its whole numbers from 2 to 12 written as words; amounts, versions and codes are left alone. */
export const spellNumbers = (text: string, language: Language): string =>
  text.replace(
    /(?<![\w.€#-])(?:[2-9]|1[0-2])(?![\w.:%-]\w|\d|\.\s*[*A-Z"])/g,
    (digits) => WORDS[language][Number(digits) - 2] ?? digits,
  );
