// Starts hearthd on a sandbox and tells when it is there; its data folder outlives kills.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { binaries, until } from './sandbox.mjs';

const run = promisify(execFile);

/** Where hearthd's words are left for tools/secrets.py. */
const output = path.join(process.env.OUTPUT_DIR ?? path.join(binaries, '../test-output'), 'daemon');

export class Daemon {
  static async make(sandbox, environment = {}) {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'hearth-test-'));
    return new Daemon(sandbox, folder, environment);
  }

  constructor(sandbox, folder, environment) {
    this.sandbox = sandbox;
    this.folder = folder;
    this.environment = environment;
    this.log = '';
    mkdirSync(output, { recursive: true });
  }

  /** Starts it; online() waits for the session that this start opens. */
  async start(...options) {
    this.mark = (await this.sandbox.call('GET', '/sim/log?since=999999999')).last;
    this.child = spawn(path.join(binaries, 'hearthd'), options, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HEARTH_PROFILE: 'sandbox',
        HEARTH_DISCORD_TOKEN: 'sandbox',
        HEARTH_DATA_DIR: this.folder,
        HEARTH_DISCORD_API: `${this.sandbox.base}/api`,
        ...this.environment,
      },
    });
    const keep = (data) => {
      this.log = (this.log + data).slice(-200000);
      appendFileSync(path.join(output, `${path.basename(this.folder)}.log`), data);
    };
    this.child.stdout.on('data', keep);
    this.child.stderr.on('data', keep);
  }

  /** Resolves once this start has a session with its guilds, and its commands are registered. */
  async online(as) {
    await until('hearthd to be online', async () => {
      if (this.child.exitCode !== null || this.child.signalCode) throw new Error(`hearthd ended: ${this.log.slice(-3000)}`);
      const { entries } = await this.sandbox.call('GET', `/sim/log?since=${this.mark}&kind=gateway_out`);
      if (!entries.some(({ t }) => t === 'RESUMED' || t === 'GUILD_CREATE')) return false;
      const { guilds: [guild] } = await this.sandbox.state(as);
      return guild.commands.some((command) => command.name === 'addschedule');
    }, 30000);
  }

  /** hearthctl on this daemon. */
  async inspect(...options) {
    const { stdout } = await run(path.join(binaries, 'hearthctl'), options, {
      env: { PATH: process.env.PATH, HEARTH_PROFILE: 'sandbox', HEARTH_DATA_DIR: this.folder }, timeout: 60000,
    });
    return stdout;
  }

  /** Bytes of memory that it has made itself: without pages of files, which it gives back and reads anew. */
  async ownBytes() {
    const status = await readFile(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)[1]) * 1024;
  }

  /** Leaves something else that it said for tools/secrets.py; kind: 'inspection', 'metrics'. */
  keep(kind, text) {
    appendFileSync(path.join(output, `${path.basename(this.folder)}.${kind}`), text);
  }

  /** Leaves every answer to hearthctl; nothing when it does not run any more. */
  async keepInspection() {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode) return;
    try {
      for (const what of ['status', 'actors', 'gates', 'jobs', 'events', 'log']) {
        this.keep('inspection', await this.inspect('--json', what));
      }
    } catch ({ stdout, stderr }) { // it is on its way out, or opens no port in this test
      this.keep('inspection', `${stdout}${stderr}`);
    }
  }

  async kill(signal = 'SIGKILL') {
    if (this.child.exitCode === null && !this.child.signalCode) {
      this.child.kill(signal);
      await once(this.child, 'exit');
    }
    return this.child.exitCode;
  }

  /** Lets the next start identify at once; only for a sandbox whose interval between IDENTIFYs is 0. */
  async forgetIdentifies() {
    const files = (await readdir(this.folder, { recursive: true })).filter((name) => name.endsWith('.identifies'));
    await Promise.all(files.map((name) => rm(path.join(this.folder, name))));
  }

  async dispose() {
    await this.keepInspection();
    if (this.child) await this.kill();
    const given = await this.sandbox.call('GET', '/sim/secrets').catch(() => null); // it may be gone already
    if (given) appendFileSync(path.join(output, `secrets-${path.basename(this.folder)}.json`), `${JSON.stringify(given)}\n`);
    await rm(this.folder, { recursive: true, force: true });
  }
}
