import type { RefusalLanguage } from "../language.ts";

/** Italian. */
export const ITALIAN: RefusalLanguage = {
  code: "it",
  cue: /(?:^|[ ,.;:('])(?:non|devo|preferisco|invece di|anziché|potrest?i|potrebbe|puoi|può|cosa|per favore|questo|ciò|la (?:t|s)ua|questa|la domanda|la questione|è una)/,
  leadIn:
    /^(?:(?:mi dispiace|spiacente|sono spiacente|scusa|scusami|mi scuso|purtroppo|sfortunatamente|temo che|in quanto [^,.]{0,60}|come (?:ia|modello|assistente|intelligenza)[^,.]{0,50}|ciao|salve|grazie[^,.]{0,40}|capisco[^,.]{0,80}|comprendo[^,.]{0,80})),? (?:ma |che )?/,
  idioms:
    /\bnon (?:vedo l'ora|posso (?:aspettare|fare a meno|crederci|credere|evitare))\b|\bmi dispiace (?:sentire|per (?:la tua perdita|il disagio))/g,
  clauseBreak: /,? (?:ma|tuttavia|però|quindi) (?=non |io |è |questo |questa )/g,
  hard: [
    /^(?:io )?non (?:posso|possiamo|potrei|devo|intendo|sono (?:in grado|autorizzat[oa]|programmat[oa]|progettat[oa]) (?:di|a|per)|mi è (?:possibile|consentito)) (?:\w+ ){0,1}(?:aiutar|assister|fornir|offrir|dar|crear|generar|scriver|risponder|condivider|far(?:lo|e questo)|partecipar|discuter|raccomandar|consigliar|soddisfar|continuar|supportar)\w{0,4}\b/,
    /^(?:devo|preferisco) (?:rifiutare|declinare|rifiutarmi)/,
    /^(?:questo|ciò|la tua richiesta|la sua richiesta) (?:va|andrebbe|è) (?:contro|contrari[oa])/,
  ],
  inability: [
    /^(?:io )?non (?:ho|dispongo di) (?:\w+ ){0,2}(?:accesso|informazioni|contesto|dati|dettagli|capacità|conoscenza)/,
    /^(?:io )?non (?:posso|sono in grado di) (?:accedere|vedere|aprire|navigare|consultare|verificare|leggere|determinare|sapere|prevedere|confermare)/,
    /^non (?:lo )?so\b/,
    /^il (?:testo|documento|contesto|brano) non (?:menziona|fornisce|contiene|specifica|indica|dice)/,
  ],
  soft: [
    /^(?:io )?non ho (?:opinioni|credenze|sentimenti|preferenze|emozioni)/,
    /^(?:questa|la|è una) (?:domanda|questione) (?:è )?(?:\w+ )?(?:soggettiva|delicata|sensibile|controversa)/,
    /^non (?:è|sarebbe) (?:appropriato|etico|corretto|opportuno) /,
    /^preferisco non /,
  ],
  pivot: /\b(?:ma|tuttavia|però|in generale|generalmente|detto questo|ecco)\b/,
  reframe: /^(?:invece di|anziché) [^.!?]{3,120}, (?:posso|possiamo|prova|parliamo|ti suggerisco)/,
  clarify:
    /\b(?:potresti|potrebbe|puoi|può) (?:per favore )?(?:chiarire|specificare|fornire (?:più|maggiori|ulteriori)|darmi (?:più|maggiori)|dirmi (?:di più|quale|cosa)|spiegare cosa)|\bcosa intendi\b|\bper favore,? (?:chiarisci|specifica|fornisci)/,
};
