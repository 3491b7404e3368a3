// Written by `make catalogs` from locale/.
export const LANGUAGES = {
 "de": "Deutsch",
 "en": "English",
 "fr": "Français"
};
export const INFORMAL = [
 "de"
];
