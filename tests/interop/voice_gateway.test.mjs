// discord-sim's voice gateway met by a stranger's hands: a bare websocket and a bare UDP socket that break one rule each.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import WebSocket from 'ws';
import { Sandbox, until } from '../support/sandbox.mjs';

/** A websocket whose messages wait until somebody asks for them. */
class Wire {
  waiting = [];
  asked = [];
  constructor(url, options) {
    this.socket = new WebSocket(url, options);
    this.closed = new Promise((resolve) => { this.socket.on('close', resolve); });
    this.socket.on('error', () => {});
    this.socket.on('message', (data, binary) => {
      const message = binary ? { seq: data.readUInt16BE(0), op: data[2], payload: data.subarray(3) } : JSON.parse(data);
      const at = this.asked.findIndex((one) => one.wanted(message));
      if (at >= 0) this.asked.splice(at, 1)[0].resolve(message);
      else this.waiting.push(message);
    });
  }
  /** The next message for which `wanted` holds, also one that came before. */
  next(wanted) {
    const at = this.waiting.findIndex(wanted);
    if (at >= 0) return Promise.resolve(this.waiting.splice(at, 1)[0]);
    return new Promise((resolve, reject) => {
      const one = { wanted, resolve };
      this.asked.push(one);
      setTimeout(() => reject(new Error(`no ${wanted}`)), 10000).unref();
    });
  }
  op(number) { return this.next((message) => message.op === number); }
  send(op, d) { this.socket.send(JSON.stringify({ op, d })); }
}

class Bot {
  static async login(sandbox, token) {
    const bot = new Bot();
    bot.main = new Wire(`ws://127.0.0.1:${sandbox.port}/gateway?v=10&encoding=json`);
    await bot.main.op(10);
    bot.main.send(2, { token, intents: 1 | 128, properties: { os: 'a', browser: 'b', device: 'c' } });
    const ready = await bot.main.next((message) => message.t === 'READY');
    bot.id = ready.d.user.id;
    bot.guild = ready.d.guilds[0].id;
    return bot;
  }
  event(type, wanted = () => true) { return this.main.next((m) => m.t === type && wanted(m.d)).then((m) => m.d); }
  own() { return this.event('VOICE_STATE_UPDATE', (d) => d.user_id === this.id); }
  wish(channel) { this.main.send(4, { guild_id: this.guild, channel_id: channel, self_mute: false, self_deaf: false }); }
  async join(channel) {
    this.wish(channel);
    const [state, server] = await Promise.all([this.own(), this.event('VOICE_SERVER_UPDATE')]);
    this.login = { server_id: this.guild, user_id: this.id, session_id: state.session_id, token: server.token };
    this.endpoint = server.endpoint;
    return this;
  }
}

describe('voice gateway', { timeout: 120000 }, () => {
  let sandbox;
  let ca;
  let bot;
  let cast;
  let other;
  const open = [];

  before(async () => {
    sandbox = await Sandbox.start('--identify-interval-ms', '0', '--voice-heartbeat-ms', '3000',
      '--voice-resume-window-ms', '3000');
    ca = await (await fetch(`${sandbox.base}/sim/voice/ca.pem`)).text();
    cast = await sandbox.cast();
    bot = await Bot.login(sandbox, 'sandbox');
    other = await Bot.login(sandbox, 'sandbox-2');
  });
  after(async () => {
    for (const wire of [...open, bot?.main, other?.main]) wire?.socket.terminate();
    await sandbox?.stop();
  });

  const voice = async (endpoint = bot.endpoint, query = '?v=8') => {
    const wire = new Wire(`wss://${endpoint}/${query}`, { ca });
    open.push(wire);
    await once(wire.socket, 'open');
    return wire;
  };
  const violated = async (kind) => {
    const { kinds, total } = await sandbox.violations();
    assert.deepEqual(Object.keys(kinds), kind ? [kind] : [], `${total} violations`);
    await sandbox.call('POST', '/sim/violations/reset');
  };
  const identify = async (of = bot, more = {}) => {
    const wire = await voice(of.endpoint);
    await wire.op(8);
    wire.send(0, { ...of.login, max_dave_protocol_version: 1, ...more });
    return wire;
  };
  const select = (wire, mode = 'aead_aes256_gcm_rtpsize', port = 9) =>
    wire.send(1, { protocol: 'udp', data: { address: '127.0.0.1', port, mode } });
  /** A session that stands. */
  const live = async (of = bot, port = 9) => {
    const wire = await identify(of);
    wire.ready = (await wire.op(2)).d;
    select(wire, 'aead_aes256_gcm_rtpsize', port);
    wire.description = (await wire.op(4)).d;
    return wire;
  };
  const sessionOf = async (of) =>
    (await sandbox.call('GET', '/sim/voice')).sessions.find((one) => one.user_id === of.id);

  test('only its own authority is behind its certificate', async () => {
    await bot.join(cast.lounge.id);
    const wire = new WebSocket(`wss://${bot.endpoint}/?v=8`);
    const [error] = await once(wire, 'error');
    assert.match(error.code, /SELF_SIGNED|UNABLE_TO/);
  });

  for (const [what, code, kind, act] of [
    ['an op before its time', 4003, 'voice_op_before_its_time', (wire) => wire.send(5, { speaking: 1 })],
    ['no JSON', 4002, 'voice_malformed', (wire) => wire.socket.send('{')],
    ['no d', 4002, 'voice_malformed', (wire) => wire.socket.send('{"op":0}')],
    ['a bare heartbeat', 4002, 'voice_malformed', (wire) => wire.send(3, 12345)],
    ['a forged token', 4004, 'voice_bad_token', (wire) => wire.send(0, { ...bot.login, token: 'x' })],
    ['another session', 4006, null, (wire) => wire.send(0, { ...bot.login, session_id: 'x' })],
    ['an unknown guild', 4011, null, (wire) => wire.send(0, { ...bot.login, server_id: '1170000000000000999' })],
    ['no DAVE', 4017, 'voice_without_dave', (wire) => wire.send(0, bot.login)],
    ['no heartbeat', 4009, 'voice_heartbeat_missed', () => {}],
    ['a resume of nothing', 4006, null, (wire) => wire.send(7, { ...bot.login, seq_ack: -1 })],
  ])
    test(`${what} is answered with ${code}`, async () => {
      const wire = await voice();
      await wire.op(8);
      act(wire);
      assert.equal(await wire.closed, code);
      await violated(kind);
    });

  test('another version than 8 is refused', async () => {
    assert.equal(await (await voice(bot.endpoint, '?v=4')).closed, 4012);
    await violated('voice_bad_version');
  });

  for (const [what, code, kind, act] of [
    ['a second Identify', 4005, 'voice_double_identify', (wire) => wire.send(0, bot.login)],
    ['an unknown op', 4001, 'voice_unknown_op', (wire) => wire.send(99, {})],
    ['an unknown protocol', 4012, 'voice_unknown_mode_or_protocol', (wire) => wire.send(1, { protocol: 'webrtc', data: {} })],
    ['an unknown mode', 4016, 'voice_unknown_mode_or_protocol', (wire) => select(wire, 'xsalsa20_poly1305')],
    ['a key package before op 4', 4003, 'voice_op_before_its_time', (wire) => wire.socket.send(Buffer.from([26, 0]))],
  ])
    test(`${what} after Identify is answered with ${code}`, async () => {
      const wire = await identify();
      const ready = await wire.op(2);
      assert.deepEqual(ready.d.modes, ['aead_aes256_gcm_rtpsize', 'aead_xchacha20_poly1305_rtpsize']);
      act(wire);
      assert.equal(await wire.closed, code);
      await violated(kind);
    });

  test('a resume repeats what was missed, text and binary, in order', async () => {
    const wire = await live();
    assert.equal(wire.description.dave_protocol_version, 1);
    assert.equal(wire.description.secret_key.length, 32);
    const sender = await wire.op(25);
    assert.equal(sender.payload.readUInt16BE(0), 0x4041); // a vector of 65 bytes
    wire.send(3, { t: 5, seq_ack: sender.seq });
    assert.equal((await wire.op(6)).d.t, 5);
    wire.socket.terminate();
    await until('the loss', async () => !(await sessionOf(bot)).connected);
    await other.join(cast.lounge.id);
    const theirs = await live(other);
    const again = await voice();
    await again.op(8);
    again.send(7, { ...bot.login, seq_ack: sender.seq });
    await again.op(9);
    const missed = [];
    for (let i = 1; i <= 3; i += 1) missed.push(await again.next((message) => message.seq === sender.seq + i));
    assert.deepEqual(missed.map((message) => message.op), [11, 18, 20]);
    assert.deepEqual(missed[0].d.user_ids, [other.id]);
    // Everything from the beginning, as far as it was not acknowledged.
    again.socket.terminate();
    await until('the loss', async () => !(await sessionOf(bot)).connected);
    const third = await voice();
    third.send(7, { ...bot.login, seq_ack: sender.seq - 1 });
    assert.equal(await third.closed, 4006, 'what was acknowledged is forgotten');
    const fourth = await voice();
    await sandbox.faults({ voice_refuse_resume: 1 });
    fourth.send(7, { ...bot.login, seq_ack: sender.seq });
    assert.equal(await fourth.closed, 4006);
    // When nobody resumes in time, the others hear that it is gone; it has to begin anew.
    assert.equal((await theirs.op(13)).d.user_id, bot.id);
    const late = await voice();
    late.send(7, { ...bot.login, seq_ack: sender.seq });
    assert.equal(await late.closed, 4006);
    theirs.socket.close();
    other.wish(null);
    await other.event('VOICE_STATE_UPDATE', (d) => d.channel_id === null);
    await violated(null);
  });

  test('numbers wrap', async () => {
    await sandbox.faults({ voice_first_seq: 65535 });
    const wire = await live();
    await wire.next((message) => message.seq === 65535);
    const sender = await wire.op(25);
    assert.ok(sender.seq < 65535);
    wire.send(3, { t: 1, seq_ack: sender.seq });
    await wire.op(6);
    wire.send(3, { t: 1, seq_ack: sender.seq + 100 });
    await wire.op(6);
    await sandbox.faults({ voice_first_seq: 0 });
    await violated('voice_acknowledges_what_was_not_sent');
  });

  test('kicked, moved, channel deleted, server gone and back', async () => {
    let wire = await live();
    await sandbox.call('POST', '/sim/violations/reset');
    const moved = Promise.all([bot.own(), bot.event('VOICE_SERVER_UPDATE')]);
    bot.wish(cast.channels['ranked 1'].id);
    assert.equal(await wire.closed, 4014);
    bot.login.token = (await moved)[1].token;
    wire = await live();
    const rest = (method, path, body) => fetch(`${sandbox.base}/api/v10${path}`, {
      method,
      headers: { Authorization: 'Bot sandbox', 'Content-Type': 'application/json', 'User-Agent': 'DiscordBot (https://example.org, 1)' },
      body: JSON.stringify(body),
    });
    assert.ok((await rest('PATCH', `/guilds/${bot.guild}/members/${bot.id}`, { channel_id: null })).ok);
    assert.equal(await wire.closed, 4014);
    assert.equal((await bot.own()).channel_id, null);

    const made = await (await rest('POST', `/guilds/${bot.guild}/channels`, { name: 'attic', type: 2 })).json();
    await bot.join(made.id);
    wire = await live();
    assert.ok((await rest('DELETE', `/channels/${made.id}`)).ok);
    assert.equal(await wire.closed, 4022);
    await bot.own();

    await bot.join(cast.lounge.id);
    wire = await live();
    await sandbox.faults({ voice_server: { guild_id: bot.guild, gone: true } });
    assert.equal((await bot.event('VOICE_SERVER_UPDATE')).endpoint, null);
    assert.equal(await wire.closed, 4014);
    await sandbox.faults({ voice_server: { guild_id: bot.guild } });
    const back = await bot.event('VOICE_SERVER_UPDATE');
    assert.ok(back.endpoint);
    bot.login.token = back.token;
    bot.endpoint = back.endpoint;
    wire = await live();
    await sandbox.faults({ voice_server: { guild_id: bot.guild } });
    const elsewhere = await bot.event('VOICE_SERVER_UPDATE');
    assert.notEqual(elsewhere.endpoint, back.endpoint);
    bot.login.token = elsewhere.token;
    bot.endpoint = elsewhere.endpoint;
    await violated(null);
  });

  describe('UDP', () => {
    let socket;
    let wire;
    let sequence = 100;
    const datagrams = [];
    const datagram = async (wanted) => until('a datagram', () => datagrams.find(wanted));
    const send = (bytes) => new Promise((resolve) => { socket.send(bytes, wire.ready.port, '127.0.0.1', resolve); });

    /** An RTP packet; whatever is given differs from what is right. */
    const rtp = ({ nonce = sequence, timestamp = sequence * 960, seq = sequence, payload = Buffer.from('f8fffe', 'hex') } = {}) => {
      const head = Buffer.alloc(12);
      head.writeUInt16BE(0x8078, 0);
      head.writeUInt16BE(seq, 2);
      head.writeUInt32BE(timestamp, 4);
      head.writeUInt32BE(wire.ready.ssrc, 8);
      const iv = Buffer.alloc(12);
      iv.writeUInt32BE(nonce, 0);
      const cipher = crypto.createCipheriv('aes-256-gcm', Buffer.from(wire.description.secret_key), iv);
      cipher.setAAD(head);
      sequence = seq + 1;
      return Buffer.concat([head, cipher.update(payload), cipher.final(), cipher.getAuthTag(), iv.subarray(0, 4)]);
    };
    const counted = async (kind) => {
      await until(kind, async () => (await sandbox.violations()).kinds[kind] === 1);
      await violated(kind);
    };

    before(async () => {
      socket = dgram.createSocket('udp4');
      socket.on('message', (message) => datagrams.push(message));
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
      await other.join(cast.lounge.id);
      wire = await live(other, socket.address().port);
    });
    after(() => socket.close());

    test('a client learns its own address; keepalives come back', async () => {
      const request = Buffer.alloc(74);
      request.writeUInt16BE(1, 0);
      request.writeUInt16BE(70, 2);
      request.writeUInt32BE(wire.ready.ssrc, 4);
      await send(request);
      const answer = await datagram((message) => message.length === 74);
      assert.equal(answer.readUInt16BE(0), 2);
      assert.equal(answer.readUInt32BE(4), wire.ready.ssrc);
      assert.equal(answer.toString('ascii', 8, answer.indexOf(0, 8)), '127.0.0.1');
      assert.equal(answer.readUInt16BE(72), socket.address().port);
      await send(Buffer.from('0102030405060708', 'hex'));
      await datagram((message) => message.length === 8);
      await violated(null);
    });

    test('packets before op 5 wait for it, and are held against who never sends it', async () => {
      await send(rtp());
      await send(rtp());
      assert.equal((await sessionOf(other)).packets, 0);
      wire.send(5, { speaking: 1, delay: 0, ssrc: wire.ready.ssrc });
      await until('the packets', async () => (await sessionOf(other)).packets === 2);
      await violated(null);
    });

    test('each broken rule of media is counted', async () => {
      await send(rtp({ nonce: sequence - 1 }));
      await counted('voice_nonce_reuse');
      await send(rtp({ timestamp: sequence * 960 + 480 }));
      await counted('voice_rtp_timestamp');
      await send(rtp({ seq: sequence + 3, timestamp: sequence * 960 + 480, nonce: 5000 }));
      await counted('voice_rtp_sequence');
      wire.send(5, { speaking: 0, delay: 0, ssrc: wire.ready.ssrc });
      await until('its end', async () => (await sessionOf(other)).speaking === 0);
      await send(rtp({ nonce: 5001, payload: Buffer.from('plain opus in an encrypted room') }));
      await counted('voice_plain_frame');
      const forged = rtp({ nonce: 5002 });
      forged[forged.length - 1] ^= 1;
      await send(forged);
      await counted('voice_frame_does_not_authenticate');
    });

    test('who never says that it speaks is cut off', async () => {
      const again = await live(other, socket.address().port);
      const mute = wire;
      wire = again;
      await send(rtp({ nonce: 1 }));
      assert.equal(await again.closed, 4020);
      assert.equal(await mute.closed, 4006, 'a fresh Identify ends the older socket');
      await violated('voice_frame_without_speaking');
    });

    test('a packet before op 4 is counted', async () => {
      const early = await identify(other);
      early.ready = (await early.op(2)).d;
      early.description = { secret_key: Array(32).fill(0) };
      wire = early;
      await send(rtp());
      await counted('voice_frame_before_ready');
    });
  });
});
