// discord.py 2.2.2 (Debian's python3-discord), unmodified, with zlib-stream: the Python half is discordpy_bot.py,
// which prints one JSON line for everything it sees; this half plays the members and checks.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import readline from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Sandbox, until } from '../support/sandbox.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));

describe('discord.py', { timeout: 120000 }, () => {
  let sandbox;
  let bot;
  let cast;
  const seen = [];
  let errors = '';

  /** The first line not looked at yet with that event name and for which `wanted` holds. */
  const saw = (event, wanted = () => true) => until(event, () => {
    const index = seen.findIndex((line) => line.event === event && wanted(line));
    return index < 0 ? null : seen.splice(index, 1)[0];
  }, 20000).catch((error) => { throw new Error(`${error.message}; the bot said ${errors.slice(-2000)} ${JSON.stringify(seen)}`); });
  const ask = (command, fields = {}) => bot.stdin.write(`${JSON.stringify({ command, ...fields })}\n`);

  before(async () => {
    sandbox = await Sandbox.start();
    bot = spawn('/usr/bin/python3', [path.join(here, 'discordpy_bot.py'), sandbox.base, 'sandbox'],
      { stdio: ['pipe', 'pipe', 'pipe'] });
    readline.createInterface({ input: bot.stdout }).on('line', (line) => seen.push(JSON.parse(line)));
    bot.stderr.on('data', (data) => { errors += data; });
    const ready = await saw('ready');
    cast = await sandbox.cast(ready.name);
    assert.equal(ready.compressed, true);
    assert.equal(ready.members, cast.guild.members.length);
    assert.equal(ready.roles, cast.guild.roles.length);
  });
  after(async () => {
    bot?.kill('SIGKILL');
    await sandbox?.stop();
  });

  test('posts with file, embed and button; edits', async () => {
    ask('post', { channel: cast.text.id });
    const { id } = await saw('posted');
    const shown = (await sandbox.messages(cast.alice.id, cast.text.id)).find((message) => message.id === id);
    assert.equal(shown.content, 'edited by python');
    assert.equal(shown.attachments[0].filename, 'note.txt');
    assert.equal(shown.embeds[0].title, 'Title');
    const clicked = await sandbox.act(cast.alice.id, 'click',
      { channel_id: cast.text.id, message_id: id, custom_id: 'press', wait_ms: 10000 });
    assert.equal(clicked.message.content, 'pressed');
  });

  test('reads a member and reactions', async () => {
    const { message } = await sandbox.act(cast.bob.id, 'send', { channel_id: cast.text.id, content: 'react to me' });
    await saw('message', (line) => line.content === 'react to me' && line.author === cast.bob.id);
    const id = message?.id ?? (await sandbox.messages(cast.bob.id, cast.text.id)).at(-1).id;
    await sandbox.act(cast.alice.id, 'react', { channel_id: cast.text.id, message_id: id, emoji: '🎲' });
    await saw('reaction', (line) => line.user === cast.alice.id && line.emoji === '🎲');
  });

  test('registers commands; options, autocomplete, deferral, follow-up, modal, ephemeral', async () => {
    ask('sync', { guild: cast.guild.id });
    assert.equal((await saw('synced')).count, 3);
    const complete = await sandbox.act(cast.alice.id, 'autocomplete', {
      channel_id: cast.text.id, name: 'play', wait_ms: 10000, options: [{ name: 'what', type: 3, value: 'ch', focused: true }],
    });
    assert.deepEqual(complete.choices.map(({ value }) => value), ['chess']);
    const played = await sandbox.act(cast.alice.id, 'command', {
      channel_id: cast.text.id, name: 'play', wait_ms: 10000, wait_for: 'final',
      options: [{ name: 'what', type: 3, value: 'chess' }, { name: 'who', type: 6, value: cast.bob.id }],
    });
    assert.equal(played.message.content, `chess with ${cast.bob.id}`);
    await until('the follow-up', async () => (await sandbox.messages(cast.bob.id, cast.text.id))
      .some(({ content }) => content === 'and more'));
    const quiet = await sandbox.act(cast.alice.id, 'command', { channel_id: cast.text.id, name: 'quiet', wait_ms: 10000, options: [] });
    assert.equal(quiet.message.flags & 64, 64);
    const form = await sandbox.act(cast.alice.id, 'command', { channel_id: cast.text.id, name: 'form', wait_ms: 10000, options: [] });
    assert.equal(form.outcome, 'modal');
    const field = JSON.stringify(form.modal).match(/"custom_id":"(why)"/)[1];
    const thanks = await sandbox.act(cast.alice.id, 'modal_submit',
      { interaction_id: form.interaction_id, values: { [field]: 'because' }, wait_ms: 10000 });
    assert.equal(thanks.message.content, 'because');
  });

  test('roles, chunks, direct messages, voice', async () => {
    ask('members', { guild: cast.guild.id, member: cast.bob.id });
    const { chunked, role } = await saw('members');
    assert.equal(chunked, cast.guild.members.length);
    assert.ok(role);
    ask('dm', { user: cast.alice.id });
    await saw('dm_sent');
    await sandbox.act(cast.alice.id, 'voice_join', { channel_id: cast.lounge.id });
    await saw('voice', (line) => line.user === cast.alice.id && line.channel === cast.lounge.id);
    await sandbox.act(cast.alice.id, 'voice_leave');
    await saw('voice', (line) => line.user === cast.alice.id && line.channel === null);
  });

  test('webhooks, pins, many messages deleted at once', async () => {
    ask('webhook', { channel: cast.text.id });
    const { author, content, names } = await saw('webhook');
    assert.deepEqual([author, content, names], ['Crier', 'hear me', ['Herald']]);
    ask('pins', { channel: cast.text.id });
    const { pins, left } = await saw('pins');
    assert.deepEqual([pins, left], [['keep this'], 0]);
    assert.equal((await saw('bulk')).count, 3);
  });

  test('resumes after a dropped socket', async () => {
    await sandbox.faults({ close: { code: null } });
    await sandbox.act(cast.alice.id, 'send', { channel_id: cast.text.id, content: 'while you were away' });
    await saw('message', (line) => line.content === 'while you were away');
    await saw('resumed');
  });

  test('identifies anew when a resume is refused', async () => {
    await sandbox.faults({ refuse_resume: true, close: { code: 4000 } });
    await until('a new session', () => seen.some((line) => line.event === 'ready'), 40000);
    await sandbox.act(cast.alice.id, 'send', { channel_id: cast.text.id, content: 'still there?' });
    await saw('message', (line) => line.content === 'still there?');
  });

  test('broke none of Discord\'s rules', async () => {
    const { kinds } = await sandbox.violations();
    assert.deepEqual(Object.entries(kinds).filter(([, count]) => count > 0), []);
    bot.stdin.end();
    const [code] = await once(bot, 'exit');
    assert.equal(code, 0, errors);
  });
});
