// Whatever the voice server does to hearthd, it is heard again: spoiled commits and Welcomes, sessions that end (4006,
// 4017), kicks and moves (4014), a server that goes away, packets that are lost, doubled and out of order.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Sandbox, until } from '../support/sandbox.mjs';
import { roomOf, trustVoice, VoiceClient } from '../support/voice_client.mjs';
import { command, sessionOf, startVoiceDaemon } from '../support/voice_daemon.mjs';

describe('hearthd and a voice server that fails', { timeout: 300000 }, () => {
  let sandbox;
  let daemon;
  let cast;
  let hearth;
  let den;
  let attic;
  let lantern;

  const run = (name, options) => command(sandbox, cast.alice.id, cast.text.id, name, options);
  const rain = () => run('rain');
  const session = () => sessionOf(sandbox, hearth);
  const join = (who, channel) => sandbox.act(who.id, 'voice_join', { channel_id: channel });
  const leave = (who) => sandbox.act(who.id, 'voice_leave');
  const last = async () => (await sandbox.call('GET', '/sim/log?since=999999999')).last;
  /** What hearthd said to the voice server since then, by op. */
  const said = async (since, op) => (await sandbox.call('GET', `/sim/log?since=${since}&kind=voice_in&limit=100000`)).entries
    .filter((entry) => entry.user_id === hearth && entry.op === op);
  const sessions = (channel) => until('one group', async () => {
    const room = await roomOf(sandbox, channel);
    const clients = [await session(), lantern.inGroup].filter(Boolean).length;
    return room && clients === 2 && room.group === 2 + room.people.length && room.transitions === 0
      && Number(lantern.dave.session.epoch) === room.epoch && room.people.every((person) => person.epoch === room.epoch);
  }, 30000);
  /** A second of it is opened and decoded by the client, and a person opens all that came meanwhile. */
  async function isHeard(channel = den, by = cast.alice) {
    await sessions(channel);
    const ear = lantern.hear(hearth);
    await until('frames at the client', () => ear.frames >= 50 || ear.error, 30000)
      .catch((error) => { throw new Error(`${error.message} (${ear})`); });
    assert.equal(ear.error, undefined);
    assert.equal(ear.undecodable, 0);
    const loud = Math.sqrt(ear.pcm.reduce((sum, value) => sum + value * value, 0) / ear.pcm.length);
    assert.ok(loud > 50, `what was heard has an rms of ${loud}`);
    ear.end();
    const listener = async () => (await roomOf(sandbox, channel)).people.find((one) => one.user_id === by.id);
    const { heard, undecryptable } = await listener();
    await until('frames at the person', async () => (await listener()).heard >= heard + 25);
    assert.equal((await listener()).undecryptable, undecryptable);
  }
  const rest = (method, where, body) => fetch(`${sandbox.base}/api/v10${where}`, {
    method,
    headers: {
      Authorization: 'Bot sandbox',
      'Content-Type': 'application/json',
      'User-Agent': 'DiscordBot (https://example.org, 1)',
    },
    body: JSON.stringify(body),
  });

  before(async () => {
    sandbox = await Sandbox.start('--identify-interval-ms', '0');
    await trustVoice(sandbox);
    cast = await sandbox.cast('Hearth');
    hearth = cast.bot.id;
    den = cast.channels['ranked 1'].id;
    attic = cast.channels['ranked 2'].id;
    daemon = await startVoiceDaemon(sandbox, cast);
    lantern = await VoiceClient.start(sandbox, 'sandbox-2');
    await join(cast.alice, den);
    await lantern.join(den);
    await rain();
    await isHeard();
  });
  beforeEach(() => sandbox.call('DELETE', '/sim/faults'));
  after(async () => {
    await lantern?.stop();
    await daemon?.dispose();
    await sandbox?.stop();
  });

  test('a commit that reaches it spoiled is told, and it is added anew', async () => {
    await leave(cast.alice); // the only victim is to be hearthd
    await sessions(den);
    const { commits } = await roomOf(sandbox, den);
    const since = await last();
    await sandbox.faults({ voice_bad_commits: 1 });
    daemon.child.kill('SIGSTOP'); // or it would be the first to commit, and nothing reached it
    await join(cast.bob, den);
    await until('the client\'s commit', async () => (await roomOf(sandbox, den)).commits > commits);
    daemon.child.kill('SIGCONT');
    await until('the complaint', async () => (await said(since, 31)).length > 0);
    // Time that was slept through is skipped in the timestamps, too.
    assert.deepEqual(Object.keys((await sandbox.violations()).kinds).filter((kind) => kind !== 'voice_rtp_timestamp'), []);
    await sandbox.call('POST', '/sim/violations/reset');
    await isHeard(den, cast.bob);
    await join(cast.alice, den);
    await isHeard();
    await leave(cast.bob);
    await isHeard();
  });

  test('a Welcome that reaches it spoiled is told, and another one comes', async () => {
    await run('ambience', [{ name: 'stop', type: 1 }]);
    await until('hearthd to go', async () => !(await session()));
    const since = await last();
    await sandbox.faults({ voice_bad_welcomes: 1 });
    await rain();
    await until('the complaint', async () => (await said(since, 31)).length > 0);
    await isHeard();
  });

  test('4006: it asks for a new session', async () => {
    const { ssrc } = await session();
    await sandbox.faults({ voice_close: { user_id: hearth, code: 4006 } });
    await until('the new session', async () => {
      const now = await session();
      return now && now.ssrc !== ssrc && now.stage === 'live';
    }, 30000);
    await isHeard();
  });

  test('4017: it says so, and tries again half a minute later', async () => {
    await sandbox.faults({ voice_close: { user_id: hearth, code: 4017 } });
    await until('hearthd to go', async () => !(await session()));
    await until('a sentence in the message', async () => (await sandbox.messages(cast.alice.id, cast.text.id))
      .some((message) => JSON.stringify(message.embeds).includes('⚠️')));
    await sandbox.call('POST', '/sim/time', { advance_ms: 31000 });
    await isHeard();
    await until('the sentence to be gone', async () => (await sandbox.messages(cast.alice.id, cast.text.id))
      .every((message) => !JSON.stringify(message.embeds).includes('⚠️')));
  });

  test('4014, moved by a moderator: it plays on there', async () => {
    assert.equal((await rest('PATCH', `/guilds/${cast.guild.id}/members/${hearth}`, { channel_id: attic })).status, 200);
    await until('hearthd there', async () => (await session())?.channel_id === attic && (await session()).stage === 'live');
    await join(cast.alice, attic);
    lantern.leave();
    await lantern.join(attic);
    await isHeard(attic);
  });

  test('4014, disconnected by a moderator: it stays out until it is asked again', async () => {
    assert.equal((await rest('PATCH', `/guilds/${cast.guild.id}/members/${hearth}`, { channel_id: null })).status, 200);
    await until('hearthd to go', async () => !(await session()));
    await sandbox.call('POST', '/sim/time', { advance_ms: 61000 });
    assert.match(JSON.stringify((await run('ambience', [{ name: 'now', type: 1 }])).message), /Nothing is playing here/);
    assert.equal(await session(), undefined);
    await rain();
    await isHeard(attic);
  });

  test('a server that goes away: it waits for the next one', async () => {
    await sandbox.faults({ voice_server: { guild_id: cast.guild.id, gone: true } });
    await until('no session', async () => (await session())?.stage !== 'live');
    await sandbox.faults({ voice_server: { guild_id: cast.guild.id } });
    await until('the new session', async () => (await session())?.stage === 'live', 30000);
    await isHeard(attic);
  });

  test('lost answers to IP discovery are asked for again', async () => {
    await run('ambience', [{ name: 'stop', type: 1 }]);
    await until('hearthd to go', async () => !(await session()));
    await sandbox.faults({ voice_udp: { discoveries: 2 } });
    await rain();
    await isHeard(attic);
  });

  test('packets lost, doubled and out of order: what arrives is opened', async () => {
    await sandbox.faults({ voice_udp: { lose: 5, twice: 7, reorder: 4 } });
    await isHeard(attic);
  });

  test('none of it broke a rule of Discord', async () => {
    const { details } = await sandbox.violations();
    assert.deepEqual(details, []);
    assert.deepEqual(lantern.errors, []);
  });
});
