"""Proof by faults: the real service is killed again and again while the local Telegram and Twilio misbehave."""
