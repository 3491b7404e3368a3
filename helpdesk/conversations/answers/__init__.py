"""What agents answer: drafts, answers that may still be undone, corrections, mails, and what is not answered yet."""
