// Written by `make catalogs` from locale/.
export default {
 "locale": "fr",
 "added": "Fichiers à envoyer",
 "uploading": "Envoi en cours …",
 "ready": "Prêt à être envoyé :",
 "remove": "Retirer",
 "again": "Réessayer",
 "failed": "Désolé, cela n’a pas fonctionné.",
 "lost": "La connexion a été coupée. Le fichier est toujours là.",
 "tooLarge": "Le fichier est trop lourd : 20 Mo au maximum.",
 "tooMany": "Un message contient dix fichiers au maximum.",
 "empty": "Le fichier est vide.",
 "picture": "Image",
 "file": "Fichier",
 "open": "Ouvrir l’image",
 "close": "Fermer",
 "save": "Télécharger",
 "gone": "N’est plus disponible"
};
