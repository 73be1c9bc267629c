"""The Telegram door: the same conversation, flows and phrases as the web page, in a chat."""
