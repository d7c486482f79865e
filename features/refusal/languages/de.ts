import type { RefusalLanguage } from "../language.ts";

const TASKS =
  "(?:helfen|behilflich|unterstützen|beantworten|antworten|bereitstellen|erstellen|schreiben|verfassen|generieren|anbieten|geben|nachkommen|erfüllen|teilen|diskutieren|empfehlen|weitergeben|ausführen|fortfahren|tun|machen)";
const LOOKUPS =
  "(?:zugreifen|sehen|öffnen|lesen|nachsehen|prüfen|überprüfen|abrufen|feststellen|wissen|vorhersagen|bestätigen|surfen|aufrufen)";

/** German. The verb stands at the end of the clause, so the patterns look for it within the clause. */
export const GERMAN: RefusalLanguage = {
  code: "de",
  cue: /nicht|kein|ablehn|verweiger|lehne|verstößt|widerspricht|gegen|unangemessen|subjektiv|sensibel|heikel|umstritten|statt|könnte|können|kannst|meinen|meinst|bitte/,
  leadIn:
    /^(?:(?:es tut mir (?:sehr |wirklich )?leid|tut mir (?:sehr |wirklich )?leid|entschuldigung|entschuldige|verzeihung|leider|bedauerlicherweise|ich bedauere|als (?:ki|künstliche intelligenz|(?:ki-)?(?:sprachmodell|assistent|modell))\b|hallo|danke[^,.]{0,40}|vielen dank[^,.]{0,40}|ich verstehe[^,.]{0,80})),? (?:dass |aber )?/,
  idioms:
    /\bkann (?:ich )?(?:es )?(?:kaum|nicht) (?:erwarten|glauben|abwarten|umhin)\b|\btut mir leid,? das zu hören\b/g,
  clauseBreak: /,? (?:aber|jedoch|allerdings|daher|deshalb) (?=ich |es |das |diese |mein )|, (?=ich |das |dabei )/g,
  hard: [
    new RegExp(
      `^(?:(?:ich|dabei|damit|das|diese[rn]?|ihnen|dir|hierbei) )?(?:(?:\\w+ ){0,3})?(?:kann|darf|werde|möchte|könnte|will) (?:[\\wäöüß]+ ){0,8}(?:nicht|keine?n?) (?:[\\wäöüß]+ ){0,8}${TASKS}\\b`,
    ),
    /^ich (?:bin nicht (?:in der lage|befugt|berechtigt|dafür)|muss (?:das |dies |diese |ihre )?(?:[\wäöüß]+ )?(?:ablehnen|verweigern)|lehne)/,
    /^(?:das|dies|ihre anfrage|deine anfrage) (?:verstößt|widerspricht|ist gegen) /,
  ],
  inability: [
    /^(?:ich )?(?:habe|verfüge|besitze) (?:ich )?(?:[\wäöüß]+ ){0,3}(?:keine?n?|nicht genügend|nicht genug|nicht über) (?:[\wäöüß]+ ){0,3}(?:zugriff|zugang|informationen?|kontext|daten|angaben|fähigkeit|kenntnis)/,
    new RegExp(`^(?:ich )?kann (?:ich )?(?:[\\wäöüß]+ ){0,6}(?:nicht|keine?n?) (?:[\\wäöüß]+ ){0,5}${LOOKUPS}\\b`),
    /^(?:das )?(?:ich )?weiß (?:ich )?(?:es |das )?nicht\b/,
    /^(?:der text|das dokument|der kontext|der abschnitt) (?:enthält|erwähnt|nennt|gibt|sagt) (?:[\wäöüß]+ ){0,3}(?:keine?n?|nicht)/,
  ],
  soft: [
    /^(?:ich )?habe (?:ich )?keine (?:eigene |persönliche |eigenen |persönlichen )?(?:meinung|meinungen|gefühle|überzeugungen|vorlieben|ansichten)/,
    /^(?:diese frage|das thema|die frage|das) ist (?:[\wäöüß]+ )?(?:subjektiv|sensibel|heikel|umstritten)/,
    /^es (?:ist|wäre) (?:nicht (?:angemessen|ethisch|richtig)|unangemessen) /,
    /^ich möchte (?:mich )?(?:dazu |hierzu )?(?:lieber )?nicht (?:dazu )?(?:äußern|spekulieren)/,
  ],
  pivot: /\b(?:aber|jedoch|allerdings|dennoch|trotzdem|im allgemeinen|in der regel|hier (?:ist|sind)|generell)\b/,
  reframe: /^(?:anstatt|statt) [^.!?]{3,120}, (?:können|kann|lassen|würde|versuchen)/,
  clarify:
    /\b(?:könnten sie|können sie|könntest du|kannst du) (?:bitte )?(?:[\wäöüß]+ ){0,4}(?:präzisieren|klären|erläutern|genauer|mehr (?:details|informationen|kontext)|angeben|näher)|\bwas (?:genau )?(?:meinen sie|meinst du)\b|\bbitte (?:präzisieren|geben sie (?:mir )?(?:mehr|weitere|an)|gib (?:mir )?(?:mehr|weitere))/,
};
