import type { RefusalLanguage } from "../language.ts";

const TASKS =
  "(?:pom(?:óc|aga)|udziel|spełni|odpowie|odpowiada|napisa|pisa|stworzy|tworzy|wygenerowa|generowa|dostarczy|poda|doradz|wykona|zrobi|kontynuowa|omawia|uczestniczy|podzieli|przedstawi|wesprze|wspiera|poleci|zrealizowa|udostępn|zapewni|zaoferowa)";

/** Polish. */
export const POLISH: RefusalLanguage = {
  code: "pl",
  cue: /(?:^|[ ,.])(?:nie|odm[óa]wi|muszę|zamiast|to |ten |czy|proszę|brak)/,
  leadIn:
    /^(?:(?:przepraszam|bardzo mi przykro|przykro mi|niestety|wybacz|obawiam się|jako (?:model|asystent|sztuczna|ai)[^,.]{0,50}?|cześć|witaj|dziękuję[^,.]{0,40}|rozumiem[^,.]{0,80}),? ?(?:ale |że )?)(?<=[ ,])/,
  idioms: /nie mog[ęe] (?:się doczekać|uwierzyć|nie |przestać)|przykro mi(?: to)? słyszeć/g,
  clauseBreak: /,? (?:ale|jednak|dlatego|więc|lecz) (?=nie |ja |to |muszę |moje )/g,
  hard: [
    new RegExp(
      `^(?:\\p{L}+ ){0,2}?nie (?:mogę|możemy|będę|mogłbym|mogłabym|wolno mi|jestem w stanie|potrafię|zamierzam|jestem upoważnion[ya] do|powinienem|powinnam) (?:\\p{L}+ ){0,5}?${TASKS}`,
      "u",
    ),
    /^(?:muszę|jestem zmuszon[ya]) (?:\p{L}+ ){0,3}odmówić/u,
    /^odmawiam/,
    /^(?:to|ta prośba|twoja prośba) (?:jest )?(?:narusza|sprzeczn)/,
  ],
  inability: [
    /^(?:\p{L}+ ){0,2}?nie (?:mam|posiadam) (?:\p{L}+ ){0,3}(?:dostęp|informacji|kontekstu|danych|szczegółów|możliwości|wiedzy)/u,
    /^(?:ja )?nie (?:mogę|jestem w stanie|potrafię) (?:\p{L}+ ){0,3}(?:uzyskać dostępu|zobaczyć|otworzyć|przeglądać|sprawdzić|przeczytać|ustalić|stwierdzić|przewidzieć|potwierdzić|określić)/u,
    /^(?:tego )?nie wiem(?!\p{L})/u,
    /^(?:tekst|dokument|kontekst|fragment) nie (?:zawiera|wspomina|podaje|określa|mówi)/,
  ],
  soft: [
    /^(?:\p{L}+ ){0,2}?nie mam (?:\p{L}+ ){0,2}(?:opinii|poglądów|uczuć|przekonań|preferencji|zdania)/u,
    /^(?:to|ten temat|to pytanie) (?:jest )?(?:\p{L}+ )?(?:subiektywn|delikatn|kontrowersyjn|drażliw)/u,
    /^(?:to )?(?:nie (?:jest|byłoby)|byłoby) (?:nie)?(?:właściwe|stosowne|etyczne)/,
    /^wol(?:ę|ał(?:bym|abym)) nie /,
  ],
  pivot: /(?:^| )(?:ale|jednak|mimo to|ogólnie|zazwyczaj|zwykle|oto|natomiast)(?: |,|:)/,
  reframe: /^zamiast [^.!?]{3,120}, (?:mog|możemy|proponuj|spróbuj|porozmawiaj)/,
  clarify:
    /(?:czy )?(?:możesz|mógłbyś|mogłabyś|może pan|może pani) (?:proszę )?(?:\p{L}+ ){0,2}(?:doprecyzować|wyjaśnić|podać więcej|określić|sprecyzować)|co masz na myśli|proszę (?:doprecyzuj|sprecyzuj|podaj więcej)/u,
};
