// Written by `make catalogs` from locale/.
export default {
 "locale": "en-GB",
 "added": "Files to be sent",
 "uploading": "Uploading …",
 "ready": "Ready to be sent:",
 "remove": "Remove",
 "again": "Try again",
 "failed": "Sorry, that did not work.",
 "lost": "The connection was lost. The file is still here.",
 "tooLarge": "The file is too large: 20 MB at most.",
 "tooMany": "Ten files at most go into one message.",
 "empty": "The file is empty.",
 "picture": "Picture",
 "file": "File",
 "open": "Open picture",
 "close": "Close",
 "save": "Download",
 "gone": "No longer available"
};
