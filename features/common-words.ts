/**
 * The commonest short words of languages in Latin script; a word may belong to several, and is listed with each of them: a
 * word that another language has too says little. `en` therefore also lists nouns and verbs that look like another's words.
 */
export const COMMON_WORDS: Readonly<Record<string, string>> = {
  en:
    "the and of to is in that it for you with this are be on as have not can your i a an at by from or was we he she they his her " +
    "its our their my me us them what when where which who how if then there here will would should could may might must do " +
    "does did has had been were but so no yes all any some more most than just also only very into about out up down over after " +
    "before because please thank thanks sorry let's don't it's i'm you're these those each other " +
    "come due die pour made man den war bin hat rat tag son pan data use con sole via mine seat fast plus",
  es:
    "el la los las de que y en un una es por con para no se su del al lo como más está puede a o si sí me te le les nos mi tu yo él " +
    "ella ellos esta este esto eso muy pero porque cuando donde qué cómo hay ser son fue tiene hace usted hola gracias también ya " +
    "sin sobre entre desde hasta todo todos cada otro otra sus puedo debe aquí bien buenos",
  fr:
    "le la les des de et est un une que pour dans vous je ne pas ce qui sur avec au du nous il elle ils elles on y a en se son sa ses " +
    "mon ma mes votre vos notre nos leur cette ces ou où mais donc si plus très bien être avoir sont suis peut pouvez fait aussi " +
    "comme tout tous merci bonjour oui non c'est j'ai d'un d'une l'on quand chez sans par aux même",
  de:
    "der die das und ist nicht ein eine zu den mit von für auf sie ich es dem im kann werden wie sich in an am bei aus nach um als " +
    "auch nur noch aber oder wenn dann so war sind wird haben hat habe sein ihr ihre wir uns mein dein kein keine einen einem einer " +
    "des zum zur vom über unter durch bitte danke ja nein hier heute sehr schon immer mehr man was wer wo können müssen bin",
  it:
    "il la che di e è un una per non con del della sono gli si da i le in più come questo puoi lo a o ma se al alla nel nella dei delle " +
    "dal dalla sul sulla mi ti ci vi io tu lui lei noi questa questi quello anche molto bene grazie ciao sì no ho hai ha abbiamo " +
    "hanno essere fare può quando dove chi cosa perché ogni tutto tutti suo sua tra senza oggi sempre",
  pt:
    "o a os as que de e é um uma para não com da em na por você são mais seu sua como isso está do dos das no nos nas ao à se ou mas " +
    "foi ser tem ter há eu ele ela eles nós meu minha este esta isto muito bem quando onde porque também já sem sobre entre até " +
    "todo todos cada obrigado obrigada olá sim pode fazer pelo pela num numa aqui hoje sempre",
  nl:
    "de het een en van is niet te dat op voor met zijn ik je aan u kan die er deze maar ook in of om als bij naar uit wij we hij zij ze " +
    "haar mijn jouw uw ons onze dit wat wie waar wanneer hoe worden wordt heeft hebben had was waren geen nog al wel dan nu hier " +
    "door over onder tot zo heel veel meer moet moeten graag bedankt ja nee kunt kunnen vandaag altijd",
  pl:
    "i w nie na to że się jest z do jak o co tak ale po czy dla ten za są od może być a u ze we ja ty on ona my wy oni mój twój jego jej " +
    "ich ta te tego tym który która które gdy kiedy gdzie kto dlaczego bardzo już tylko jeszcze przez przed bez nad pod przy był była " +
    "było będzie można proszę dziękuję dzień dobry każdy wszystko też jako jeśli mam ma więc dziś zawsze",
  tr:
    "ve bir bu için de da ile ne çok değil olarak gibi daha ben sen var olan ama ya en kadar o biz siz onlar mi mı mu mü ki şu her hiç " +
    "evet hayır lütfen teşekkürler merhaba nasıl neden nerede kim sonra önce şimdi yok olur oldu iyi bana sana ona bize size çünkü " +
    "veya hem bile üzerinde göre bugün zaman her",
  id:
    "yang dan di ini itu untuk dengan tidak dari pada adalah saya anda ke akan bisa atau dalam ada kami kita mereka dia juga sudah " +
    "belum lebih sangat karena jika apa siapa mana bagaimana kapan oleh sebagai telah dapat harus hanya saja lagi satu semua setiap " +
    "terima kasih tolong silakan ya bukan namun tetapi seperti para hari sekarang",
  vi:
    "và là của có không cho một được các với tôi bạn này trong đã những để người khi như ở thì mà ra vào lại đến từ sẽ đang cũng rất " +
    "nhiều nếu hay hoặc vì nên phải về trên dưới anh chị em ông bà gì nào đâu ai sao xin cảm ơn vâng rồi chỉ còn hãy mỗi nhà",
  // Neighbours that share much with the languages above, and would be taken for them.
  sv:
    "och att det som en på är av för med till den i har de inte om ett han men var jag sig från vi så kan när nu ska där du eller ut " +
    "skulle under vad hur tack hej ja nej mycket också bara efter din min mitt ditt denna detta alla",
  da:
    "og at det som en på er af for med til den i har de ikke om et han men var jeg sig fra vi så kan når nu skal der du eller ud ville " +
    "hvad hvordan tak hej ja nej meget også kun efter din min mit dit denne dette alle være",
  no:
    "og at det som en på er av for med til den i har de ikke om et han men var jeg seg fra vi så kan når nå skal der du eller ut ville " +
    "hva hvordan takk hei ja nei mye også bare etter din min mitt ditt denne dette alle være ei",
  ro:
    "și în de la cu pe nu este sunt că un o din care pentru mai se ce au fost sau dar să al ale lui ei am ai are avem aveți acest " +
    "această cum când unde foarte bine mulțumesc da vă îmi îți noi voi el ea a fi până după fără între tot toate",
  ca:
    "el la els les de i que en un una és per amb no es del al com més són pot a o si ho hi jo tu ell ella aquest aquesta això molt " +
    "però perquè quan on què hola gràcies també ja sense sobre entre des fins tot tots cada altre seva seu meu meva",
  cs:
    "a je v se na že to s z do o i pro jako by ale po jsem jsou který která za od byl ve tak může být ten ta k u si co když kde kdo " +
    "proč velmi už jen ještě před bez nad pod při bude prosím děkuji ano ne mám můj tvůj jeho její",
  fi:
    "ja on ei se että hän oli mutta niin kun ovat tai olla myös joka minä sinä me te he tämä nyt vain kuin jos voi ole mitä missä " +
    "miksi hyvä kiitos kyllä hei olen olet sen siitä ne",
  hu:
    "a az és nem hogy is egy ez van de csak meg már mint ha volt még én te ő mi ti ők kell lehet vagy nagyon jó mert most itt ott " +
    "igen köszönöm kérem szia hol ki mikor miért minden lesz el azt",
};
