"""The form that agrees a call: a number, and a time within the team's hours. `callback_form` in domain.yml."""
