// @discordjs/voice, unmodified, in rooms of discord-sim's voice server: its DAVE (davey), its transport
// encryption and its Opus frames meet the simulator's own delivery service, listeners and UDP relay.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Sandbox, until } from '../support/sandbox.mjs';
import { grouped, roomOf, tone, trustVoice, VoiceClient } from '../support/voice_client.mjs';

const world = `
[[user]]
name = "owner"
[[user]]
name = "listener"
${['Ann', 'Bob', 'Cyd'].map((name, i) => `
[[application]]
id = "118000000000000000${i + 1}"
name = "${name}"
token = "${name.toLowerCase()}"
owner = "owner"
intents = ["presences", "members", "content"]`).join('\n')}
[[guild]]
id = "1170000000000000001"
name = "Room"
owner = "owner"
everyone = ["VIEW_CHANNEL", "SEND_MESSAGES", "CONNECT", "SPEAK", "USE_VAD"]
${['Ann', 'Bob', 'Cyd'].map((name) => `
  [[guild.role]]
  name = "${name}"
  bot = "${name}"
  permissions = ["VIEW_CHANNEL", "CONNECT", "SPEAK", "MUTE_MEMBERS"]`).join('\n')}
  [[guild.channel]]
  name = "general"
  [[guild.channel]]
  name = "Lounge"
  type = "voice"
  [[guild.channel]]
  name = "Den"
  type = "voice"
  [[guild.channel]]
  name = "Stage"
  type = "stage"
  [[guild.member]]
  user = "owner"
  [[guild.member]]
  user = "listener"
`;

const hz = { ann: 440, bob: 660, cyd: 880 };
const frames = 60;
const modes = ['aead_aes256_gcm_rtpsize', 'aead_xchacha20_poly1305_rtpsize'];

describe('@discordjs/voice', { timeout: 180000 }, () => {
  let folder;
  let sandbox;
  let listener;
  let ann;
  let bob;
  let cyd;
  let channels;

  before(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'voice-'));
    const file = path.join(folder, 'world.toml');
    await fs.writeFile(file, world);
    sandbox = await Sandbox.start('--world', file, '--identify-interval-ms', '0', '--voice-heartbeat-ms', '1000');
    await trustVoice(sandbox);
    const { users } = await sandbox.state();
    listener = users.find((user) => user.name === 'listener').id;
    const { guilds } = await sandbox.state(listener);
    channels = Object.fromEntries(guilds[0].channels.map((channel) => [channel.name, channel.id]));
    [ann, bob, cyd] = await Promise.all(['ann', 'bob', 'cyd'].map((name) => VoiceClient.start(sandbox, name)));
  });
  after(async () => {
    await Promise.all([ann, bob, cyd].map((client) => client?.stop()));
    await sandbox?.stop();
    await fs.rm(folder, { recursive: true });
  });

  /** Speaks a tone; every listener hears all of it, and nothing else. */
  async function says(speaker, listeners, share = 0.9) {
    const pitch = hz[speaker.client.user.username.toLowerCase()];
    const ears = listeners.map((one) => one.hear(speaker.id));
    await speaker.announce(listeners);
    await speaker.speak(tone(pitch, frames));
    await until('all frames', () => ears.every((ear) => ear.frames + ear.undecodable >= frames || ear.error))
      .catch((error) => { ears.forEach((ear) => { error.message += ` (${ear})`; }); throw error; });
    for (const ear of ears) {
      assert.equal(ear.error, undefined);
      assert.equal(ear.undecodable, 0, String(ear));
      assert.equal(ear.frames, frames);
      assert.ok(ear.share(pitch) > share, `${pitch} Hz is ${ear.share(pitch)} of what was heard`);
      ear.end();
    }
  }

  async function nothingWrong() {
    const { total, details } = await sandbox.violations();
    assert.equal(total, 0, details.join('\n'));
    for (const client of [ann, bob, cyd]) assert.deepEqual(client.errors, []);
  }

  for (const mode of modes)
    test(`two found a group and hear each other by ${mode}`, async () => {
      await sandbox.faults({ voice_modes: [mode] });
      await ann.join(channels.Lounge);
      await bob.join(channels.Lounge);
      await grouped(sandbox, channels.Lounge, [ann, bob]);
      const { sessions } = await sandbox.call('GET', '/sim/voice');
      assert.deepEqual(sessions.map((session) => session.mode), [mode, mode]);
      await says(ann, [bob]);
      await says(bob, [ann]);
      bob.leave();
      ann.leave();
      await until('an empty house', async () => (await sandbox.call('GET', '/sim/voice')).rooms.length === 0);
      await sandbox.faults({ voice_modes: [] });
      await nothingWrong();
    });

  test('a third one joins, one leaves, the last one begins anew', async () => {
    await ann.join(channels.Lounge);
    await bob.join(channels.Lounge);
    await grouped(sandbox, channels.Lounge, [ann, bob]);
    await cyd.join(channels.Lounge);
    await grouped(sandbox, channels.Lounge, [ann, bob, cyd]);
    await says(cyd, [ann, bob]);
    await says(ann, [bob, cyd]);
    bob.leave();
    await grouped(sandbox, channels.Lounge, [ann, cyd]);
    await says(ann, [cyd]);
    await says(cyd, [ann]);
    cyd.leave();
    await until('the sole member’s reset', async () => (await roomOf(sandbox, channels.Lounge)).resets === 1);
    await bob.join(channels.Lounge);
    const room = await grouped(sandbox, channels.Lounge, [ann, bob]);
    assert.equal(room.epoch, 1);
    await says(ann, [bob]);
    await says(bob, [ann]);
    await nothingWrong();
  });

  test('a person in the channel is a member of the group and hears', async () => {
    await sandbox.act(listener, 'voice_join', { channel_id: channels.Lounge });
    const before_ = await grouped(sandbox, channels.Lounge, [ann, bob], 1);
    await says(ann, [bob]);
    const { people } = await until('what was said', async () => {
      const room = await roomOf(sandbox, channels.Lounge);
      return room.people[0].heard >= before_.people[0].heard + frames && room;
    });
    assert.equal(people[0].undecryptable, 0);
    assert.equal(people[0].plain, 0);
    bob.leave(); // a commit with a path
    await grouped(sandbox, channels.Lounge, [ann], 1);
    await bob.join(channels.Lounge);
    const room = await grouped(sandbox, channels.Lounge, [ann, bob], 1);
    assert.equal(room.people[0].invalid, 0);
    await sandbox.act(listener, 'voice_leave');
    await grouped(sandbox, channels.Lounge, [ann, bob]);
    await nothingWrong();
  });

  test('a person speaks, and the clients hear it', async () => {
    await sandbox.act(listener, 'voice_join', { channel_id: channels.Lounge });
    await grouped(sandbox, channels.Lounge, [ann, bob], 1);
    const ears = [ann, bob].map((client) => client.hear(listener));
    await sandbox.act(listener, 'voice_speak', { ms: 1200, hz: 880 });
    await until('all frames', () => ears.every((ear) => ear.frames >= frames));
    for (const ear of ears) {
      assert.equal(ear.undecodable, 0);
      assert.ok(ear.share(880) > 0.9, `${ear.share(880)} of it is the tone`);
      ear.end();
    }
    await sandbox.act(listener, 'voice_leave');
    await grouped(sandbox, channels.Lounge, [ann, bob]);
    await nothingWrong();
  });

  test('a lost socket is resumed; the group and the sound go on', async () => {
    const ear = bob.hear(ann.id);
    const speaking = ann.speak(tone(hz.ann, 100));
    await until('some frames', () => ear.frames > 10);
    await sandbox.faults({ voice_close: { user_id: bob.id, code: 0 } });
    await speaking;
    await until('the resumed session', async () => {
      const { sessions } = await sandbox.call('GET', '/sim/voice');
      return sessions.find((one) => one.user_id === bob.id && one.resumes === 1 && one.connected);
    });
    ear.end(); // what came while it resumed, @discordjs/voice left encrypted
    assert.equal((await roomOf(sandbox, channels.Lounge)).group, 2);
    await says(ann, [bob]);
    await nothingWrong();
  });

  test('a commit that arrives spoiled is told, and its victim is added anew', async () => {
    await sandbox.faults({ voice_bad_commits: 1 });
    await cyd.join(channels.Lounge);
    await until('the complaint', async () => (await roomOf(sandbox, channels.Lounge)).flagged >= 1);
    await grouped(sandbox, channels.Lounge, [ann, bob, cyd]);
    await says(ann, [bob, cyd]);
    await says(bob, [ann, cyd]);
    cyd.leave();
    await grouped(sandbox, channels.Lounge, [ann, bob]);
    const { flagged } = await roomOf(sandbox, channels.Lounge);
    await sandbox.faults({ voice_bad_welcomes: 1 });
    await cyd.join(channels.Lounge);
    await until('the complaint', async () => (await roomOf(sandbox, channels.Lounge)).flagged > flagged);
    await grouped(sandbox, channels.Lounge, [ann, bob, cyd]);
    await says(cyd, [ann, bob]);
    await nothingWrong();
  });

  test('what comes late comes in time: the external sender, the word to switch', async () => {
    cyd.leave();
    await grouped(sandbox, channels.Lounge, [ann, bob]);
    await sandbox.faults({ voice_late: { op: 25, ms: 700 } });
    await sandbox.faults({ voice_late: { op: 22, ms: 400 } });
    await cyd.join(channels.Lounge);
    assert.equal((await roomOf(sandbox, channels.Lounge)).group, 2);
    await grouped(sandbox, channels.Lounge, [ann, bob, cyd]);
    await says(bob, [ann, cyd]);
    await says(cyd, [ann, bob]);
    await sandbox.faults({ voice_late: { op: 25, ms: 0 } });
    await sandbox.faults({ voice_late: { op: 22, ms: 0 } });
    await nothingWrong();
  });

  test('encryption ends and begins again within a connection', async () => {
    await sandbox.faults({ voice_dave: { channel_id: channels.Lounge, version: 0 } });
    await until('version 0', async () => (await roomOf(sandbox, channels.Lounge)).dave_version === 0);
    await says(ann, [bob, cyd]);
    await sandbox.faults({ voice_dave: { channel_id: channels.Lounge, version: 1 } });
    await grouped(sandbox, channels.Lounge, [ann, bob, cyd]);
    await says(bob, [ann, cyd]);
    cyd.leave();
    await grouped(sandbox, channels.Lounge, [ann, bob]);
    await nothingWrong();
  });

  test('packets with header extensions, and out of order, are opened all the same', async () => {
    await sandbox.faults({ voice_extensions: true });
    await says(ann, [bob]);
    await sandbox.faults({ voice_udp: { reorder: 7 } });
    await says(ann, [bob], 0.4); // heard in the order of arrival: @discordjs/voice sorts nothing
    await sandbox.faults({ voice_extensions: false, voice_udp: {} });
    await nothingWrong();
  });

  test('a stage is not encrypted, and who is suppressed is not heard', async () => {
    ann.leave();
    bob.leave();
    await ann.join(channels.Stage);
    await bob.join(channels.Stage);
    const ear = bob.hear(ann.id);
    await ann.speak(tone(hz.ann, 20));
    const dropped = await until('dropped packets', async () => {
      const { sessions } = await sandbox.call('GET', '/sim/voice');
      const session = sessions.find((one) => one.user_id === ann.id);
      return session.dropped >= 20 && session;
    });
    assert.equal(dropped.dropped, dropped.packets);
    assert.equal(ear.frames, 0);
    ear.end();
    assert.equal((await roomOf(sandbox, channels.Stage)).dave_version, 0);
    const { id } = ann.client.guilds.cache.first();
    await ann.client.rest.patch(`/guilds/${id}/voice-states/@me`, { body: { channel_id: channels.Stage, suppress: false } });
    await says(ann, [bob]);
    await nothingWrong();
  });

  test('a client without DAVE is refused with 4017, except on a stage', async () => {
    ann.leave();
    const refused = ann.join(channels.Den, { daveEncryption: false }).catch((error) => error);
    await until('the refusal', async () => (await sandbox.violations()).kinds.voice_without_dave >= 1);
    assert.notEqual(ann.connection.state.status, 'ready');
    ann.leave();
    await refused;
    await sandbox.call('POST', '/sim/violations/reset');
    await ann.join(channels.Stage, { daveEncryption: false });
    ann.errors.length = 0;
    await nothingWrong();
  });
});
