import type { RefusalLanguage } from "../language.ts";

/** French. */
export const FRENCH: RefusalLanguage = {
  code: "fr",
  cue: /(?:^|[ ,.;:(])(?:ne|n'\w+|pas|dois|préfère(?:rais)?|refuse|au lieu de|plutôt que|pourriez|pouvez|pourrais|peux|que voulez|veuillez|cela|ceci|cette|votre|c'est|la question)/,
  leadIn:
    /^(?:(?:je suis (?:vraiment |sincèrement )?désolée?|désolée?|pardon|mes excuses|je m'excuse|je regrette|malheureusement|hélas|je crains que|en tant qu(?:e |')[^,.]{0,60}|bonjour|merci[^,.]{0,40}|je comprends[^,.]{0,80})),? (?:mais |que )?/,
  idioms:
    /\bje ne peux pas (?:attendre|m'empêcher|croire|imaginer)\b|\bdésolée? (?:d'apprendre|pour (?:votre perte|le dérangement|la gêne))/g,
  clauseBreak: /,? (?:mais|cependant|toutefois|donc) (?=je |il |c'est |cela |ce |cette )/g,
  hard: [
    /^je (?:ne (?:peux|pourrai|pourrais|vais|dois|saurais) pas|ne suis pas (?:en mesure|autorisée?|capable|habilitée?|programmée?|conçue?) (?:de |d'|à |pour )|ne (?:peux|puis|saurais)) ?(?:vous |t'|te |l'|le |la |y )?(?:\w+ment )?(?:aider|assister|fournir|donner|créer|générer|écrire|rédiger|répondre|partager|faire (?:cela|ça)|participer|discuter|recommander|proposer|continuer|accéder à (?:votre|cette|ta) demande|satisfaire)\b/,
    /^je (?:dois|préfère) (?:refuser|décliner|m'abstenir)/,
    /^je refuse (?:de|d')/,
    /^(?:cela|ceci|votre demande|cette demande) (?:va|irait|est) (?:à l'encontre|contraire)/,
  ],
  inability: [
    /^je (?:n'ai|ne dispose) pas (?:\w+ ){0,2}(?:d'?\s?|de |d'|assez |suffisamment )?(?:\w+ )?(?:d'|de )?(?:accès|informations?|contexte|données|détails|capacité|connaissance)/,
    /^je ne (?:peux|suis) pas (?:en mesure |capable )?(?:d'|de )?(?:accéder|voir|ouvrir|naviguer|consulter|vérifier|lire|déterminer|savoir|prédire|confirmer)/,
    /^je ne (?:le )?sais pas\b/,
    /^le (?:texte|document|contexte|passage) ne (?:mentionne|fournit|contient|précise|indique|dit)/,
  ],
  soft: [
    /^je n'ai pas (?:d'opinions?|de croyances|de sentiments|de préférences|d'émotions|d'avis)/,
    /^(?:cette|la|c'est une) question (?:est )?(?:\w+ )?(?:subjective|sensible|délicate|controversée)/,
    /^il (?:n'est|ne serait) pas (?:approprié|éthique|convenable|correct) /,
    /^je préfère(?:rais)? ne pas /,
  ],
  pivot: /\b(?:mais|cependant|toutefois|néanmoins|en général|généralement|cela dit|voici)\b/,
  reframe: /^(?:au lieu de|plutôt que) [^.!?]{3,120}, (?:je|nous|parlons|essayez|voici)/,
  clarify:
    /\b(?:pourriez|pouvez|pourrais|peux)-(?:vous|tu) (?:s'il vous plaît )?(?:préciser|clarifier|fournir plus|me donner plus|me dire (?:plus|quel|ce)|expliquer ce)|\bque voulez-vous dire\b|\bveuillez (?:préciser|fournir plus|clarifier)/,
};
