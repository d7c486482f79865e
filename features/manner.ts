import { createPhraseStarts, startsIn } from "./phrase-starts.ts";
import type { TextScan } from "./text-scan.ts";
import type { WrittenFeatures } from "./written-features.ts";

/** Where an opening and a closing phrase stand. */
const OPENING = 120;
const CLOSING = 240;

const AS_AN_AI =
  /\b(?:as an? (?:ai|artificial intelligence|(?:large )?language model)|(?:i'm|i am) (?:just |only )?an? (?:ai|(?:large )?language model)|como (?:modelo de lenguaje|una? ia)|en tant qu'ia|als ki\b|in quanto ia|como uma ia)/;
const APOLOGY =
  /\b(?:sorry|apologi[sz]e|apologies|lo siento|disculp[ae]|désolée?|pardon|excusez|es tut mir leid|entschuldig|mi dispiace|scusa|desculp[ae]|sinto muito)/;
const HEDGING =
  /\b(?:perhaps|maybe|possibly|might|it depends|it seems|i think|i believe|likely|generally speaking|in most cases|quizás|tal vez|peut-être|vielleicht|forse|talvez)\b/;
const PREAMBLE =
  /^(?:sure|certainly|of course|absolutely|definitely|great(?: question)?|good question|okay|ok|alright|got it|happy to help|i'd be (?:happy|glad) to|thank you for|thanks for|here(?:'s| is| are)|claro|por supuesto|desde luego|bien sûr|certainement|voici|natürlich|selbstverständlich|gerne|certo|certamente|ecco|com certeza|aqui está)(?![\p{L}\p{N}])/u;
const CLOSING_OFFER =
  /\b(?:let me know|feel free|hope (?:this|that) helps|happy to help|glad to help|would you like me to|do you want me to|if you (?:have|need|want|would like|'d like) (?:any|more|further|me|help|additional|other)|is there anything else|don't hesitate|avísame|no dudes|n'hésite|si vous avez|lass(?:en)? (?:sie )?(?:es )?mich wissen|fammi sapere|se hai (?:altre )?|me avise|se (?:você )?precisar)/;
const FIRST_PERSON = /(?:^|[^\p{L}'])(?:i|i'm|i've|i'll|i'd|yo|je|j'ai|ich|io|eu)(?![\p{L}])/u;
const QUESTION_AT_END = /[?\uff1f\u061f]["')*_\s]{0,10}$/;

/** What the phrases of the patterns begin with, told in one walk over the text: most answers have none of most. */
const STARTS = createPhraseStarts([
  ["as a", "i'm ", "i am", "como", "en t", "als ", "in q"],
  [...["sorr", "apol", "lo s", "disc", "déso", "pard", "excu", "es t", "ents", "mi d", "scus", "desc", "sint"]],
  [
    ...["perh", "mayb", "poss", "migh", "it d", "it s", "i th", "i be", "like", "gene", "in m"],
    ...["quiz", "tal ", "peut", "viel", "fors", "talv"],
  ],
  ["i", "yo", "je", "j", "ich", "io", "eu"],
]);
const [HAS_AI, HAS_APOLOGY, HAS_HEDGING, HAS_FIRST_PERSON] = [1, 2, 4, 8] as const;

/**
 * Writes the family `manner`. `plain` is the beginning of the answer normalised, `end` its last characters as they are.
 * Phrases are known in English, Spanish, French, German, Italian and Portuguese.
 */
export const putManner = (into: WrittenFeatures, plain: string, end: string, scan: TextScan): void => {
  const starts = startsIn(plain, STARTS);
  into.as_an_ai = Number((starts & HAS_AI) !== 0 && AS_AN_AI.test(plain));
  into.apology = Number((starts & HAS_APOLOGY) !== 0 && APOLOGY.test(plain));
  into.hedging = Number((starts & HAS_HEDGING) !== 0 && HEDGING.test(plain));
  into.preamble = Number(PREAMBLE.test(plain.slice(0, OPENING)));
  into.closing_offer = Number(CLOSING_OFFER.test(end.slice(-CLOSING).toLowerCase().replaceAll("\u2019", "'")));
  into.ends_with_question = Number(QUESTION_AT_END.test(end.slice(-40)));
  into.first_person = Number((starts & HAS_FIRST_PERSON) !== 0 && FIRST_PERSON.test(plain));
  into.exclamation = Number(scan.exclamations > 0);
};
