import type { Phrases } from "./topic.ts";

/** The same bot in German. */
export const DE: Phrases = {
  topics: {
    faq: [
      {
        leads: [
          "Das Passwort lässt sich auf der Anmeldeseite zurücksetzen, und der Link gilt {n} Stunden lang.",
          "Sie können das Passwort selbst zurücksetzen, das dauert etwa {n} Minuten.",
        ],
        steps: [
          "Öffnen Sie die Anmeldeseite und wählen Sie **Passwort vergessen**",
          "Geben Sie die Adresse ein, mit der Sie sich anmelden",
          "Folgen Sie dem Link in der E-Mail",
          "Wählen Sie ein Passwort mit mindestens {n} Zeichen",
        ],
        notes: [
          "Wenn nach {n} Minuten keine E-Mail da ist, sehen Sie bitte im Spam-Ordner nach.",
          "Nach {n} Fehlversuchen ist das Konto für {m} Minuten gesperrt.",
        ],
      },
      {
        leads: [
          "Gelöschte Boards bleiben {m} Tage im Papierkorb, es ist also noch nichts verloren.",
          "Ein Board, das versehentlich gelöscht wurde, kann jeder mit Schreibrechten wiederherstellen.",
        ],
        steps: [
          "Öffnen Sie den Papierkorb unten in der Seitenleiste",
          "Suchen Sie das Board mit seinem Namen",
          "Wählen Sie im Menü **Wiederherstellen**",
          "Prüfen Sie, ob alle {n} Mitglieder noch da sind",
        ],
        notes: ["Nach {m} Tagen wird das Board mit allen Dateien endgültig entfernt."],
      },
    ],
    billing: [
      {
        leads: [
          "Die Rechnung für {month} liegt unter den Einstellungen und beläuft sich auf {amount}.",
          "Alle {n} Rechnungen dieses Jahres finden Sie im Bereich Abrechnung.",
        ],
        steps: [
          "Gehen Sie zu **Einstellungen > Abrechnung**",
          "Öffnen Sie den Reiter *Rechnungen*",
          "Wählen Sie **PDF herunterladen**",
          "Ergänzen Sie die Umsatzsteuer-ID, falls sie fehlt",
        ],
        notes: [
          "Die Seite sehen nur Inhaber und Personen mit Zugriff auf die Abrechnung.",
          "Die Abbuchung erscheint innerhalb von {n} Werktagen auf Ihrem Konto.",
        ],
      },
      {
        leads: [
          "Die Erstattung von {amount} geht auf die Karte zurück, mit der Sie bezahlt haben.",
          "Eine Erstattung dauert 3 bis 10 Werktage und ist kostenlos.",
        ],
        steps: [
          "Suchen Sie die Zahlung unter **Einstellungen > Zahlungen**",
          "Wählen Sie daneben *Erstattung anfordern*",
          "Geben Sie den Grund an",
          "Warten Sie auf unsere Bestätigung, meist innerhalb von {n} Stunden",
        ],
        notes: [
          "Ihre Bank braucht unter Umständen weitere {n} Tage.",
          "Jahrestarife werden auf den Tag genau berechnet.",
        ],
      },
    ],
    technical: [
      {
        leads: [
          "Der Fehler {code} bedeutet, dass das Zertifikat Ihres Anbieters bei uns nicht hinterlegt ist.",
          "Die Anmeldung schlägt fehl, weil die Kennungen auf beiden Seiten nicht übereinstimmen.",
        ],
        steps: [
          "Laden Sie das aktuelle Zertifikat beim Anbieter herunter",
          "Hinterlegen Sie es unter **Verwaltung > Sicherheit**",
          "Vergleichen Sie die Kennung auf beiden Seiten",
          "Prüfen Sie, ob die Uhr des Servers um weniger als {n} Sekunden abweicht",
        ],
        notes: [
          "Das Protokoll zeigt die letzten {m} Versuche mit dem Grund.",
          "Sie können {n} Zertifikate zugleich hinterlegen.",
        ],
      },
      {
        leads: [
          "Der Status 429 heißt, dass die {m} Anfragen pro Minute aufgebraucht sind.",
          "Die Schnittstelle erlaubt {m} Anfragen pro Minute, und Ihr Schlüssel hat {n}-mal so viele gesendet.",
        ],
        steps: [
          "Lesen Sie den Header `Retry-After` und warten Sie so lange",
          "Fragen Sie {m} Einträge pro Seite ab",
          "Verwenden Sie einen Schlüssel pro Aufgabe",
          "Verteilen Sie nächtliche Aufgaben über eine Stunde",
        ],
        notes: ["Der Header `X-RateLimit-Remaining` zeigt, wie viele Anfragen noch übrig sind."],
      },
    ],
  },
  openings: ["Natürlich!", "Gerne!", "Selbstverständlich."],
  listIntros: ["So geht es:", "Gehen Sie bitte so vor:", "Die Schritte sind:"],
  closings: ["Lassen Sie es mich wissen, wenn etwas anders aussieht.", "Kann ich sonst noch etwas für Sie tun?"],
  hedges: ["Vielleicht hilft das: ", "Vielleicht ist es bei Ihnen anders, aber: "],
  smalltalk: [
    "Guten Morgen! Wie kann ich Ihnen heute mit Planwise helfen?",
    "Gern geschehen! Ich wünsche Ihnen einen schönen Tag.",
    "Schön, dass es jetzt geht. Ein schönes Wochenende!",
    "Danke für den Hinweis, ich habe ihn für das Team notiert.",
    "Hallo! Was kann ich für Sie tun?",
  ],
  refusals: [
    "Es tut mir leid, aber dabei kann ich Ihnen nicht helfen.",
    "Ich kann Ihnen keine Auskunft über das Konto anderer Kunden geben.",
    "Darauf habe ich leider keinen Zugriff, deshalb kann ich das nicht beantworten.",
  ],
  questions: [
    "Können Sie mir die Bestellnummer nennen? Sie beginnt mit PW und steht in der Bestätigung.",
    "Um welchen Arbeitsbereich geht es?",
  ],
};
