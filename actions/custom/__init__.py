"""Your own actions: ordinary `rasa_sdk` classes in files beside this one (docs/assistant.md)."""
