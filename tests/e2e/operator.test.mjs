// What an operator meets: starting without a token, --check, --invite, a second instance, SIGHUP with good and
// broken files, stopping and resuming.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Daemon } from '../support/daemon.mjs';
import { binaries, Sandbox, until } from '../support/sandbox.mjs';

const hearthd = path.join(binaries, 'hearthd');
const root = path.resolve(import.meta.dirname, '../..');

describe('the operator', { timeout: 120000 }, () => {
  let sandbox;
  let daemon;
  let cast;
  let config;

  const run = (options, environment = {}) => spawnSync(hearthd, options, {
    encoding: 'utf8', timeout: 30000, env: { PATH: process.env.PATH, ...environment },
  });
  const sandboxed = () => ({
    HEARTH_PROFILE: 'sandbox', HEARTH_DISCORD_TOKEN: 'sandbox', HEARTH_DATA_DIR: daemon.folder,
    HEARTH_DISCORD_API: `${sandbox.base}/api`,
  });
  /** IDENTIFYs so far. */
  const sessions = async () => (await sandbox.call('GET', '/sim/log?since=0')).entries
    .filter(({ kind, op }) => kind === 'gateway_in' && op === 2).length;

  before(async () => {
    sandbox = await Sandbox.start();
    cast = await sandbox.cast();
    daemon = await Daemon.make(sandbox);
    config = path.join(daemon.folder, 'hearth.toml');
    await writeFile(config, '[log]\nlevel = "info"\n[gateway]\npresence = "by the fire"\n');
    await daemon.start('--config', config);
    await daemon.online(cast.owner);
  });
  after(async () => {
    await daemon?.dispose();
    await sandbox?.stop();
  });

  test('--help and --version speak', () => {
    assert.match(run(['--help']).stdout, /--check/);
    assert.match(run(['--version']).stdout, /MIT/);
  });

  test('without a token it says what to do, and exits with 78', () => {
    const { status, stderr } = run([]);
    assert.equal(status, 78);
    assert.match(stderr, /HEARTH_DISCORD_TOKEN/);
    assert.equal(stderr.trim().split('\n').length, 5);
  });

  test('--check explains, and names the nearest key', async () => {
    const wrong = path.join(daemon.folder, 'wrong.toml');
    await writeFile(wrong, '[gateway]\ncompresion = "zstd"\n');
    const { status, stdout } = run(['--config', wrong, '--check']);
    assert.equal(status, 78);
    assert.match(stdout, /wrong\.toml:2/);
    assert.match(stdout, /gateway\.compression/);
  });

  test('--check --online tries the token; --invite prints the link', () => {
    const good = run(['--check', '--online'], sandboxed());
    assert.equal(good.status, 0, good.stdout + good.stderr);
    assert.match(good.stdout, /The token works/);
    const invite = run(['--invite'], sandboxed());
    assert.match(invite.stdout, /client_id=\d+&scope=bot\+applications\.commands&permissions=\d+/);
    const bad = run(['--check', '--online'], { ...sandboxed(), HEARTH_DISCORD_TOKEN: 'no-such-token' });
    assert.equal(bad.status, 78, bad.stdout);
    assert.match(bad.stdout, /refuses the token/);
    assert.ok(!(bad.stdout + bad.stderr).includes('no-such-token'));
  });

  test('wrong usage ends with 64; what is wrong is said once', () => {
    assert.equal(run(['--no-such-option'], sandboxed()).status, 64);
    assert.equal(run(['--online'], sandboxed()).status, 64);
    const far = run(['--check', '--online'], { ...sandboxed(), HEARTH_DISCORD_API: 'http://127.0.0.1:9/api' });
    assert.equal(far.status, 69, far.stdout);
    assert.match(far.stdout, /Discord cannot be reached at http:\/\/127\.0\.0\.1:9\/api/);
    assert.equal(far.stderr, '');
  });

  test('--check --online names each option that needs a switch of the portal', async () => {
    const demo = await readFile(path.join(root, 'config/sim/demo.toml'), 'utf8');
    const world = path.join(daemon.folder, 'world.toml');
    await writeFile(world, demo.replace('"presences", "members", "content"', '"presences", "members"'));
    const without = await Sandbox.start('--world', world);
    try {
      const check = async (text) => {
        await writeFile(path.join(daemon.folder, 'asks.toml'), text);
        return run(['--check', '--online', '--config', path.join(daemon.folder, 'asks.toml')],
          { ...sandboxed(), HEARTH_DISCORD_API: `${without.base}/api` });
      };
      assert.equal((await check('')).status, 0);
      for (const [section, option] of [['guild', 'legacy_prefix = "!"'], ['ambience', 'keyword_reactions = true']]) {
        const { status, stdout } = await check(`[${section}]\n${option}\n`);
        assert.equal(status, 78, stdout);
        assert.match(stdout, new RegExp(`${section}\\.${option.split(' ')[0]} needs the Message Content intent`));
      }
    } finally {
      await without.stop();
    }
  });

  test('a second instance is told who has the folder', () => {
    const { status, stderr, stdout } = run(['--config', config], sandboxed());
    assert.equal(status, 78);
    assert.match(stderr + stdout, /already|another|runs/i);
  });

  test('SIGHUP applies a changed option without dropping the session', async () => {
    const before = await sessions();
    await writeFile(config, '[log]\nlevel = "debug"\n[gateway]\npresence = "in the garden"\n');
    daemon.child.kill('SIGHUP');
    await until('the reload', () => daemon.log.includes('configuration read again'));
    assert.match(daemon.log, /log\.level.*debug/);
    assert.equal(await sessions(), before, 'the gateway session was kept');
  });

  test('SIGHUP with a broken file changes nothing, and says file, line and reason', async () => {
    await writeFile(config, '[log]\nlevel = "debug"\n[gateway\n');
    daemon.child.kill('SIGHUP');
    await until('the refusal', () => daemon.log.includes('nothing was changed'));
    assert.match(daemon.log, /hearth\.toml:3/);
    assert.equal(daemon.child.exitCode, null);
    const answer = await sandbox.act(cast.owner, 'command', {
      channel_id: cast.text.id, name: 'about', options: [], wait_ms: 10000, wait_for: 'final',
    });
    assert.equal(answer.outcome, 'message');
  });

  test('an orderly stop ends with 0, and the next start resumes instead of identifying', async () => {
    await writeFile(config, '');
    assert.equal(await daemon.kill('SIGTERM'), 0, daemon.log.slice(-2000));
    const before = await sessions();
    await daemon.start('--config', config);
    await daemon.online(cast.owner);
    const answer = await until('an answer', () => sandbox.act(cast.owner, 'command', {
      channel_id: cast.text.id, name: 'about', options: [], wait_ms: 10000, wait_for: 'final',
    }).then((given) => given.outcome === 'message' && given));
    assert.equal(answer.outcome, 'message');
    assert.equal(await sessions(), before, 'no new IDENTIFY');
  });

  test('nothing secret was logged', async () => {
    assert.ok(!/Bot sandbox|"token":"sandbox"/.test(daemon.log));
    const { kinds } = await sandbox.violations();
    const { rest_missing_auth = 0, unauthorized = 0, ...others } = kinds;
    assert.deepEqual(Object.entries(others).filter(([kind, count]) => count > 0 && !/auth|401|token/.test(kind)), []);
  });
});
