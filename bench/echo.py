"""`python -m bench.echo URL TOKEN`: the bare bot of python-telegram-bot's own example, which says what it is told."""

import sys

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)


if __name__ == "__main__":
    builder = Application.builder().token(sys.argv[2]).base_url(f"{sys.argv[1]}/bot")
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()
