"""The officers' console: pages made on the server, one file a screen, for any web application to include."""
