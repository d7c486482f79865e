import type { Phrases } from "./topic.ts";

/** The same bot in French. */
export const FR: Phrases = {
  topics: {
    faq: [
      {
        leads: [
          "Vous pouvez réinitialiser le mot de passe depuis la page de connexion, et le lien est valable {n} heures.",
          "La réinitialisation prend environ {n} minutes et ne demande pas d'administrateur.",
        ],
        steps: [
          "Ouvrez la page de connexion et choisissez **Mot de passe oublié**",
          "Saisissez l'adresse avec laquelle vous vous connectez",
          "Suivez le lien que nous vous envoyons par e-mail",
          "Choisissez un mot de passe d'au moins {n} caractères",
        ],
        notes: [
          "Si le message n'arrive pas dans les {n} minutes, regardez dans les indésirables.",
          "Après {n} essais manqués, le compte est bloqué pendant {m} minutes.",
        ],
      },
      {
        leads: [
          "Les tableaux supprimés restent {m} jours dans la corbeille, rien n'est donc perdu.",
          "Un tableau supprimé par erreur peut être récupéré par toute personne qui pouvait le modifier.",
        ],
        steps: [
          "Ouvrez la corbeille en bas de la barre latérale",
          "Cherchez le tableau par son nom",
          "Choisissez **Restaurer** dans le menu",
          "Vérifiez que les {n} membres y sont encore",
        ],
        notes: ["Après {m} jours, le tableau est effacé avec tous ses fichiers."],
      },
    ],
    billing: [
      {
        leads: [
          "La facture de {month} se trouve dans les réglages et s'élève à {amount}.",
          "Vous trouverez les {n} factures de cette année dans la rubrique de facturation.",
        ],
        steps: [
          "Allez dans **Réglages > Facturation**",
          "Ouvrez l'onglet *Factures*",
          "Cliquez sur **Télécharger le PDF**",
          "Ajoutez le numéro de TVA s'il manque",
        ],
        notes: [
          "Seuls les propriétaires du compte voient cette page.",
          "Le débit apparaît sur votre carte sous {n} jours ouvrés.",
        ],
      },
      {
        leads: [
          "Le remboursement de {amount} revient sur la carte avec laquelle vous avez payé.",
          "Un remboursement prend de 3 à 10 jours ouvrés et ne coûte rien.",
        ],
        steps: [
          "Cherchez le paiement dans **Réglages > Paiements**",
          "Cliquez sur *Demander un remboursement*",
          "Choisissez le motif qui convient",
          "Attendez notre confirmation, en général sous {n} heures",
        ],
        notes: ["Votre banque a besoin de {n} jours de plus.", "Les formules annuelles sont calculées au jour près."],
      },
    ],
    technical: [
      {
        leads: [
          "L'erreur {code} signifie que nous ne connaissons pas le certificat de votre fournisseur.",
          "La connexion échoue parce que l'identifiant n'est pas le même des deux côtés.",
        ],
        steps: [
          "Téléchargez le certificat actuel de votre fournisseur",
          "Déposez-le dans **Administration > Sécurité**",
          "Comparez l'identifiant des deux côtés",
          "Vérifiez que l'horloge du serveur ne dévie pas de plus de {n} secondes",
        ],
        notes: [
          "Le journal montre les {m} derniers essais avec leur motif.",
          "Vous pouvez garder {n} certificats à la fois.",
        ],
      },
      {
        leads: [
          "Le statut 429 veut dire que les {m} requêtes par minute sont épuisées.",
          "L'API permet {m} requêtes par minute et votre clé en a envoyé {n} fois plus.",
        ],
        steps: [
          "Lisez l'en-tête `Retry-After` et attendez ce délai",
          "Demandez {m} éléments par page",
          "Utilisez une clé par tâche",
          "Répartissez les tâches de nuit sur une heure",
        ],
        notes: ["L'en-tête `X-RateLimit-Remaining` indique combien de requêtes il vous reste."],
      },
    ],
  },
  openings: ["Bien sûr !", "Certainement.", "Bien sûr, voici la marche à suivre."],
  listIntros: ["Voici comment faire :", "Les étapes sont :", "Procédez ainsi :"],
  closings: [
    "N'hésitez pas à m'écrire si quelque chose vous semble différent.",
    "Puis-je faire autre chose pour vous ?",
  ],
  hedges: ["Peut-être que ceci vous aidera : ", "Peut-être est-ce différent chez vous, mais "],
  smalltalk: [
    "Bonjour ! Comment puis-je vous aider avec Planwise aujourd'hui ?",
    "Avec plaisir ! Je vous souhaite une bonne journée.",
    "Je suis content que cela marche. Bon week-end !",
    "Merci de l'avoir signalé, je l'ai noté pour l'équipe.",
    "Bonjour ! Que puis-je faire pour vous ?",
  ],
  refusals: [
    "Je suis désolé, mais je ne peux pas vous aider avec cette demande.",
    "Je ne peux pas donner d'informations sur le compte d'un autre client.",
    "Je n'ai pas accès à ces informations, je ne peux donc pas répondre.",
  ],
  questions: [
    "Pouvez-vous me donner le numéro de commande ? Il commence par PW et figure sur la confirmation.",
    "De quel espace de travail s'agit-il ?",
  ],
};
