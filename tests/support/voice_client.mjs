// discord.js and @discordjs/voice as one talking and listening client of discord-sim's voice server.
import { once } from 'node:events';
import tls from 'node:tls';
import { Client, Events, GatewayIntentBits } from 'discord.js';
import { entersState, EndBehaviorType, joinVoiceChannel, VoiceConnectionStatus } from '@discordjs/voice';
import OpusScript from 'opusscript';
import { until } from './sandbox.mjs';

const rate = 48000;
const samples = 960; // 20 ms
const silence = Buffer.from([0xf8, 0xff, 0xfe]);

/** Trusts the simulator's own authority, in this process and from now on. */
export async function trustVoice(sandbox) {
  const pem = await (await fetch(`${sandbox.base}/sim/voice/ca.pem`)).text();
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), pem]);
}

/** Opus frames of a sine. */
export function tone(hz, frames) {
  const encoder = new OpusScript(rate, 2, OpusScript.Application.AUDIO);
  const list = [];
  for (let frame = 0; frame < frames; frame += 1) {
    const pcm = Buffer.alloc(samples * 4);
    for (let i = 0; i < samples; i += 1) {
      const value = Math.round(Math.sin((2 * Math.PI * hz * (frame * samples + i)) / rate) * 8000);
      pcm.writeInt16LE(value, i * 4);
      pcm.writeInt16LE(value, i * 4 + 2);
    }
    list.push(Buffer.from(encoder.encode(pcm, samples)));
  }
  encoder.delete();
  return list;
}

/** Share of a frequency in mono samples: 1 for a pure sine of it (Goertzel). */
export function shareOf(hz, mono) {
  const step = (2 * Math.PI * hz) / rate;
  let re = 0;
  let im = 0;
  let power = 0;
  mono.forEach((value, i) => {
    re += value * Math.cos(step * i);
    im += value * Math.sin(step * i);
    power += value * value;
  });
  return power === 0 ? 0 : (2 * (re * re + im * im)) / (power * mono.length);
}

/** What one client hears of one user: Opus frames, decoded as they come. */
class Ear {
  frames = 0;
  undecodable = 0;
  pcm = [];
  constructor(stream) {
    this.decoder = new OpusScript(rate, 2, OpusScript.Application.AUDIO);
    this.stream = stream;
    stream.on('error', (error) => { this.error = error; });
    stream.on('data', (frame) => {
      if (frame.equals(silence)) return;
      let pcm;
      try {
        pcm = this.decoder.decode(frame);
      } catch {
        this.undecodable += 1;
        return;
      }
      this.frames += 1;
      for (let i = 0; i < pcm.length; i += 4) this.pcm.push(pcm.readInt16LE(i));
    });
  }
  /** Share of `hz` in what was heard, without the first frames in which the decoder settles. */
  share(hz) { return shareOf(hz, this.pcm.slice(5 * samples, 45 * samples)); }
  toString() { return `${this.frames} frames, ${this.undecodable} undecodable`; }
  end() {
    this.stream.destroy();
    this.decoder.delete();
  }
}

export class VoiceClient {
  static async start(sandbox, token) {
    const self = new VoiceClient();
    self.sandbox = sandbox;
    self.errors = [];
    self.client = new Client({
      intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildVoiceStates],
      rest: { api: `${sandbox.base}/api`, retries: 0 },
    });
    const ready = once(self.client, Events.ClientReady);
    await self.client.login(token);
    await ready;
    self.id = self.client.user.id;
    return self;
  }

  /** Joins and waits until the transport stands; the group of DAVE may come later. */
  async join(channelId, options = {}) {
    const guild = this.client.guilds.cache.first();
    this.connection = joinVoiceChannel({
      channelId,
      guildId: guild.id,
      adapterCreator: guild.voiceAdapterCreator,
      selfDeaf: false,
      selfMute: false,
      group: this.id, // several clients live in this process
      debug: Boolean(process.env.VOICE_DEBUG),
      ...options,
    });
    this.connection.on('error', (error) => this.errors.push(error));
    if (process.env.VOICE_DEBUG) this.connection.on('debug', (line) => console.log(this.client.user.username, line));
    await entersState(this.connection, VoiceConnectionStatus.Ready, 10000);
  }

  get dave() { return this.connection?.state.networking?.state.dave; }
  get inGroup() { return Boolean(this.dave?.session?.ready); }

  /** Speaks frames, one every 20 ms, and ends with five of silence. */
  async speak(frames) {
    const begin = performance.now();
    const all = [...frames, ...Array(5).fill(silence)];
    for (const [i, frame] of all.entries()) {
      const wait = begin + i * 20 - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      this.connection.playOpusPacket(frame);
    }
    this.connection.setSpeaking(false);
  }

  get ssrc() { return this.connection.state.networking.state.connectionData.ssrc; }

  /** Says that it speaks, and waits until all of them know its SSRC: packets of one they do not know they drop. */
  async announce(listeners) {
    this.connection.setSpeaking(true);
    await until('the word of who speaks', () => listeners.every((other) =>
      other.connection.receiver.ssrcMap.get(this.id)?.audioSSRC === this.ssrc));
  }

  hear(userId) {
    return new Ear(this.connection.receiver.subscribe(userId, { end: { behavior: EndBehaviorType.Manual } }));
  }

  leave() {
    this.connection?.destroy();
    this.connection = null;
  }

  async stop() {
    this.leave();
    await this.client.destroy();
  }
}

/** The room of a channel as the voice server has it. */
export async function roomOf(sandbox, channelId) {
  const { rooms } = await sandbox.call('GET', '/sim/voice');
  return rooms.find((room) => room.channel_id === channelId);
}

/** Waits until the group has that many members and all clients of it agree on its epoch. */
export async function grouped(sandbox, channelId, clients, people = 0) {
  return until(`a group of ${clients.length + people}`, async () => {
    const room = await roomOf(sandbox, channelId);
    return room?.group === clients.length + people && room.transitions === 0
      && clients.every((client) => client.inGroup && Number(client.dave.session.epoch) === room.epoch)
      && room.people.every((person) => person.epoch === room.epoch) && room;
  });
}
