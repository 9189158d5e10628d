"""The discord.py half of discordpy.test.mjs: does what it is asked on stdin, prints what it sees as JSON lines."""
import asyncio
import io
import json
import sys

import discord
import yarl
from discord import app_commands

BASE, TOKEN = sys.argv[1], sys.argv[2]
discord.http.Route.BASE = BASE + "/api/v10"


def say(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


class Form(discord.ui.Modal, title="Form"):
    why = discord.ui.TextInput(label="Why", custom_id="why")

    async def on_submit(self, interaction):
        await interaction.response.send_message(self.why.value)


class Press(discord.ui.View):
    def __init__(self):
        super().__init__(timeout=None)

    @discord.ui.button(label="Press", custom_id="press")
    async def press(self, interaction, _button):
        await interaction.response.edit_message(content="pressed")


class Bot(discord.Client):
    def __init__(self):
        super().__init__(intents=discord.Intents.all())
        self.tree = app_commands.CommandTree(self)
        self.add_commands()

    def add_commands(self):
        @self.tree.command(description="Plays something")
        async def play(interaction: discord.Interaction, what: str, who: discord.Member):
            await interaction.response.defer()
            await interaction.edit_original_response(content=f"{what} with {who.id}")
            await interaction.followup.send("and more")

        @play.autocomplete("what")
        async def games(_interaction, current):
            return [app_commands.Choice(name=game.title(), value=game) for game in ("chess", "go") if current in game]

        @self.tree.command(description="Answers one pair of eyes")
        async def quiet(interaction: discord.Interaction):
            await interaction.response.send_message("psst", ephemeral=True)

        @self.tree.command(description="Opens a form")
        async def form(interaction: discord.Interaction):
            await interaction.response.send_modal(Form())

    async def setup_hook(self):
        asyncio.create_task(self.listen())

    async def on_ready(self):
        guild = self.guilds[0]
        say("ready", name=self.user.name, members=len(guild.members), roles=len(guild.roles),
            compressed="compress=zlib-stream" in str(self.ws.socket._response.url))

    async def on_resumed(self):
        say("resumed")

    async def on_message(self, message):
        say("message", content=message.content, author=str(message.author.id))

    async def on_bulk_message_delete(self, messages):
        say("bulk", count=len(messages))

    async def on_reaction_add(self, reaction, user):
        say("reaction", emoji=str(reaction.emoji), user=str(user.id))

    async def on_voice_state_update(self, member, _before, now):
        say("voice", user=str(member.id), channel=str(now.channel.id) if now.channel else None)

    async def listen(self):
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            try:
                await self.obey(json.loads(line))
            except Exception as error:  # the test half shows it
                say("error", text=repr(error))
        await self.close()

    async def obey(self, order):
        if order["command"] == "post":
            channel = self.get_channel(int(order["channel"]))
            message = await channel.send("by python", embed=discord.Embed(title="Title", description="Text"),
                                         file=discord.File(io.BytesIO(b"contents"), "note.txt"), view=Press())
            await message.edit(content="edited by python")
            say("posted", id=str(message.id))
        elif order["command"] == "sync":
            guild = discord.Object(int(order["guild"]))
            self.tree.copy_global_to(guild=guild)
            say("synced", count=len(await self.tree.sync(guild=guild)))
        elif order["command"] == "members":
            guild = self.get_guild(int(order["guild"]))
            chunked = await guild.chunk(cache=False) if guild.chunked else await guild.chunk()
            found = await guild.query_members(user_ids=[int(order["member"])])
            member = found[0]
            role = next(role for role in guild.roles if role.is_assignable() and role not in member.roles)
            await member.add_roles(role)
            await member.remove_roles(role)
            say("members", chunked=len(chunked or guild.members), role=role.name)
        elif order["command"] == "webhook":
            channel = self.get_channel(int(order["channel"]))
            hook = await channel.create_webhook(name="Herald")
            sent = await hook.send("hear ye", username="Crier", wait=True)
            edited = await sent.edit(content="hear me")
            names = [known.name for known in await channel.webhooks()]
            await hook.delete()
            say("webhook", author=sent.author.name, content=edited.content, names=names)
        elif order["command"] == "pins":
            channel = self.get_channel(int(order["channel"]))
            kept = await channel.send("keep this")
            await kept.pin()
            pins = [message.content for message in await channel.pins()]
            await kept.unpin()
            old = [await channel.send(f"old {i}") for i in range(3)]
            await channel.delete_messages(old)
            say("pins", pins=pins, left=len(await channel.pins()))
        elif order["command"] == "dm":
            user = await self.fetch_user(int(order["user"]))
            await user.send("psst")
            say("dm_sent")


async def main():
    bot = Bot()
    gateway = BASE.replace("http", "ws") + "/gateway/"
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
    await bot.start(TOKEN)


asyncio.run(main())
