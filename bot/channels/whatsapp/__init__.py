"""WhatsApp through Twilio: webhook, rendering within its limits, sending, templates, media."""
