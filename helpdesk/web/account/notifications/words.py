"""Words of the page about notifications that are looked up by key."""

from i18n import N_

KINDS = {
    "notify_offer": N_("Somebody is waiting and is offered to me"),
    "notify_message": N_("A customer of mine has written"),
    "notify_transfer": N_("A conversation is passed on to me"),
    "notify_mention": N_("A colleague names me in a note (@Mia)"),
    "notify_promise": N_("A promise of mine is due"),
}
WORDS = {
    "notify_state_on": N_("Switched on: this browser is told, also when no page is open."),
    "notify_state_off": N_("Switched off on this device."),
    "notify_state_lost": N_("The browser has ended it by itself. Switch it on again."),
    "notify_state_denied": N_("The browser forbids it. Allow notifications for this address in its settings."),
    "notify_state_insecure": N_("It takes an address with https://. Ask whoever runs this installation."),
    "notify_state_missing": N_(
        "This browser can't do it. On an iPhone or iPad, first add the page to the home screen and open it there."
    ),
    "notify_state_failed": N_("The browser could not reach its push service."),
    "notify_sound_on": N_("On, after the first click or key on the page."),
    "notify_sound_off": N_("Off."),
    "notify_sent": N_("Sent. It should appear in a moment."),
    "notify_not_sent": N_("The push service did not take it. Please try again later."),
    "notify_gone": N_("This device takes nothing any more and was removed."),
    "notify_here": N_("this device"),
    "notify_saved": N_("Saved."),
}
