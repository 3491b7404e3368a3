"""What every channel gets from helpdesk beside the conversation: accounts, the lead among instances, the FAQ."""
