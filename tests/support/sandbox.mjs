// Starts discord-sim on a free port for one test file and speaks its control interface.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const binaries = process.env.BIN_DIR ?? path.join(root, 'build/bin');

/** A port that nobody listens on right now. */
export async function freePort() {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Resolves with the first truthy value of `probe`, asked again every 25 ms; rejects after `ms`. */
export async function until(what, probe, ms = 15000) {
  const end = Date.now() + ms;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export class Sandbox {
  static async start(...options) {
    const port = await freePort();
    const world = options.includes('--world') ? [] : ['--world', path.join(root, 'config/sim/demo.toml')];
    const child = spawn(path.join(binaries, 'discord-sim'), ['--port', String(port), '--seed', '7', ...world, ...options],
      { stdio: ['ignore', 'pipe', 'pipe'] });
    const sandbox = new Sandbox(port, child);
    child.stdout.on('data', (data) => { sandbox.log += data; });
    child.stderr.on('data', (data) => { sandbox.log += data; });
    await until('discord-sim to listen', async () => {
      if (child.exitCode !== null) throw new Error(`discord-sim ended: ${sandbox.log}`);
      return fetch(`${sandbox.base}/sim/state`).then((answer) => answer.ok, () => false);
    });
    return sandbox;
  }

  constructor(port, child) {
    this.port = port;
    this.child = child;
    this.log = '';
    this.base = `http://127.0.0.1:${port}`;
  }

  async stop() {
    if (this.child.exitCode === null) {
      this.child.kill('SIGTERM');
      await once(this.child, 'exit');
    }
  }

  async call(method, where, body) {
    const answer = await fetch(this.base + where, {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const json = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${where}: ${answer.status} ${JSON.stringify(json)}`);
    return json;
  }

  act(as, type, fields = {}) { return this.call('POST', '/sim/act', { as, type, ...fields }); }
  state(as) { return this.call('GET', as ? `/sim/state?as=${as}` : '/sim/state'); }
  messages(as, channel) { return this.call('GET', `/sim/messages?as=${as}&channel_id=${channel}&limit=50`); }
  faults(what) { return this.call('POST', '/sim/faults', what); }
  violations() { return this.call('GET', '/sim/violations'); }

  /** The cast of the demo world: owner, two plain members, the bot of a token, channels by name. */
  async cast(botName) {
    const { users } = await this.state();
    const people = users.filter((user) => !user.bot);
    let guild;
    let owner;
    for (const user of people) {
      const state = await this.state(user.id);
      if (state.guilds[0]?.owner_id === user.id) {
        [guild] = state.guilds;
        owner = user.id;
        break;
      }
    }
    const inGuild = new Set(guild.members.map((member) => member.user_id));
    const plain = people.filter((user) => user.id !== owner && inGuild.has(user.id));
    const bots = users.filter((user) => user.bot && inGuild.has(user.id));
    const channels = Object.fromEntries(guild.channels.map((channel) => [channel.name.toLowerCase(), channel]));
    const find = (type, part) => guild.channels.find((c) => c.type === type && (!part || c.name.toLowerCase().includes(part)));
    return {
      guild, owner, users, bots, channels,
      alice: plain[0], bob: plain[1],
      bot: botName ? bots.find((user) => user.name === botName) : bots[0],
      text: find(0, 'general') ?? find(0),
      lounge: find(2, 'lounge') ?? find(2),
    };
  }
}
