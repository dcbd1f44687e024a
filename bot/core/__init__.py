"""The colleague in a chat, without any chat platform: what is said, who may do what, and that nothing is lost."""
