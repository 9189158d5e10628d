// hearthd in a room with @discordjs/voice clients and a person of the simulator: they are one group, whoever comes, goes
// or commits, and everybody hears the rain, unbroken.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Sandbox, until } from '../support/sandbox.mjs';
import { roomOf, tone, trustVoice, VoiceClient } from '../support/voice_client.mjs';
import { command, recorder, sessionOf, startVoiceDaemon } from '../support/voice_daemon.mjs';

const modes = ['aead_aes256_gcm_rtpsize', 'aead_xchacha20_poly1305_rtpsize'];

/** Seconds; EVENING_S=600 is the evening that the issue asks for. */
const evening = Number(process.env.EVENING_S ?? 5);

describe('hearthd among voice clients', { timeout: 240000 + evening * 1000 }, () => {
  let sandbox;
  let daemon;
  let cast;
  let lantern;
  let hearth;
  let den;
  let recordings = 0;

  before(async () => {
    sandbox = await Sandbox.start('--identify-interval-ms', '0');
    await trustVoice(sandbox);
    cast = await sandbox.cast('Hearth');
    hearth = cast.bot.id;
    den = cast.channels['ranked 1'].id;
    daemon = await startVoiceDaemon(sandbox, cast);
    lantern = await VoiceClient.start(sandbox, 'sandbox-2');
  });
  after(async () => {
    await lantern?.stop();
    await daemon?.dispose();
    await sandbox?.stop();
  });

  const run = (name, options) => command(sandbox, cast.alice.id, cast.text.id, name, options);
  const rain = () => run('rain', [{ name: 'track', type: 4, value: 2 }]);
  const stop = () => run('ambience', [{ name: 'stop', type: 1 }]);
  const sounds = () => until('frames of hearthd', async () => (await sessionOf(sandbox, hearth))?.packets > 50);

  /** The group has hearthd, those clients and all people of the room. */
  const together = async (clients) => until('one group', async () => {
    const room = await roomOf(sandbox, den);
    const count = clients.length + 1 + (room?.people.length ?? 0);
    return room?.group === count && room.transitions === 0
      && clients.every((client) => client.inGroup && Number(client.dave.session.epoch) === room.epoch)
      && room.people.every((person) => person.epoch === room.epoch) && room;
  });
  /** Records what alice hears while `meanwhile` happens. */
  async function recorded(meanwhile) {
    recordings += 1;
    const ear = recorder(sandbox, cast.alice.id);
    await ear.begin(path.join(daemon.folder, `heard-${recordings}.wav`));
    await meanwhile();
    return ear.end();
  }
  const seconds = (count) => new Promise((resolve) => { setTimeout(resolve, count * 1000); });
  async function hears(client, frames = 100) {
    const ear = client.hear(hearth);
    await until('frames at the client', () => ear.frames >= frames || ear.error)
      .catch((error) => { throw new Error(`${error.message} (${ear})`); });
    assert.equal(ear.error, undefined);
    assert.equal(ear.undecodable, 0);
    const loud = Math.sqrt(ear.pcm.reduce((sum, value) => sum + value * value, 0) / ear.pcm.length);
    assert.ok(loud > 50, `what was heard has an rms of ${loud}`);
    ear.end();
  }
  async function nothingWrong() {
    const { details } = await sandbox.violations();
    assert.deepEqual(details, []);
    assert.deepEqual(lantern.errors, []);
    const room = await roomOf(sandbox, den);
    for (const person of room?.people ?? []) {
      // A newcomer cannot open what was on its way before its Welcome (dave 3: the sender switches at op 22).
      assert.ok(person.undecryptable <= 5, `${person.undecryptable} frames did not open`);
      assert.equal(person.plain, 0);
      assert.equal(person.invalid, 0);
    }
  }

  for (const mode of modes)
    test(`/rain is heard by ${mode}, without a gap`, async () => {
      await sandbox.faults({ voice_modes: [mode] });
      await sandbox.act(cast.alice.id, 'voice_join', { channel_id: den });
      await rain();
      await sounds();
      assert.equal((await sessionOf(sandbox, hearth)).mode, mode);
      const said = await recorded(() => seconds(4));
      assert.equal(said.gaps, 0, JSON.stringify(said));
      assert.equal(said.spurts, 1);
      assert.ok(said.seconds > 3.5);
      assert.ok(said.rms > 0.005 && said.peak < 1, `rms ${said.rms}, peak ${said.peak}`);
      await nothingWrong();
      await stop();
      await until('hearthd to leave', async () => !(await sessionOf(sandbox, hearth)));
    });

  test('a client joins, hears, speaks, leaves; the last ones begin anew', async () => {
    await sandbox.faults({ voice_modes: [] });
    await rain();
    await together([]);
    await lantern.join(den);
    await together([lantern]);
    await hears(lantern);
    const said = await recorded(() => lantern.speak(tone(660, 100)));
    assert.equal(said.gaps, 0, JSON.stringify(said));
    lantern.leave();
    await together([]);
    await sounds();
    // All but hearthd go: its group begins anew, and so it does with the next one.
    await sandbox.act(cast.alice.id, 'voice_leave');
    await until('the reset', async () => (await roomOf(sandbox, den)).resets === 1);
    await lantern.join(den);
    const room = await together([lantern]);
    assert.equal(room.epoch, 1);
    // Bots alone hear nothing: it plays on when a person is back.
    await sandbox.act(cast.alice.id, 'voice_join', { channel_id: den });
    await together([lantern]);
    await hears(lantern);
    await nothingWrong();
  });

  test('all see the same privacy code: the client, a member by /ambience now, the operator by hearthctl', async () => {
    await together([lantern]);
    const code = lantern.dave.voicePrivacyCode;
    assert.match(code, /^\d{30}$/);
    const { message } = await run('ambience', [{ name: 'now', type: 1 }]);
    assert.match(JSON.stringify(message), new RegExp(code));
    const { guild } = cast;
    const told = await daemon.inspect('--json', 'guild', guild.id);
    const [seen] = JSON.parse(told).voice;
    assert.equal(seen.privacy_code, code);
    assert.match(told, new RegExp(`"channel":\\s*${den}\\b`)); // as text: a JavaScript number would round it
    assert.equal(seen.members, 3);
    const shown = await daemon.inspect('guild', guild.id);
    assert.ok(shown.includes(`privacy code ${code.match(/.{5}/g).join(' ')}`), shown);
    assert.match(shown, /voice: live in channel \d+, rain:2 100 %, volume 100 %/);
  });

  test('a lost voice socket is resumed and not heard', async () => {
    const before_ = (await sessionOf(sandbox, hearth)).resumes;
    const said = await recorded(async () => {
      await seconds(1);
      await sandbox.faults({ voice_close: { user_id: hearth, code: 0 } });
      await until('the resume', async () => (await sessionOf(sandbox, hearth))?.resumes === before_ + 1);
      await seconds(1);
    });
    assert.equal(said.gaps, 0, JSON.stringify(said));
    assert.equal(said.spurts, 1);
    await hears(lantern);
    await nothingWrong();
  });

  test(`an evening of ${evening} s has no gap`, async () => {
    const said = await recorded(() => seconds(evening));
    assert.equal(said.gaps, 0, JSON.stringify(said));
    assert.equal(said.spurts, 1);
    assert.equal(said.silence_ms, 0);
    assert.ok(said.frames >= (evening - 0.5) * 50, `${said.frames} frames`);
    await nothingWrong();
  });

  test('another voice server takes over', async () => {
    await sandbox.faults({ voice_server: { guild_id: cast.guild.id } });
    await until('the new session', async () => (await sessionOf(sandbox, hearth))?.stage === 'live');
    lantern.leave();
    await sounds();
    await together([]);
    const said = await recorded(() => seconds(2));
    assert.equal(said.gaps, 0, JSON.stringify(said));
  });
});
