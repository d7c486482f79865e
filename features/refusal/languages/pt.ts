import type { RefusalLanguage } from "../language.ts";

/** Portuguese. */
export const PORTUGUESE: RefusalLanguage = {
  code: "pt",
  cue: /(?:^|[ ,.;:(])(?:não|devo|tenho que|preciso|prefiro|em vez de|poderia|pode|o que você|por favor|isso|isto|sua|seu|esta|essa|é uma)/,
  leadIn:
    /^(?:(?:desculpe|desculpa|me desculpe|peço desculpas?|sinto muito|lamento|infelizmente|receio que|como (?:uma? )?(?:ia|inteligência|modelo|assistente)[^,.]{0,50}|olá|oi|obrigad[oa][^,.]{0,40}|entendo[^,.]{0,80}|compreendo[^,.]{0,80})),? (?:mas |que )?/,
  idioms:
    /\bnão (?:posso|consigo|vejo a hora) (?:esperar|evitar|acreditar|deixar de|parar)\b|\bsinto muito (?:em saber|por (?:sua|tua) perda|pelo)/g,
  clauseBreak: /,? (?:mas|porém|no entanto|portanto|então) (?=não |eu |é |este |esta |isso )/g,
  hard: [
    /^(?:eu )?não (?:posso|podemos|poderia|devo|vou|consigo|me é possível|estou (?:autorizad[oa]|programad[oa]|apt[oa]) (?:a|para)|sou capaz de) (?:\w+ ){0,1}(?:ajudar|ajudá|auxiliar|auxiliá|fornecer|oferecer|dar|criar|gerar|escrever|responder|compartilhar|fazer isso|participar|discutir|recomendar|atender|cumprir|continuar|apoiar)(?:-\w{1,4})?/,
    /^(?:devo|tenho que|preciso|prefiro) (?:recusar|declinar|me recusar)/,
    /^(?:isso|isto|sua solicitação|seu pedido) (?:vai|iria|é) (?:contra|contrári[oa])/,
  ],
  inability: [
    /^(?:eu )?não (?:tenho|disponho de|possuo) (?:\w+ ){0,2}(?:acesso|informaç(?:ão|ões)|contexto|dados|detalhes|capacidade|conhecimento)/,
    /^(?:eu )?não (?:posso|consigo) (?:acessar|aceder|ver|abrir|navegar|consultar|verificar|ler|determinar|saber|prever|confirmar)/,
    /^(?:eu )?não sei\b/,
    /^o (?:texto|documento|contexto|trecho) não (?:menciona|fornece|contém|especifica|indica|diz)/,
  ],
  soft: [
    /^(?:eu )?não tenho (?:opiniões|crenças|sentimentos|preferências|emoções)/,
    /^(?:esta|essa|é uma) (?:pergunta|questão) (?:é )?(?:\w+ )?(?:subjetiva|delicada|sensível|controversa)/,
    /^não (?:é|seria) (?:apropriado|ético|adequado|correto) /,
    /^prefiro não /,
  ],
  pivot: /\b(?:mas|porém|no entanto|contudo|em geral|geralmente|dito isso|aqui (?:está|estão))\b/,
  reframe: /^em vez de [^.!?]{3,120}, (?:posso|podemos|sugiro|considere|vamos|tente)/,
  clarify:
    /\b(?:você )?(?:poderia|pode) (?:por favor )?(?:esclarecer|especificar|fornecer mais|me dar mais|me dizer (?:mais|qual|o que)|explicar o que)|\bo que você quer dizer\b|\bpor favor,? (?:esclareça|especifique|forneça mais)/,
};
