// hearthctl on a real hearthd that lives on a real discord-sim: every command, what it shows and what it refuses.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Daemon } from '../support/daemon.mjs';
import { binaries, Sandbox, until } from '../support/sandbox.mjs';

const hearthctl = path.join(binaries, 'hearthctl');

describe('hearthctl', { timeout: 300000 }, () => {
  let sandbox;
  let daemon;
  let cast;
  let guild;
  let config;
  let scratch;

  const environment = () => ({ PATH: process.env.PATH, HEARTH_PROFILE: 'sandbox', HEARTH_DATA_DIR: daemon.folder });
  const ctl = (options, { env = environment(), input } = {}) => {
    const said = spawnSync(hearthctl, options, { encoding: 'utf8', timeout: 60000, env, input });
    daemon.keep('inspection', `${said.stdout}${said.stderr}`);
    return said;
  };
  /** Its output when it ended with 0. */
  const ok = (...options) => {
    const { status, stdout, stderr } = ctl(options);
    assert.equal(status, 0, `hearthctl ${options.join(' ')}: ${stdout}${stderr}`);
    return stdout;
  };
  const json = (...options) => JSON.parse(ok('--json', ...options));
  const refused = (code, ...options) => {
    const { status, stdout, stderr } = ctl(options);
    assert.equal(status, code, `hearthctl ${options.join(' ')}: ${stdout}${stderr}`);
    return stderr;
  };
  const dataFolder = () => path.join(daemon.folder, 'sandbox');
  const about = () => sandbox.act(cast.owner, 'command', {
    channel_id: cast.text.id, name: 'about', options: [], wait_ms: 10000, wait_for: 'final',
  });

  before(async () => {
    sandbox = await Sandbox.start();
    cast = await sandbox.cast();
    guild = cast.guild.id;
    daemon = await Daemon.make(sandbox);
    scratch = await mkdtemp(path.join(os.tmpdir(), 'hearth-ctl-'));
    config = path.join(scratch, 'hearth.toml');
    await writeFile(config, '[log]\nlevel = "info"\n');
    await daemon.start('--config', config);
    await daemon.online(cast.owner);
  });
  after(async () => {
    await daemon?.dispose();
    await sandbox?.stop();
    if (scratch) await rm(scratch, { recursive: true, force: true });
  });

  test('certificates are there after the first start, for the owner alone', async () => {
    await until('the ports', () => existsSync(path.join(dataFolder(), 'inspect', 'steer.address')));
    assert.equal((await stat(path.join(dataFolder(), 'inspect'))).mode & 0o777, 0o700);
    const list = json('certificates');
    assert.deepEqual(list.map(({ name }) => name), ['inspect-ca', 'inspect-server', 'inspect-client',
      'steer-ca', 'steer-server', 'steer-client']);
    for (const { name, days_left: days } of list) {
      assert.ok(days > 390, `${name}: ${days}`);
      for (const suffix of ['pem', 'key']) {
        assert.equal((await stat(path.join(dataFolder(), 'inspect', `${name}.${suffix}`))).mode & 0o777, 0o600);
      }
    }
    assert.match(ok('certificates'), /steer-client +20\d\d-/);
  });

  test('status: the daemon, its machine, no errors', () => {
    const text = ok('status');
    assert.match(text, /^hearthd \S+, profile sandbox, online, up /);
    assert.match(text, /gateway +shard 0: ready/);
    assert.match(text, /store +fine;/);
    const status = json('status');
    assert.equal(status.profile, 'sandbox');
    assert.equal(status.online, true);
    assert.equal(status.pid, daemon.child.pid);
    assert.equal(status.guilds, 1);
    assert.equal(status.shards[0].state, 'ready');
    assert.equal(status.shards[0].identifies, 1);
    assert.ok(status.memory_bytes > 1e6 && status.memory_bytes < 1e9);
    assert.ok(status.host.disk_bytes > 0 && status.threads > 5 && status.files > 5);
    assert.ok(status.rest_sent > 0);
    assert.ok(status.store_commits > 0 && status.database_bytes > 0);
    assert.equal(status.certificates.length, 6);
    assert.equal(status.log_level, 'info');
  });

  test('actors and top: everybody is there, with rates', () => {
    const { actors } = json('actors');
    const names = actors.map(({ name }) => name);
    for (const name of ['root', 'guild', 'gateway_shard', 'rest_client', 'clock', 'inspector', 'steerer']) {
      assert.ok(names.includes(name), `${name} in ${names}`);
    }
    const inspector = actors.find(({ name }) => name === 'inspector');
    assert.ok(inspector.handled > 0 && inspector.messages_per_second > 0);
    assert.equal(actors.find(({ name, guild: id }) => name === 'guild' && id !== '0').guild, guild);
    assert.match(ok('actors'), /ACTOR +GUILD/);
    const lines = ok('top', '--once').replace(/\n$/, '').split('\n');
    assert.equal(lines.length, 24);
    for (const line of lines) assert.equal([...line].length, 80);
    assert.match(lines[4], /ACTOR.*MSG\/S/);
    assert.match(refused(64, 'top'), /terminal/);
    assert.match(refused(64, 'statsu'), /there is no command statsu; did you mean status\?/);
    assert.match(refused(64, 'zzz'), /there is no command zzz; hearthctl --help lists them/);
  });

  test('top in a terminal: sorts by keys, ends with q, gives the screen back', async () => {
    const child = spawn('script', ['-qec', `stty cols 80 rows 24; ${hearthctl} top`, '/dev/null'],
      { env: { ...environment(), TERM: 'xterm' }, stdio: ['pipe', 'pipe', 'pipe'] });
    let seen = '';
    child.stdout.on('data', (data) => { seen += data; });
    await until('the first frame', () => seen.includes('(busy)'));
    child.stdin.write('m');
    await until('another order', () => seen.includes('(messages)'));
    child.stdin.write('q');
    if (child.exitCode === null) await once(child, 'exit');
    assert.equal(child.exitCode, 0, seen);
    assert.ok(seen.endsWith('\u001b[?1049l'), 'the screen is given back');
  });

  test('gates: buckets of what was asked', () => {
    const gates = json('gates');
    assert.equal(gates.global_max, 50);
    assert.ok(gates.gates.some(({ limit }) => limit > 0), JSON.stringify(gates));
    assert.match(ok('gates'), /ROUTE +OF +BUCKET/);
  });

  test('jobs: the daemon\'s own and the guild\'s, next and last', () => {
    const { jobs, now_ms: now } = json('jobs');
    const backup = jobs.find(({ job }) => job === 'backup');
    assert.equal(backup.guild, '0');
    assert.ok(backup.next_ms > now && backup.next_ms < now + 25 * 3600e3);
    assert.ok(jobs.some(({ guild: id, job }) => id === guild && job === 'daily_schedule'), JSON.stringify(jobs));
    assert.match(ok('jobs'), /04:10 UTC daily/);
  });

  test('guild: as the daemon sees it; an unknown one is refused', () => {
    const seen = json('guild', guild);
    assert.equal(seen.guild, guild);
    assert.equal(seen.available, true);
    assert.equal(seen.name, cast.guild.name);
    assert.equal(seen.features.find(({ name }) => name === 'schedule').state, 'running');
    assert.match(ok('guild', guild), /schedule +on +by default +running/);
    assert.match(refused(1, 'guild', '12345'), /guild 12345/);
    assert.match(refused(64, 'guild', 'fire'), /no guild's id/);
  });

  test('events: by type, wanted and dropped', async () => {
    await about();
    const { events } = json('events');
    const type = (name) => events.find((event) => event.type === name);
    assert.ok(type('GUILD_CREATE').wanted >= 1);
    assert.ok(type('INTERACTION_CREATE').wanted >= 1);
    for (const { received, wanted, dropped } of events) assert.equal(received, wanted + dropped);
    assert.match(ok('events'), /^EVENT/);
  });

  test('log: the last lines, and new ones as they come', async () => {
    assert.match(json('log', '-n', '1').level, /^(info|warning)$/); // a warning where another daemon has its ports
    const child = spawn(hearthctl, ['log', '-f', '-n', '1'], { env: environment() });
    let seen = '';
    child.stdout.on('data', (data) => { seen += data; });
    await until('the first line', () => seen.includes('\n'));
    ok('loglevel', 'info');
    await until('the new line', () => seen.includes('steer: loglevel info'));
    child.kill('SIGINT');
    if (child.exitCode === null) await once(child, 'exit');
    assert.equal(child.exitCode, 0);
  });

  test('trace: the messages of one actor by type', async () => {
    const child = spawn(hearthctl, ['trace', `guild/${guild}`, '--count', '1'], { env: environment() });
    let seen = '';
    child.stdout.on('data', (data) => { seen += data; });
    await until('the trace to begin', () => seen.includes('tracing guild'));
    await until('a message', async () => {
      await about();
      return child.exitCode !== null;
    });
    assert.equal(child.exitCode, 0);
    assert.match(seen, /\+0\.000 s +\S+ +\d/);
    assert.match(refused(1, 'trace', 'oracle'), /there is no actor oracle; there are .*guild/);
  });

  test('reload: what changed, or the mistake; both in the log with who', async () => {
    await writeFile(config, '[log]\nlevel = "info"\n[gateway]\npresence = "by the fire"\n');
    const done = json('reload');
    assert.match(done.details.join(), /gateway\.presence.*by the fire/);
    await writeFile(config, '[log]\nlevel = "info"\n[gateway\n');
    assert.match(refused(1, 'reload'), /hearth\.toml:3/);
    await writeFile(config, '[log]\nlevel = "info"\n');
    ok('reload');
    await until('the log', () => /steer: reload: the holder of the steering certificate, who says to be \S+@/.test(daemon.log));
  });

  test('job run: of a guild, of the daemon; unknown ones are named', async () => {
    ok('job', 'run', 'backup');
    const backups = path.join(dataFolder(), 'backups');
    assert.ok(existsSync(backups));
    ok('job', 'run', 'retention');
    assert.match(refused(1, 'job', 'run', 'laundry'), /there is no job laundry/);
    assert.match(refused(1, 'job', 'run', 'backup', guild), /in guild/);
    assert.match(refused(64, 'job', 'run', 'backup', guild, '--everywhere'), /either/);
  });

  test('restart: a feature, a guild, the gateway; commands work again', async () => {
    ok('restart', 'schedule', guild);
    await until('the feature', () => json('guild', guild).features[0].state === 'running');
    const id = json('actors').actors.find(({ name, guild: of }) => name === 'guild' && of === guild).id;
    ok('restart', String(id));
    await until('the guild', async () => (await about()).outcome === 'message');
    assert.notEqual(json('actors').actors.find(({ name, guild: of }) => name === 'guild' && of === guild).id, id);
    ok('restart', 'gateway_shard');
    await until('the gateway', () => json('status').shards[0].state === 'ready');
    await until('an answer', async () => (await about()).outcome === 'message');
    assert.match(refused(1, 'restart', 'rest_client'), /cannot be restarted alone/);
    assert.match(refused(1, 'restart', 'guild', '12345'), /guild 12345/);
  });

  test('feature: off and on, in the guild\'s audit log', async () => {
    ok('feature', 'off', 'schedule', guild);
    let [schedule] = json('guild', guild).features;
    assert.equal(schedule.on, false);
    assert.equal(schedule.chosen, true);
    ok('feature', 'on', 'schedule', guild);
    [schedule] = json('guild', guild).features;
    assert.equal(schedule.on, true);
    const audit = spawnSync('sqlite3', [`file:${path.join(dataFolder(), 'hearth.db')}?mode=ro`,
      'SELECT what FROM audit_log ORDER BY id'], { encoding: 'utf8' });
    assert.match(audit.stdout, /hearthctl feature off schedule \(\S+@.*\)/);
    assert.match(refused(1, 'feature', 'on', 'oracle', guild), /there is no feature oracle/);
    assert.match(refused(64, 'feature', 'up', 'schedule', guild), /on/);
  });

  test('loglevel: applied at once; unknown ones are refused', () => {
    ok('loglevel', 'debug');
    assert.equal(json('status').log_level, 'debug');
    ok('loglevel', 'info');
    refused(64, 'loglevel', 'loud');
  });

  test('backup and restore: online and verified; offline, and back to what was', async () => {
    const copy = path.join(scratch, 'copy.db');
    const done = json('backup', copy);
    assert.match(done.text, /made and verified/);
    assert.equal((await stat(copy)).mode & 0o777, 0o600);
    assert.match(refused(1, 'backup', copy), /is there already/);
    assert.match(refused(1, 'backup', path.join(scratch, 'no', 'x.db')), /is no folder/);
    assert.match(refused(1, 'restore', copy), /only possible while hearthd is stopped/);
    ok('feature', 'off', 'schedule', guild); // after the copy
    ok('stop');
    assert.match(refused(1, 'restore', path.join(scratch, 'nothing.db')), /nothing was changed: .* is no file/);
    const restored = json('restore', copy);
    assert.match(restored.details.join(), /before-restore-/);
    await daemon.start('--config', config);
    await daemon.online(cast.owner);
    await until('the guild', () => ctl(['guild', guild]).status === 0 && json('guild', guild).features[0]?.on === true);
  });

  test('drain: nothing new is taken, then it works again', async () => {
    ok('drain');
    assert.equal(json('status').draining, true);
    const answer = await about();
    assert.match(JSON.stringify(answer), /restarting/);
    assert.match(refused(1, 'job', 'run', 'retention'), /no jobs are started/);
    ok('drain', '--off');
    assert.equal(json('status').draining, false);
    await until('an answer', async () => !JSON.stringify(await about()).includes('restarting'));
  });

  test('a stranger is turned away with words: other CA, other right, no certificate', async () => {
    const [address, port] = (await readFile(path.join(dataFolder(), 'inspect', 'inspect.address'), 'utf8')).trim().split(' ');
    const other = path.join(scratch, 'other');
    await cp(path.join(dataFolder(), 'inspect'), other, { recursive: true });
    const elsewhere = ['--connect', `${address}:${port}`, '--certificates', other];
    assert.match(ok(...elsewhere, 'status'), /online/); // a copy of the certificates is enough
    for (const suffix of ['pem', 'key']) {
      await rename(path.join(other, `steer-client.${suffix}`), path.join(other, `inspect-client.${suffix}`));
    }
    await rename(path.join(other, 'steer-ca.pem'), path.join(other, 'inspect-ca.pem'));
    assert.match(refused(3, ...elsewhere, 'status'), /does not accept our certificate/);
    await chmod(path.join(other, 'inspect-client.key'), 0o644);
    assert.match(refused(3, ...elsewhere, 'status'), /chmod 600/);
    assert.match(refused(3, '--connect', `${address}:${port}`, '--certificates', scratch, 'status'), /no usable certificate/);
    const plain = net.connect(Number(port), address).on('error', () => {}); // cut, perhaps by a reset
    plain.write('\u0000\u0000\u0000\u0000\u00ff\u00ff\u00ff\u00ff and so on, no TLS at all');
    await new Promise((closed) => plain.on('close', closed));
    assert.match(ok('status'), /online/);
  });

  test('silent connections are cut, and cost little', async () => {
    const [address, port] = (await readFile(path.join(dataFolder(), 'inspect', 'inspect.address'), 'utf8')).trim().split(' ');
    const before = json('status');
    const memory = await daemon.ownBytes();
    const sockets = [];
    for (let i = 0; i < 12; i += 1) {
      const socket = net.connect(Number(port), address);
      await once(socket, 'connect');
      sockets.push(once(socket, 'close'));
      socket.resume();
    }
    const during = json('status');
    assert.ok(during.files - before.files >= 12);
    const grown = await daemon.ownBytes() - memory;
    assert.ok(grown < 12 * 200e3, `${grown} bytes`);
    await Promise.all(sockets); // closed by the daemon, not by us
  });

  test('renew: while it runs; the old certificates are void with their authority', async () => {
    const old = path.join(scratch, 'old');
    await cp(path.join(dataFolder(), 'inspect'), old, { recursive: true });
    const done = json('renew', '--authorities');
    assert.equal(done.details.length, 6);
    await until('the new certificates', () => ctl(['status']).status === 0);
    const [address, port] = (await readFile(path.join(dataFolder(), 'inspect', 'inspect.address'), 'utf8')).trim().split(' ');
    assert.match(refused(3, '--connect', `${address}:${port}`, '--certificates', old, 'status'), /certificate/);
  });

  test('the menu leads to every command', () => {
    const { status, stdout } = ctl([], { input: '1\nguild\n' + guild + '\nnonsense\nq\n' });
    assert.equal(status, 0);
    for (const name of ['status', 'actors', 'top', 'gates', 'jobs', 'guild', 'events', 'log', 'trace', 'reload', 'job run',
      'restart', 'feature', 'loglevel', 'backup', 'drain', 'stop', 'restore', 'renew', 'completion']) {
      assert.match(stdout, new RegExp(`\\d  ${name} `));
    }
    assert.match(stdout, /profile sandbox, online/);
    assert.ok(stdout.includes(`guild ${guild}`));
    assert.match(stdout, /There is no "nonsense"/);
  });

  test('completion: bash completes commands, options and files', () => {
    const complete = (...words) => spawnSync('bash', ['-c', `source <(${hearthctl} completion bash)
      COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
      _hearthctl; printf '%s\\n' "\${COMPREPLY[@]}"`], { encoding: 'utf8', cwd: scratch }).stdout.trim().split('\n');
    assert.deepEqual(complete('hearthctl', 'sta'), ['status']);
    assert.ok(complete('hearthctl', '--json', 'log', '--f').includes('--follow'));
    assert.deepEqual(complete('hearthctl', 'job', 'r'), ['run']);
    assert.deepEqual(complete('hearthctl', 'feature', 'of'), ['off']);
    assert.ok(complete('hearthctl', 'restore', 'copy').includes('copy.db'));
    assert.deepEqual(complete('hearthctl', '--profile', 'sand'), ['sandbox']);
  });

  test('stop: in order; without a daemon every command says how to start one', async () => {
    assert.match(ok('stop'), /stopped in order/);
    if (daemon.child.exitCode === null) await once(daemon.child, 'exit');
    assert.equal(daemon.child.exitCode, 0, daemon.log.slice(-2000));
    for (const command of [['status'], ['reload'], ['actors']]) {
      assert.match(refused(2, ...command), /does not run with the profile sandbox.*\n.*systemctl start/);
    }
    assert.match(refused(2, '--profile', 'prod', 'status'), /profile prod/);
    assert.match(ok('renew'), /from its next start/);
    assert.match(refused(64, 'dance'), /./);
  });

  test('off: port 0 lets nobody in, and says so', async () => {
    await writeFile(config, '[inspect]\nport = 0\n[steer]\nport = 0\n');
    await daemon.start('--config', config);
    await daemon.online(cast.owner);
    assert.match(refused(2, 'status'), /nobody can inspect.*\n.*inspect\.port/);
    assert.equal(await daemon.kill('SIGTERM'), 0);
  });

  test('nothing secret was logged or shown', () => {
    assert.ok(!/Bot sandbox|BEGIN (EC )?PRIVATE KEY/.test(daemon.log));
  });
});
