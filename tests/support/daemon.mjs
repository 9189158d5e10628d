// Starts hearthd on a sandbox and tells when it is there; its data folder outlives kills.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { binaries, until } from './sandbox.mjs';

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
  }

  start(...options) {
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
    const keep = (data) => { this.log = (this.log + data).slice(-200000); };
    this.child.stdout.on('data', keep);
    this.child.stderr.on('data', keep);
  }

  /** Resolves once the bot is online in the sandbox and its commands are registered. */
  async online(as) {
    await until('hearthd to be online', async () => {
      if (this.child.exitCode !== null || this.child.signalCode) throw new Error(`hearthd ended: ${this.log.slice(-3000)}`);
      const { guilds: [guild], users } = await this.sandbox.state(as);
      const bots = new Set(users.filter((user) => user.bot).map((user) => user.id));
      return guild.commands.some((command) => command.name === 'addschedule')
        && guild.members.some((member) => bots.has(member.user_id) && member.presence !== 'offline');
    }, 30000);
  }

  async kill(signal = 'SIGKILL') {
    if (this.child.exitCode === null && !this.child.signalCode) {
      this.child.kill(signal);
      await once(this.child, 'exit');
    }
    return this.child.exitCode;
  }

  async dispose() {
    if (this.child) await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}
