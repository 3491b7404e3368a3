"""What went wrong and what to do next, by the error's code."""

from helpdesk.web.shared.general_errors import GENERAL_ERRORS
from i18n import N_
from knowledge.sites.site_problems import SITE_SENTENCES

ERROR_SENTENCES = {
    **GENERAL_ERRORS,
    **SITE_SENTENCES,
    "key_taken": N_("Another article has this key. Choose another one, or edit that article."),
    "no_draft": N_("There is no draft: everything is published already."),
    "article_state": N_("The article's present state doesn't allow this any more. Reload the page."),
    "file_refused": N_("This file was refused, and nothing was stored: {reason}"),
    "plan_old": N_("The articles have changed since the preview. Look at the preview once more."),
    "promise_due": N_("A promise needs a time in the future, a year ahead at most."),
    "sign_in": N_("Please sign in."),
    "invalid_transition": N_(
        "The conversation's present state no longer allows this. The view shows the current state."
    ),
    "stale_epoch": N_("Somebody else has this conversation now. Your text was not sent and stays here."),
    "new_line": N_("The customer has just written something new. Please read it first; nothing was changed."),
    "already_assigned": N_("{owner} has already accepted this conversation."),
    "article_changed": N_(
        "{changed_by} has changed this article in the meantime. Keep your text somewhere and reload the page."
    ),
    "changed_words": N_("This message had already been sent, in other words."),
    "wrong_sign_in": N_("E-mail address and password don't match."),
    "too_many_sign_ins": N_("Too many attempts. Please wait {minutes} and try again."),
    "password_short": N_("The password needs at least 12 characters. Three or four unrelated words work well."),
    "password_long": N_("The password may have at most 256 characters."),
    "password_guessable": N_(
        "The password is too easy to guess: take words that aren't your e-mail address or your name."
    ),
    "bad_email": N_("That doesn't look like an e-mail address. Expected something like mia@example.org."),
    "bad_name": N_("Please give a name of 1 to 80 characters. Customers see it when this person answers."),
    "bad_capacity": N_("Expected 1 to 50 conversations at once."),
    "bad_languages": N_("At least one language is needed: German, English or both."),
    "bad_topics": N_("There can be 50 topics at most, of 128 characters each at most."),
    "email_taken": N_("There is already an account for this e-mail address."),
    "link_expired": N_("This link has been used, replaced or has expired. Please ask for a new one."),
    "last_admin": N_("This is the only admin account. Make somebody else an admin first."),
    "no_such_agent": N_("There is no such account."),
    "yourself": N_("You can't close your own account here."),
    "answer_missing": N_("The answer is still missing. Please write it first, then publish."),
    "rules_changed": N_("{changed_by} has changed the rules in the meantime. Reload the page."),
    "address_form": N_("Please enter an address like https://models.example.org/v1."),
    "address_secret": N_("The address must hold no name, password, ? or #; the key has a field of its own."),
    "address_inside": N_("This address belongs to the inside of the machine or its cloud; nothing is ever sent there."),
    "address_own_network": N_("This address is in your own network. If that is meant, please tick the box for it."),
    "address_http": N_("Outside your own network the address must begin with https://."),
    "address_unknown": N_("There is no machine of that name. Please check the address."),
    "key_elsewhere": N_("The stored key belongs to the former address. Please enter the key for the new one."),
    "model_missing": N_("Please enter the name of the model."),
    "no_model": N_("No language model has been entered yet. Please save one first."),
    "lookup_name": N_("Short name: small letters, digits and _, beginning with a letter."),
    "lookup_name_taken": N_("Another look-up has this short name already."),
    "lookup_too_many": N_("There are twenty look-ups already; please remove one."),
    "lookup_title": N_("Please enter a title for customers."),
    "lookup_phrasings": N_("Please enter one to forty example questions."),
    "lookup_field_names": N_("Each field needs a name of its own: small letters, digits and _, but not language."),
    "lookup_no_asked": N_("Please enter one to twelve fields that customers are asked for."),
    "lookup_no_shown": N_("Please enter one to twelve fields that may be told."),
    "lookup_address": N_(
        "Please enter an address like https://shop.example.org/orders/{{order_number}}, without a name, password or #. "
        "Fields come after the machine's name."
    ),
    "lookup_method": N_("Expected GET or POST."),
    "lookup_header": N_("This can't be the name of a secret header."),
    "lookup_body": N_("What is sent along is no JSON."),
    "lookup_unknown_field": N_("The address or the JSON names a field that customers aren't asked for."),
    "lookup_unused_field": N_("A field that customers are asked for is in neither the address nor the JSON."),
    "lookup_proof_unchecked": N_(
        "Nobody checks a proof: put it into the address or the JSON, or enter where the answer holds it."
    ),
    "lookup_question": N_("Each field needs a question and what it is called; one at least is no proof."),
    "lookup_form": N_("A form needs # for a digit or ? for a letter, and at most 40 signs."),
    "lookup_path": N_("Please enter a path such as order.items[0].state."),
    "lookup_currency": N_("An amount of money needs its currency, such as EUR."),
    "lookup_found": N_("Please enter what the bot says when something is found."),
    "lookup_sentence_field": N_("A sentence names a field that isn't among those that may be told."),
    "lookup_said_as": N_("Other words for values: shipped = ist unterwegs | is on its way"),
    "lookup_trial_values": N_("Please enter a value of the expected form in each field; of the proofs one is enough."),
    "lookup_untried": N_("Please try the look-up first, with values that are really there."),
    "team_changed": N_("{changed_by} has changed this team in the meantime. Reload the page."),
    "bad_team": N_("Something about the team is missing or not of the expected form."),
}
