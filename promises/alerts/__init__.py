"""Who follows a pledge, a prosecutor or a topic, and the mails they asked for."""
