// hearthd speaks: who comes first into a watched channel is welcomed aloud, over what plays there or by a visit, and in
// writing where the voice is not possible. And it plays the operator's own files. All of it as a person's recorder has it.
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Sandbox, until } from '../support/sandbox.mjs';
import { shareOf, trustVoice } from '../support/voice_client.mjs';
import { command, recorder, sessionOf, startVoiceDaemon } from '../support/voice_daemon.mjs';
import { filtered, levels, median, portrait, readWav, sineWav } from '../support/wav.mjs';

const minutes = (count) => count * 60000;

describe('hearthd speaks, and plays own files', { timeout: 240000 }, () => {
  let sandbox;
  let daemon;
  let cast;
  let den;
  let attic;

  before(async () => {
    sandbox = await Sandbox.start('--identify-interval-ms', '0');
    await trustVoice(sandbox);
    cast = await sandbox.cast('Hearth');
    den = cast.channels['ranked 1'].id;
    attic = cast.channels['ranked 2'].id;
    daemon = await startVoiceDaemon(sandbox, cast);
    for (const channel of [den, attic])
      await command(sandbox, cast.owner, cast.text.id, 'modvoicechannel', [{ name: 'channel', type: 7, value: channel }]);
    await command(sandbox, cast.owner, cast.text.id, 'modenablebotvoice', [{ name: 'enable', type: 5, value: true }]);
  });
  after(async () => {
    await daemon?.dispose();
    await sandbox?.stop();
  });

  const join = (who, channel) => sandbox.act(who.id, 'voice_join', { channel_id: channel });
  const leave = (who) => sandbox.act(who.id, 'voice_leave');
  const session = () => sessionOf(sandbox, cast.bot.id);
  const pass = (ms) => sandbox.call('POST', '/sim/time', { advance_ms: ms });
  const written = async (who, channel) => (await sandbox.messages(who.id, channel))
    .filter((message) => message.author.id === cast.bot.id);
  /** Seconds of sound, as the voice server counts its packets: no clock of the test. */
  const sent = async (seconds) => {
    const before_ = (await session())?.packets ?? 0;
    await until(`${seconds} s of sound`, async () => (await session())?.packets >= before_ + seconds * 50, 60000);
  };
  async function rightful() {
    const { details } = await sandbox.violations();
    assert.deepEqual(details, []);
  }

  test('the first one in a channel hears a voice, and is left alone again', async () => {
    await join(cast.alice, den);
    const ear = recorder(sandbox, cast.alice.id);
    const file = path.join(daemon.folder, 'visit.wav');
    await ear.begin(file);
    await until('the bot to come', session, 20000);
    await until('the bot to go', async () => !(await session()), 30000);
    const said = await ear.end();
    assert.equal(said.gaps, 0, JSON.stringify(said));
    assert.ok(said.peak < 1, `peak ${said.peak}`);
    const voice = portrait(await readWav(file));
    assert.ok(voice.seconds > 2 && voice.seconds < 20, JSON.stringify(voice));
    assert.ok(voice.loud > 0.03, JSON.stringify(voice));
    assert.ok(voice.pauses > 0.1, JSON.stringify(voice));
    assert.ok(voice.high < 1e-4, JSON.stringify(voice));
    assert.deepEqual(await written(cast.alice, den), []);
    await rightful();
  });

  test('rarely: who comes back at once is not told again, nor is company', async () => {
    const mark = (await sandbox.call('GET', '/sim/log?since=999999999')).last;
    // Answered when whatever came before has been to the store and back.
    const settled = () => command(sandbox, cast.alice.id, cast.text.id, 'total');
    await leave(cast.alice);
    await join(cast.alice, den);
    await pass(minutes(1));
    await settled();
    await join(cast.bob, den);
    await pass(minutes(61));
    await settled();
    await leave(cast.bob);
    await settled();
    const { entries } = await sandbox.call('GET', `/sim/log?since=${mark}&kind=gateway_in`);
    assert.deepEqual(entries.filter((entry) => entry.op === 4), []);
    assert.equal(await session(), undefined);
    assert.deepEqual(await written(cast.alice, den), []);
  });

  test('over what plays the sound steps back for the voice, and returns', async () => {
    await command(sandbox, cast.alice.id, cast.text.id, 'rain', [{ name: 'track', type: 4, value: 2 }]);
    await until('rain', async () => (await session())?.packets > 50);
    await leave(cast.alice);
    await pass(minutes(11));
    await join(cast.bob, den);
    const ear = recorder(sandbox, cast.bob.id);
    const file = path.join(daemon.folder, 'over.wav');
    await ear.begin(file);
    await sent(18);
    const said = await ear.end();
    assert.equal(said.gaps, 0, JSON.stringify(said));
    const all = await readWav(file);
    // Rain alone is above 12 kHz, the voice is not: there the rain's own level shows.
    const rain = levels(filtered(all, 'high', 12000), 100);
    const begin = rain.findIndex((level) => level > 0);
    const usual = median(rain.slice(begin + 10, begin + 25));
    const lowest = median([...rain.slice(begin + 25)].sort((a, b) => a - b).slice(0, 20));
    const end = median(rain.slice(-15));
    const figures = JSON.stringify({ usual, lowest, end });
    assert.ok(usual > 1e-4, figures);
    assert.ok(lowest < 0.5 * usual && lowest > 0.05 * usual, figures);
    assert.ok(end > 0.75 * usual && end < 1.35 * usual, figures);
    // And in the band of voices it is louder then.
    const voice = levels(filtered(all, 'low', 4000), 100);
    const before_ = median(voice.slice(begin + 10, begin + 25));
    const loudest = median([...voice].sort((a, b) => b - a).slice(0, 15));
    assert.ok(loudest > 1.5 * before_, JSON.stringify({ before: before_, loudest }));
    assert.ok(portrait(all.slice((begin + 10) * 4800, (begin + 25) * 4800)).high > 1e-3, 'rain is broad');
    assert.ok(await session(), 'it stays with those who listen');
    await rightful();
  });

  test('who listens elsewhere keeps the sound: the welcome is written', async () => {
    const ear = recorder(sandbox, cast.bob.id);
    await ear.begin(path.join(daemon.folder, 'kept.wav'));
    await pass(minutes(61));
    await join(cast.alice, attic);
    const [message] = await until('a written welcome', async () => {
      const found = await written(cast.alice, attic);
      return found.length > 0 && found;
    });
    assert.ok(message.content.startsWith(`Hello ${cast.alice.display_name}. `), message.content);
    assert.equal((await ear.end()).gaps, 0);
    assert.equal((await session()).channel_id, den);
    await leave(cast.alice);
    await command(sandbox, cast.bob.id, cast.text.id, 'ambience', [{ name: 'stop', type: 1 }]);
    await until('the bot to go', async () => !(await session()));
    await leave(cast.bob);
  });

  test('where the bot may not speak the welcome is written', async () => {
    const answer = await fetch(`${sandbox.base}/api/v10/channels/${attic}/permissions/${cast.bot.id}`, {
      method: 'PUT',
      headers: {
        Authorization: 'Bot sandbox',
        'Content-Type': 'application/json',
        'User-Agent': 'DiscordBot (https://example.org, 1)',
      },
      body: JSON.stringify({ type: 1, allow: '0', deny: String(1 << 21) }), // SPEAK
    });
    assert.equal(answer.status, 204);
    await pass(minutes(61));
    await join(cast.alice, attic);
    await until('a written welcome', async () => (await written(cast.alice, attic)).length === 2);
    assert.equal(await session(), undefined);
    await leave(cast.alice);
  });

  test('a file dropped into a family is offered, in the message too, and heard', async () => {
    await fs.mkdir(path.join(daemon.folder, 'sounds/sea'), { recursive: true });
    await fs.writeFile(path.join(daemon.folder, 'sounds/sea/glass harp.wav'), sineWav(660, 3));
    await fs.writeFile(path.join(daemon.folder, `sounds/sea/${'x'.repeat(120)}.wav`), sineWav(660, 3));
    await join(cast.alice, den);
    const id = 'file:sea/glass harp.wav';
    const choices = await until('the file to be offered', async () => {
      const said = await sandbox.act(cast.alice.id, 'autocomplete', {
        channel_id: cast.text.id, name: 'ambience', focused: 'sound', wait_ms: 10000,
        options: [{ name: 'play', type: 1, options: [{ name: 'sound', type: 3, value: 'glass', focused: true }] }],
      });
      return said.choices?.some((each) => each.value === id) && said.choices;
    });
    assert.equal(choices.length, 1);
    const { message } = await command(sandbox, cast.alice.id, cast.text.id, 'rain');
    const select = message.components.flatMap((row) => row.components).find((part) => part.type === 3);
    assert.deepEqual(select.options.map((each) => [each.label, each.value]), [['glass harp', id]]);
    const chosen = await sandbox.act(cast.alice.id, 'select', {
      channel_id: cast.text.id, message_id: message.id, custom_id: select.custom_id, values: [id], wait_ms: 10000,
    });
    assert.equal(chosen.outcome, 'update');
    await sent(3);
    const ear = recorder(sandbox, cast.alice.id);
    const file = path.join(daemon.folder, 'own.wav');
    await ear.begin(file);
    await sent(5); // over its seam
    assert.equal((await ear.end()).gaps, 0);
    const heard = await readWav(file);
    const share = shareOf(660, heard.slice(48000, 96000));
    assert.ok(share > 0.95, `${share} of it is the file's tone`);
    assert.match(daemon.log, /file:sea\/xxx.* cannot be offered/);
    await rightful();
  });
});
