"""discord.py as the peer: its usual bot, cache on, one slash command, counting what it handled."""
import asyncio
import json
import signal
import sys

import discord
import yarl
from discord import app_commands

BASE, TOKEN = sys.argv[1], sys.argv[2]
discord.http.Route.BASE = BASE + "/api/v10"
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(BASE.replace("http", "ws") + "/gateway/")


class Bot(discord.Client):
    def __init__(self):
        super().__init__(intents=discord.Intents.all())
        self.handled = {"all": 0}
        self.tree = app_commands.CommandTree(self)

        @self.tree.command(description="Answers")
        async def ping(interaction: discord.Interaction):
            await interaction.response.send_message("pong", ephemeral=True)

    async def setup_hook(self):
        known = await self.tree.fetch_commands()
        if not any(command.name == "ping" for command in known):
            await self.tree.sync()

    def count(self, what):
        self.handled[what] = self.handled.get(what, 0) + 1

    async def on_socket_event_type(self, _kind):
        self.handled["all"] += 1

    async def on_message(self, _message):
        self.count("message")

    async def on_presence_update(self, _before, _after):
        self.count("presence")

    async def on_typing(self, *_):
        self.count("typing")

    async def on_voice_state_update(self, *_):
        self.count("voice")


async def main():
    bot = Bot()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR2, lambda: print("handled " + json.dumps(bot.handled), flush=True))
    loop.add_signal_handler(signal.SIGTERM, lambda: loop.create_task(bot.close()))
    async with bot:
        await bot.start(TOKEN)


asyncio.run(main())
