import type { RefusalLanguage } from "../language.ts";

const WORDS = "(?:[\\p{L}'-]+ )";
const TASKS =
  "(?:helpen|beantwoorden|antwoorden|voldoen|verstrekken|geven|schrijven|maken|genereren|delen|uitvoeren|doen|bieden|bespreken|aanbevelen|meewerken|ondersteunen|assisteren|verlenen|inwilligen|leveren|adviseren|doorgaan)";
const LOOKUPS =
  "(?:bekijken|zien|openen|lezen|nakijken|opzoeken|controleren|raadplegen|vaststellen|weten|voorspellen|bevestigen|surfen|bezoeken)";
const CANNOT = "(?:ik (?:kan|mag|zal|wil|ga|kon)|(?:kan|mag|zal|wil|ga) ik)";

/** Dutch. The verb stands at the end of the clause, as in German. */
export const DUTCH: RefusalLanguage = {
  code: "nl",
  cue: /\b(?:niet|geen|weiger|afwijzen|weigeren|onvoldoende|liever|in plaats van|subjectief|gevoelig|omstreden|ongepast|in strijd|bedoelt|bedoel|kunt u|kun je|zou je|zou u)/,
  leadIn:
    /^(?:(?:het spijt me(?: zeer)?|sorry|excuses|mijn excuses|helaas|ik vrees dat|als (?:een )?(?:ai|kunstmatige|taalmodel|assistent)[^,.]{0,40}?|hallo|bedankt[^,.]{0,40}|ik begrijp[^,.]{0,80}),? ?(?:maar |dat )?)(?<=[ ,])/,
  idioms:
    /\bkan (?:ik )?(?:niet (?:wachten|anders dan|geloven)|het nauwelijks)\b|\bspijt me (?:dat te horen|te horen)/g,
  clauseBreak: /,? (?:maar|echter|daarom|dus) (?=ik |het |dat |dit |kan |mijn )|, (?=ik |dat |dit )/g,
  hard: [
    new RegExp(`^(?:${WORDS}{0,3})?${CANNOT} ${WORDS}{0,8}(?:niet|geen) ${WORDS}{0,8}${TASKS}`, "u"),
    /^(?:ik )?(?:ben (?:ik )?niet (?:in staat|bevoegd|gemachtigd)|moet (?:ik )?(?:[\p{L}]+ ){0,4}(?:weigeren|afwijzen)|weiger)/u,
    /^(?:dat|dit|uw verzoek|je verzoek) (?:is in strijd|gaat in tegen|schendt)/,
  ],
  inability: [
    /^(?:ik )?(?:heb|beschik) (?:ik )?(?:[\p{L}]+ ){0,3}(?:geen|niet (?:genoeg|voldoende|over)|onvoldoende) (?:[\p{L}-]+ ){0,3}(?:toegang|informatie|context|gegevens|details|kennis|mogelijkheid)/u,
    new RegExp(`^${CANNOT} ${WORDS}{0,6}(?:niet|geen) ${WORDS}{0,5}${LOOKUPS}`, "u"),
    /^(?:dat )?(?:ik )?weet (?:ik )?(?:het |dat )?niet\b/,
    /^(?:de tekst|het document|de context|de passage) (?:bevat|vermeldt|noemt|geeft|zegt) (?:[\p{L}]+ ){0,3}(?:geen|niet)/u,
  ],
  soft: [
    /^(?:ik )?heb (?:ik )?geen (?:eigen |persoonlijke )?(?:mening|meningen|gevoelens|overtuigingen|voorkeur|voorkeuren)/,
    /^(?:deze vraag|dit onderwerp|de vraag|dit|dat) is (?:[\p{L}]+ )?(?:subjectief|gevoelig|omstreden)/u,
    /^het (?:is|zou) (?:niet (?:gepast|ethisch|juist)|ongepast)/,
    /^(?:ik )?(?:wil|zou) (?:ik )?(?:me )?(?:hier |daar )?(?:liever )?niet (?:over )?(?:uitlaten|speculeren)/,
  ],
  pivot: /\b(?:maar|echter|toch|over het algemeen|doorgaans|in het algemeen|hier (?:is|zijn)|wel)\b/,
  reframe: /^in plaats van [^.!?]{3,120}, (?:kunnen|kan|zou|laten|probeer)/,
  clarify:
    /\b(?:kunt u|kun je|zou je|zou u) (?:alstublieft |alsjeblieft )?(?:[\p{L}]+ ){0,4}(?:verduidelijken|specificeren|toelichten|aangeven|meer (?:details|informatie|context))|\bwat (?:bedoelt u|bedoel je)/u,
};
