import type { RefusalLanguage } from "../language.ts";

/** Spanish. */
export const SPANISH: RefusalLanguage = {
  code: "es",
  cue: /(?:^|[ ,.;:¿(])(?:no|debo|tengo que|prefiero|en (?:lugar|vez)|podr[íi]as?|puedes?|a qué|por favor|eso|esto|(?:t|s)u solicitud|est?a|es[ea]|est[ea]|la|es una)(?= )/,
  leadIn:
    /^(?:(?:lo siento|lo lamento|perdón|disculpa|disculpe|mis disculpas|lamentablemente|desafortunadamente|por desgracia|me temo que|siento|lamento decir que|como (?:una? )?(?:ia|inteligencia artificial|modelo|asistente)[^,.]{0,50}|hola|gracias[^,.]{0,40}|entiendo[^,.]{0,80}|comprendo[^,.]{0,80})),? (?:que )?/,
  idioms:
    /\bno puedo (?:esperar|evitar|dejar de|creer|más|agradecer\w* lo suficiente)\b|\bsiento (?:mucho )?(?:oír|escuchar|la molestia|tu pérdida)/g,
  clauseBreak: /,? (?:pero|sin embargo|así que|aunque) (?=no |yo |mi |es |este |esta )/g,
  hard: [
    /^(?:yo )?no (?:puedo|podemos|voy a|debo|podría|me es posible|soy capaz de|estoy (?:autorizado|autorizada|programado|diseñado)\w* para|me está permitido) (?:\w+ ){0,1}(?:ayudar|asistir|proporcionar|ofrecer|dar|crear|generar|escribir|responder|contestar|cumplir|compartir|hacer (?:eso|esto)|participar|discutir|recomendar|apoyar|facilitar|continuar|brindar)(?:te|le|lo|la|les|se|nos)?\b/,
    /^(?:debo|tengo que|prefiero) (?:rechazar|negarme|declinar|no responder)/,
    /^(?:eso|esto|tu solicitud|su solicitud) (?:va|iría|está) (?:en contra|contra) /,
  ],
  inability: [
    /^(?:yo )?no (?:tengo|dispongo de|cuento con) (?:\w+ ){0,2}(?:acceso|información|contexto|datos|detalles|capacidad|conocimiento)/,
    /^(?:yo )?no (?:puedo|podemos) (?:acceder|ver|abrir|navegar|buscar|verificar|consultar|leer|determinar|saber|predecir|confirmar)/,
    /^no (?:lo )?sé\b/,
    /^el (?:texto|documento|contexto|artículo|pasaje) no (?:menciona|proporciona|contiene|especifica|indica|incluye|dice)/,
  ],
  soft: [
    /^(?:yo )?no tengo (?:opiniones|creencias|sentimientos|preferencias|emociones)/,
    /^(?:esta|esa|este|ese|la)? ?(?:es una? )?(?:pregunta|cuestión|tema) (?:es )?(?:\w+ )?(?:subjetiv|delicad|sensible|controvertid)/,
    /^no (?:es|sería) (?:apropiado|ético|adecuado|correcto) /,
    /^prefiero no /,
  ],
  pivot: /\b(?:pero|sin embargo|no obstante|en general|por lo general|dicho esto|a continuación|aquí tienes)\b/,
  reframe: /^en (?:lugar|vez) de [^.!?]{3,120}, (?:podemos|puedo|te sugiero|considera|hablemos|prueba)/,
  clarify:
    /¿?(?:podrías|podría|puedes|puede) (?:por favor )?(?:aclarar|especificar|proporcionar más|darme más|decirme (?:más|cuál|qué)|explicar qué)|\b¿?a qué te refieres\b|\bpor favor,? (?:aclara|especifica|indica|proporciona más)/,
};
