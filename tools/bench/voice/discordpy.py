"""discord.py 2.2 as an old peer, without DAVE: one bot that plays a file in a voice channel of each of its guilds, by its
FFmpegPCMAudio and its own Opus encoder. discord-sim runs with --voice-legacy; SSL_CERT_FILE names its authority."""
import asyncio
import signal
import sys

import discord
import yarl

BASE, TOKEN, FILE, PAUSE_MS = sys.argv[1:5]
discord.http.Route.BASE = BASE + "/api/v10"
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(BASE.replace("http", "ws") + "/gateway/")


class Voice(discord.VoiceClient):
    async def on_voice_server_update(self, data):
        # It drops what follows the last colon: Discord's endpoints named their port twice once.
        await super().on_voice_server_update({**data, "endpoint": data["endpoint"] + ":0"})


class Bot(discord.Client):
    async def on_ready(self):
        for guild in self.guilds:
            channel = discord.utils.get(guild.voice_channels, name="channel-4")
            voice = await channel.connect(cls=Voice, self_deaf=True)
            voice.play(discord.FFmpegPCMAudio(FILE))
            await asyncio.sleep(int(PAUSE_MS) / 1000)


async def main():
    bot = Bot(intents=discord.Intents(guilds=True, voice_states=True))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, lambda: asyncio.create_task(bot.close()))
    async with bot:
        await bot.start(TOKEN)


asyncio.run(main())
