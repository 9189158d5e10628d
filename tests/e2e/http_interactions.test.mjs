// hearthd takes its interactions by signed HTTP: discord-sim saves its address after testing it as Discord does, posts
// commands and clicks there, tries forgeries, delivers twice. What a member sees is what the gateway would have brought.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Daemon } from '../support/daemon.mjs';
import { binaries, freePort, Sandbox, until } from '../support/sandbox.mjs';

describe('interactions by signed HTTP', { timeout: 120000 }, () => {
  let sandbox;
  let daemon;
  let cast;
  let port;
  let schedule;
  let config;

  const endpoint = async () => (await sandbox.call('GET', '/sim/endpoints')).endpoints
    .find(({ application_id: id }) => id === cast.bot.id);
  const command = (who, name, options = [], more = {}) => sandbox.act(who, 'command', {
    channel_id: cast.text.id, name, options, wait_ms: 10000, wait_for: 'final', ...more,
  });
  const buttons = (message) => message.components.flatMap((row) => row.components ?? [])
    .filter((part) => part.type === 2 && part.custom_id && !part.disabled);
  const evening = async () => (await sandbox.messages(cast.owner, schedule)).filter((message) => message.author.bot
    && message.embeds.length > 0 && buttons(message).length > 5).at(-1);
  /** What members see of it. */
  const shown = (message) => JSON.stringify([message.embeds, message.components]);

  before(async () => {
    sandbox = await Sandbox.start();
    cast = await sandbox.cast();
    schedule = cast.channels.schedule.id;
    port = await freePort();
    daemon = await Daemon.make(sandbox);
    config = path.join(daemon.folder, 'hearth.toml');
    await writeFile(config, `[log]\nlevel = "debug"\n[interactions]\nhttp_port = ${port}\n`);
    await daemon.start('--config', config);
    await daemon.online(cast.owner);
    // Saving it is a PING and a forgery: hearthd fetched the public key by itself.
    await until('hearthd to listen', () => daemon.log.includes(`port ${port}`));
    const saved = await sandbox.call('POST', '/sim/endpoint',
      { application_id: cast.bot.id, url: `http://127.0.0.1:${port}/interactions`, probe_one_in: 1 });
    assert.equal(saved.ok, true);
  });
  after(async () => {
    await daemon?.dispose();
    await sandbox?.stop();
  });

  test('a command is answered, and the gateway brought nothing of it', async () => {
    const answer = await command(cast.alice.id, 'about');
    assert.equal(answer.outcome, 'message');
    const { entries } = await sandbox.call('GET', '/sim/log?since=0&kind=gateway_out');
    assert.equal(entries.filter(({ t }) => t === 'INTERACTION_CREATE').length, 0);
    const { delivered, left, failed } = await endpoint();
    assert.equal(failed, 0);
    assert.equal(left, delivered, 'answered by 202, then by the callback');
  });

  test('the same interaction delivered twice counts once', async () => {
    assert.equal((await command(cast.owner, 'modtextschedulechannel',
      [{ name: 'channel', type: 7, value: schedule }])).outcome, 'message');
    await sandbox.call('POST', '/sim/time', { advance_ms: 24 * 3600 * 1000 });
    const message = await until('the evening', evening);
    const before = (await endpoint()).left;
    await sandbox.faults({ interactions_twice: 1 });
    const clicked = await sandbox.act(cast.alice.id, 'click', {
      channel_id: schedule, message_id: message.id, custom_id: buttons(message)[0].custom_id,
      wait_ms: 10000, wait_for: 'final',
    });
    assert.equal(clicked.outcome, 'update');
    const voted = await evening();
    assert.notEqual(shown(voted), shown(message), 'the vote shows');
    // A vote is a toggle: taken twice, it would be gone again.
    await until('both deliveries to be answered', async () => (await endpoint()).left === before + 2);
    // What comes after it is answered in order with it: by then the second delivery has done its worst.
    assert.equal((await command(cast.bob.id, 'about')).outcome, 'message');
    assert.equal(shown(await evening()), shown(voted));
    const answers = (await sandbox.call('GET', '/sim/log?since=0&kind=rest')).entries
      .filter(({ path: at }) => at.includes(`/interactions/${clicked.interaction_id}/`));
    assert.equal(answers.length, 1, 'one first answer');
  });

  test('every forgery is refused; a good ping is answered', async () => {
    const probe = async (kind) => (await sandbox.call('POST', '/sim/endpoint/probe',
      { application_id: cast.bot.id, kind })).status;
    for (const kind of ['other_key', 'other_time', 'other_body', 'truncated', 'no_hex', 'no_header', 'twice'])
      assert.equal(await probe(kind), 401, kind);
    assert.equal(await probe('none'), 200);
  });

  test('moved time moves the signatures along', async () => {
    await sandbox.call('POST', '/sim/time', { advance_ms: 6 * 3600 * 1000 });
    assert.equal((await command(cast.bob.id, 'about')).outcome, 'message');
  });

  test('the address survived the forgeries, and Discord has nothing to complain about', async () => {
    const { url, probes } = await endpoint();
    assert.ok(url, 'still saved');
    assert.ok(probes >= 3, `${probes} forgeries beside the interactions`);
    const { total, kinds } = await sandbox.violations();
    assert.equal(total, 0, JSON.stringify(kinds));
  });

  test('--check --online says when nobody would answer', () => {
    const check = (...options) => spawnSync(path.join(binaries, 'hearthd'), ['--check', '--online', ...options], {
      encoding: 'utf8',
      timeout: 30000,
      env: {
        PATH: process.env.PATH, HEARTH_PROFILE: 'sandbox', HEARTH_DISCORD_TOKEN: 'sandbox',
        HEARTH_DATA_DIR: daemon.folder, HEARTH_DISCORD_API: `${sandbox.base}/api`,
      },
    });
    assert.equal(check('--config', config).status, 0);
    const { status, stdout } = check();
    assert.equal(status, 78, stdout);
    assert.match(stdout, /interactions\.http_port is 0/);
  });

  test('an orderly stop ends with 0; without an endpoint the gateway serves again', async () => {
    assert.equal(await daemon.kill('SIGTERM'), 0, daemon.log.slice(-2000));
    await sandbox.call('POST', '/sim/endpoint', { application_id: cast.bot.id, url: null });
    await daemon.start();
    await daemon.online(cast.owner);
    const answer = await until('an answer', () => command(cast.alice.id, 'about')
      .then((given) => given.outcome === 'message' && given));
    assert.equal(answer.outcome, 'message');
  });

  test('no token and no signature was logged', () => {
    assert.ok(!/"token":"|Bot sandbox|x-signature/i.test(daemon.log));
  });
});
