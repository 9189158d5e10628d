// discord.js, unmodified, lives on discord-sim as it does on Discord. Each test is one thing a bot does.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import {
  ActionRowBuilder, ApplicationCommandOptionType, ButtonBuilder, ButtonStyle, Client, EmbedBuilder, Events,
  GatewayIntentBits, MessageFlags, ModalBuilder, Partials, TextInputBuilder, TextInputStyle,
} from 'discord.js';
import { Sandbox, until } from '../support/sandbox.mjs';

const intents = Object.values(GatewayIntentBits).filter((bit) => typeof bit === 'number');

describe('discord.js', { timeout: 120000 }, () => {
  let sandbox;
  let client;
  let cast;
  let guild;
  let channel;
  const shardEvents = [];

  before(async () => {
    sandbox = await Sandbox.start();
    client = new Client({
      intents,
      partials: [Partials.Channel, Partials.Message, Partials.Reaction],
      rest: { api: `${sandbox.base}/api`, retries: 0 },
    });
    for (const name of [Events.ShardReconnecting, Events.ShardResume, Events.ShardReady, Events.ShardDisconnect])
      client.on(name, () => shardEvents.push(name));
    client.on(Events.Error, (error) => { throw error; });
    const ready = once(client, Events.ClientReady);
    await client.login('sandbox');
    await ready;
    cast = await sandbox.cast(client.user.username);
    guild = client.guilds.cache.get(cast.guild.id);
    channel = guild.channels.cache.get(cast.text.id);
  });
  after(async () => {
    await client?.destroy();
    await sandbox?.stop();
  });

  /** The next event of that name for which `wanted` holds. */
  const next = (name, wanted = () => true) => new Promise((resolve, reject) => {
    const timer = setTimeout(() => { client.off(name, seen); reject(new Error(`no ${name}`)); }, 10000);
    const seen = (...args) => {
      if (!wanted(...args)) return;
      clearTimeout(timer);
      client.off(name, seen);
      resolve(args);
    };
    client.on(name, seen);
  });

  test('logs in and has the whole guild in its cache', () => {
    assert.equal(guild.available, true);
    assert.equal(guild.memberCount, cast.guild.members.length);
    assert.equal(guild.roles.cache.size, cast.guild.roles.length);
    assert.equal(guild.ownerId, cast.owner);
    assert.ok(guild.channels.cache.size >= cast.guild.channels.length);
    assert.ok(guild.roles.everyone);
    assert.ok(guild.members.me);
  });

  test('posts a message with a file, an embed and buttons, and edits it', async () => {
    const seen = next(Events.MessageCreate, (message) => message.content === 'hello');
    const sent = await channel.send({
      content: 'hello',
      embeds: [new EmbedBuilder().setTitle('Title').setDescription('Text').addFields({ name: 'a', value: 'b' })],
      files: [{ attachment: Buffer.from('file contents'), name: 'note.txt' }],
      components: [new ActionRowBuilder().addComponents(
        new ButtonBuilder().setCustomId('press').setLabel('Press').setStyle(ButtonStyle.Primary))],
    });
    const [event] = await seen;
    assert.equal(event.id, sent.id);
    assert.equal(sent.attachments.first().name, 'note.txt');
    assert.equal(await (await fetch(sent.attachments.first().url)).text(), 'file contents');
    const edited = await sent.edit({ content: 'changed', attachments: [...sent.attachments.values()] });
    assert.equal(edited.content, 'changed');
    assert.equal(edited.attachments.size, 1);
    assert.equal((await channel.messages.fetch({ message: sent.id, force: true })).content, 'changed');
    const shown = await sandbox.messages(cast.alice.id, channel.id);
    assert.ok(shown.some((message) => message.id === sent.id && message.content === 'changed'));
  });

  test('sees a member write and react, reacts itself, and takes it back', async () => {
    const written = next(Events.MessageCreate, (message) => message.author.id === cast.alice.id);
    await sandbox.act(cast.alice.id, 'send', { channel_id: channel.id, content: 'hi <@' + client.user.id + '>' });
    const [message] = await written;
    assert.ok(message.mentions.has(client.user.id));
    assert.equal(message.member.id, cast.alice.id);
    await message.react('👍');
    const added = next(Events.MessageReactionAdd, (_reaction, user) => user.id === cast.bob.id);
    await sandbox.act(cast.bob.id, 'react', { channel_id: channel.id, message_id: message.id, emoji: '👍' });
    await added;
    assert.equal((await channel.messages.fetch({ message: message.id, force: true })).reactions.cache.get('👍').count, 2);
    await message.reactions.cache.get('👍').users.remove(client.user.id);
    await message.delete();
    await assert.rejects(channel.messages.fetch({ message: message.id, force: true }), { code: 10008 });
  });

  test('registers commands, globally and for one guild', async () => {
    const registered = await guild.commands.set([
      {
        name: 'play',
        description: 'Plays something',
        options: [
          { name: 'what', description: 'What', type: ApplicationCommandOptionType.String, required: true, autocomplete: true },
          { name: 'times', description: 'Times', type: ApplicationCommandOptionType.Integer, min_value: 1, max_value: 5 },
          { name: 'who', description: 'Who', type: ApplicationCommandOptionType.User },
        ],
      },
      { name: 'ask', description: 'Opens a form' },
    ]);
    assert.equal(registered.size, 2);
    const everywhere = await client.application.commands.set([{ name: 'ping', description: 'Pings' }]);
    assert.equal(everywhere.size, 1);
    assert.equal((await guild.commands.fetch()).size, 2);
    const { guilds: [seen] } = await sandbox.state(cast.alice.id);
    assert.deepEqual(new Set(seen.commands.map((command) => command.name)), new Set(['play', 'ask', 'ping']));
    await assert.rejects(guild.commands.create({ name: 'Bad Name', description: 'x' }), { code: 50035 });
  });

  test('answers autocomplete', async () => {
    const asked = next(Events.InteractionCreate, (interaction) => interaction.isAutocomplete());
    const answer = sandbox.act(cast.alice.id, 'autocomplete', {
      channel_id: channel.id, name: 'play', wait_ms: 5000,
      options: [{ name: 'what', type: 3, value: 'ch', focused: true }],
    });
    const [interaction] = await asked;
    assert.equal(interaction.options.getFocused(), 'ch');
    await interaction.respond([{ name: 'Chess', value: 'chess' }]);
    assert.deepEqual((await answer).choices, [{ name: 'Chess', value: 'chess' }]);
  });

  test('answers a slash command with options: deferred, then edited, then followed up', async () => {
    const asked = next(Events.InteractionCreate, (interaction) => interaction.isChatInputCommand());
    const outcome = sandbox.act(cast.alice.id, 'command', {
      channel_id: channel.id, name: 'play', wait_ms: 10000, wait_for: 'final',
      options: [{ name: 'what', type: 3, value: 'chess' }, { name: 'times', type: 4, value: 2 },
        { name: 'who', type: 6, value: cast.bob.id }],
    });
    const [interaction] = await asked;
    assert.equal(interaction.options.getString('what'), 'chess');
    assert.equal(interaction.options.getInteger('times'), 2);
    assert.equal(interaction.options.getMember('who').id, cast.bob.id);
    assert.equal(interaction.member.id, cast.alice.id);
    await interaction.deferReply();
    await interaction.editReply('done');
    const follow = await interaction.followUp('and more');
    assert.equal(follow.content, 'and more');
    assert.equal((await outcome).message.content, 'done');
    await assert.rejects(interaction.reply('again'));
  });

  test('answers ephemerally, for one pair of eyes', async () => {
    const asked = next(Events.InteractionCreate, (interaction) => interaction.isChatInputCommand());
    const outcome = sandbox.act(cast.alice.id, 'command', { channel_id: channel.id, name: 'ping', wait_ms: 10000, options: [] });
    const [interaction] = await asked;
    await interaction.reply({ content: 'secret', flags: MessageFlags.Ephemeral });
    const { message } = await outcome;
    assert.equal(message.content, 'secret');
    const mine = await sandbox.messages(cast.alice.id, channel.id);
    const theirs = await sandbox.messages(cast.bob.id, channel.id);
    assert.ok(mine.some(({ id }) => id === message.id));
    assert.ok(!theirs.some(({ id }) => id === message.id));
  });

  test('opens a modal and reads what was written', async () => {
    const asked = next(Events.InteractionCreate, (interaction) => interaction.isChatInputCommand());
    const outcome = sandbox.act(cast.alice.id, 'command', { channel_id: channel.id, name: 'ask', wait_ms: 10000, options: [] });
    const [interaction] = await asked;
    await interaction.showModal(new ModalBuilder().setCustomId('form').setTitle('Form').addComponents(
      new ActionRowBuilder().addComponents(
        new TextInputBuilder().setCustomId('why').setLabel('Why').setStyle(TextInputStyle.Short))));
    const { modal, interaction_id } = await outcome;
    assert.equal(modal.custom_id, 'form');
    const submitted = next(Events.InteractionCreate, (other) => other.isModalSubmit());
    const answered = sandbox.act(cast.alice.id, 'modal_submit', { interaction_id, values: { why: 'because' }, wait_ms: 10000 });
    const [submit] = await submitted;
    assert.equal(submit.fields.getTextInputValue('why'), 'because');
    await submit.reply('thanks');
    assert.equal((await answered).message.content, 'thanks');
  });

  test('a button updates its message', async () => {
    const sent = await channel.send({
      content: 'count 0',
      components: [new ActionRowBuilder().addComponents(
        new ButtonBuilder().setCustomId('count').setLabel('+1').setStyle(ButtonStyle.Secondary))],
    });
    const pressed = next(Events.InteractionCreate, (interaction) => interaction.isButton());
    const outcome = sandbox.act(cast.bob.id, 'click', {
      channel_id: channel.id, message_id: sent.id, custom_id: 'count', wait_ms: 10000,
    });
    const [interaction] = await pressed;
    await interaction.update({ content: 'count 1' });
    assert.equal((await outcome).outcome, 'update');
    assert.equal((await channel.messages.fetch({ message: sent.id, force: true })).content, 'count 1');
  });

  test('gives and takes a role', async () => {
    const bottom = guild.roles.cache.filter((role) => role.id !== guild.id && !role.managed && role.editable
      && !guild.members.cache.get(cast.bob.id)?.roles.cache.has(role.id)).first();
    const member = await guild.members.fetch(cast.bob.id);
    const given = next(Events.GuildMemberUpdate, (_old, now) => now.roles.cache.has(bottom.id));
    await member.roles.add(bottom);
    await given;
    const taken = next(Events.GuildMemberUpdate, (_old, now) => !now.roles.cache.has(bottom.id));
    await member.roles.remove(bottom);
    await taken;
  });

  test('asks for all members by chunks', async () => {
    guild.members.cache.clear();
    const members = await guild.members.fetch();
    assert.equal(members.size, cast.guild.members.length);
  });

  test('writes a direct message, and hears when they are closed', async () => {
    const user = await client.users.fetch(cast.alice.id);
    const message = await user.send('psst');
    assert.ok(message.channel.isDMBased());
    await sandbox.act(cast.bob.id, 'set_dm_open', { open: false });
    await assert.rejects((await client.users.fetch(cast.bob.id)).send('psst'), { code: 50007 });
    await sandbox.act(cast.bob.id, 'set_dm_open', { open: true });
  });

  test('makes a webhook, posts through it, into a thread too, and deletes it', async () => {
    const updated = next(Events.WebhooksUpdate, ({ id }) => id === channel.id);
    const hook = await channel.createWebhook({ name: 'Herald' });
    await updated;
    assert.equal((await channel.fetchWebhooks()).get(hook.id).token, hook.token);
    const heard = next(Events.MessageCreate, (message) => message.webhookId === hook.id);
    const sent = await hook.send({ content: 'hear ye', username: 'Crier' });
    assert.equal((await heard)[0].author.username, 'Crier');
    assert.equal((await hook.editMessage(sent.id, 'hear me')).content, 'hear me');
    await hook.deleteMessage(sent.id);
    await assert.rejects(hook.fetchMessage(sent.id), { code: 10008 });
    const thread = await channel.threads.create({ name: 'aside' });
    const aside = await hook.send({ content: 'in there', threadId: thread.id });
    assert.equal(aside.channelId ?? aside.channel_id, thread.id);
    await hook.delete();
    await assert.rejects(hook.send('anybody?'), { code: 10015 });
  });

  test('pins and unpins', async () => {
    const message = await channel.send('keep this');
    const pinned = next(Events.ChannelPinsUpdate, ({ id }) => id === channel.id);
    await message.pin();
    await pinned;
    const { items } = await channel.messages.fetchPins();
    assert.equal(items[0].message.id, message.id);
    assert.ok(items[0].pinnedTimestamp > 0);
    await message.unpin();
    assert.equal((await channel.messages.fetchPins()).items.length, 0);
  });

  test('deletes many messages at once', async () => {
    const made = [];
    for (let i = 0; i < 3; i += 1) made.push((await channel.send(`old ${i}`)).id);
    const gone = next(Events.MessageBulkDelete, (messages) => messages.size === 3);
    assert.equal((await channel.bulkDelete(made)).size, 3);
    await gone;
    await assert.rejects(channel.messages.fetch({ message: made[0], force: true }), { code: 10008 });
  });

  test('sees voice channels filled and left', async () => {
    const joined = next(Events.VoiceStateUpdate, (_old, now) => now.id === cast.alice.id && now.channelId);
    await sandbox.act(cast.alice.id, 'voice_join', { channel_id: cast.lounge.id });
    assert.equal((await joined)[1].channelId, cast.lounge.id);
    assert.ok(guild.channels.cache.get(cast.lounge.id).members.has(cast.alice.id));
    const left = next(Events.VoiceStateUpdate, (_old, now) => now.id === cast.alice.id && !now.channelId);
    await sandbox.act(cast.alice.id, 'voice_leave');
    await left;
  });

  test('resumes after a dropped socket and gets what it missed', async () => {
    shardEvents.length = 0;
    const missed = next(Events.MessageCreate, (message) => message.content === 'while you were away');
    await sandbox.faults({ close: { code: null } });
    await sandbox.act(cast.alice.id, 'send', { channel_id: channel.id, content: 'while you were away' });
    await missed;
    await until('the resume', () => shardEvents.includes(Events.ShardResume));
    assert.ok(!shardEvents.includes(Events.ShardReady));
  });

  test('identifies anew when a resume is refused', async () => {
    shardEvents.length = 0;
    await sandbox.faults({ refuse_resume: true, close: { code: 4000 } });
    await until('a new session', () => shardEvents.includes(Events.ShardReady), 30000);
    await sandbox.act(cast.alice.id, 'send', { channel_id: channel.id, content: 'still there?' });
    await next(Events.MessageCreate, (message) => message.content === 'still there?').catch(async () => {
      // It may have arrived before we listened.
      assert.equal((await channel.messages.fetch({ limit: 1 })).first().content, 'still there?');
    });
  });

  test('reads who may use a command, and hears of a change', async () => {
    const [play] = (await guild.commands.fetch()).values();
    await sandbox.act(cast.owner, 'set_command_permissions', {
      guild_id: guild.id, target_id: play.id, permissions: [{ id: cast.bob.id, type: 2, permission: false }],
    });
    const rules = await until('the rule', () => guild.commands.permissions.fetch({ command: play.id }).catch(() => null));
    assert.equal(rules[0].permission, false);
    await assert.rejects(sandbox.act(cast.bob.id, 'command', { channel_id: channel.id, name: play.name, options: [] }), /403/);
  });

  test('broke none of Discord\'s rules but the one asked for above', async () => {
    const { kinds } = await sandbox.violations();
    const { rest_malformed_request: malformed = 0, ...others } = kinds;
    assert.deepEqual(Object.entries(others).filter(([, count]) => count > 0), []);
    assert.equal(malformed, 1, 'one malformed command registration was provoked');
  });
});

describe('discord.js in two shards', { timeout: 60000 }, () => {
  let sandbox;
  let client;

  before(async () => {
    sandbox = await Sandbox.start('--shards', '2', '--max-concurrency', '2');
    client = new Client({ intents, partials: [Partials.Channel], shards: 'auto', rest: { api: `${sandbox.base}/api`, retries: 0 } });
    const ready = once(client, Events.ClientReady);
    await client.login('sandbox');
    await ready;
  });
  after(async () => {
    await client?.destroy();
    await sandbox?.stop();
  });

  test('takes as many as Discord recommends; each guild and the direct messages come once', async () => {
    assert.equal(client.ws.shards.size, 2);
    const cast = await sandbox.cast(client.user.username);
    const guild = client.guilds.cache.get(cast.guild.id);
    assert.equal(guild.shardId, Number((BigInt(guild.id) >> 22n) % 2n));
    const seen = [];
    client.on(Events.MessageCreate, ({ content }) => seen.push(content));
    await sandbox.act(cast.alice.id, 'send', { channel_id: cast.text.id, content: 'in the guild' });
    const { channel_id: dm } = await sandbox.act(cast.alice.id, 'open_dm', { user_id: client.user.id });
    await sandbox.act(cast.alice.id, 'send', { channel_id: dm, content: 'psst' });
    await until('both messages', () => seen.length >= 2);
    await sandbox.act(cast.alice.id, 'send', { channel_id: cast.text.id, content: 'last' });
    await until('the last message', () => seen.includes('last'));
    assert.deepEqual(seen.filter((content) => content !== 'last').sort(), ['in the guild', 'psst']);
    assert.equal((await sandbox.violations()).total, 0);
  });
});
