// Written by `make catalogs` from locale/.
export default {
 "language": "fr",
 "locale": "fr",
 "title": "Aide",
 "bot": "Assistant numérique",
 "agentNote": "Une personne de notre équipe",
 "chooseLanguage": "Langue",
 "save": "Historique",
 "open": "Ouvrir le chat",
 "close": "Fermer le chat",
 "unread": {
  "other": "{count} nouveaux messages",
  "one": "{count} nouveau message"
 },
 "newer": "Nouveaux messages",
 "messages": "Messages",
 "you": "Vous",
 "says": "{name} :",
 "placeholder": "Écrivez-nous …",
 "input": "Votre message",
 "send": "Envoyer",
 "attach": "Ajouter des fichiers",
 "choose": "Choisissez une réponse",
 "chosen": "Choisi :",
 "source": "Dans notre aide :",
 "related": "Voir aussi",
 "more": "Afficher plus",
 "less": "Afficher moins",
 "table": "Tableau",
 "code": "Bloc de texte",
 "privacy": "Comment nous utilisons vos données",
 "person": "Parler à une personne",
 "askPerson": "Je souhaite parler à une personne.",
 "states": {
  "waiting": "Envoi en cours",
  "sent": "Envoi en cours",
  "stored": "Envoyé",
  "read": "Lu",
  "failed": "Non envoyé",
  "kept": "Sera envoyé plus tard"
 },
 "changes": {
  "edited": "modifié",
  "taken_back": "Ce message a été retiré."
 },
 "retry": "Réessayer",
 "discard": "Supprimer",
 "reasons": {
  "too_long": "Le message est trop long.",
  "unknown_choice": "Ce choix n’est plus valable.",
  "other": "Désolé, cela n’a pas fonctionné."
 },
 "typing": "{name} écrit …",
 "slow": "Votre message est bien arrivé. La réponse prend un peu plus de temps …",
 "left": {
  "other": "Encore {count} caractères",
  "one": "Encore {count} caractère"
 },
 "over": {
  "other": "{count} caractères de trop",
  "one": "{count} caractère de trop"
 },
 "connecting": "Connexion en cours …",
 "lost": "Pas de connexion. Vos messages ne sont pas perdus, nous nous reconnectons …",
 "unavailable": "Le chat est indisponible en ce moment.",
 "seeking": "Nous cherchons une personne de notre équipe …",
 "nobody": "Personne n’est en ligne en ce moment",
 "next": "Vous êtes la prochaine personne",
 "place": "Vous êtes numéro {position} dans la file",
 "waitUnknown": "attente encore difficile à estimer",
 "waitUpTo": {
  "other": "jusqu’à {count} minutes",
  "one": "jusqu’à {count} minute"
 },
 "waitAbout": {
  "other": "environ {count} minutes",
  "one": "environ {count} minute"
 },
 "joined": "{name} est maintenant là pour vous",
 "resolved": "Conversation terminée. Écrivez-nous simplement si vous avez besoin d’autre chose.",
 "email": {
  "lead": "Personne de notre équipe n’est là en ce moment. Avec votre adresse e-mail, nous pouvons vous joindre même si vous fermez cette page.",
  "label": "Adresse e-mail",
  "example": "nom@exemple.fr",
  "send": "Envoyer l’adresse",
  "wrong": "Veuillez vérifier l’adresse, par exemple nom@exemple.fr."
 },
 "suggestions": "Ceci peut déjà vous aider",
 "found": {
  "other": "{count} réponses possibles, la flèche vers le haut y mène",
  "one": "{count} réponse possible, la flèche vers le haut y mène"
 },
 "today": "Aujourd’hui",
 "yesterday": "Hier"
};
