// Members of ours (tests/interop/dave_member.cpp) in groups with davey and ts-mls members: whoever commits, all of
// them agree on every epoch and hear each other. EPOCHS and SEED make the walk longer, or the same again.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import readline from 'node:readline';
import { after, describe, test } from 'node:test';
import {
  DaveyMember, Gateway, hex, inspectCommit, splitCommitWelcome, TsMember, un, welcomeFor,
} from '../support/dave_peer.mjs';
import { binaries } from '../support/sandbox.mjs';

const channel = '927310423890473011';
const epochs = Number(process.env.EPOCHS ?? 40);
const seed = Number(process.env.SEED ?? crypto.randomInt(2 ** 31));

/** Chance from a seed (mulberry32). */
class Dice {
  constructor(start) { this.state = start >>> 0; }
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
  below(limit) { return Math.floor(this.next() * limit); }
  pick(list) { return list[this.below(list.length)]; }
}

/** A dave_session of ours in its own process. */
class OwnMember {
  kind = 'own';
  actions = [];
  static started = [];

  constructor(id) {
    this.id = id;
    this.child = spawn(path.join(binaries, 'dave_member'), [id, channel], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = readline.createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    OwnMember.started.push(this);
  }
  async ask(cmd, more = {}) {
    this.child.stdin.write(`${JSON.stringify({ cmd, ...more })}\n`);
    const { value, done } = await this.lines.next();
    assert.ok(!done, 'dave_member ended');
    const { ok, error, actions, ...rest } = JSON.parse(value);
    if (!ok) throw new Error(`${cmd}: ${error}`);
    this.actions = actions ?? [];
    return rest;
  }
  /** The one action of an op in the last answer, or undefined. */
  done(op) {
    const found = this.actions.filter((action) => action.op === op);
    assert.ok(found.length <= 1, `op ${op} twice`);
    return found[0];
  }
  async stop() {
    if (this.child.exitCode !== null) return;
    this.child.stdin.end();
    await once(this.child, 'exit');
  }
}

/** The voice channel: the voice gateway's side of DAVE for members of three kinds. */
class Room {
  gateway = new Gateway(channel);
  live = new Map(); // in the group
  ghosts = []; // have a leaf in it but could not join
  epoch = 0;
  now = 1_000_000;
  transition = 0;

  constructor(users) {
    this.users = users; // everybody who may ever be here
    this.external = this.gateway.externalSender();
  }

  /** Connects a member; it then waits to be added. */
  async connect(kind, id) {
    let member;
    if (kind === 'own') {
      member = new OwnMember(id);
      await member.ask('users', { users: this.users });
      await member.ask('external_sender', { payload: hex(this.external) });
      await member.ask('begin', { version: 1, now: this.now });
      member.kp = un(member.done(26).payload);
    } else {
      member = kind === 'ts' ? new TsMember(id, channel) : new DaveyMember(id, channel);
      member.kind = kind;
      member.setExternalSender(this.external);
      await member.keyPackage();
    }
    return member;
  }
  /** What a member wants committed after op 27; null when it has nothing to commit. */
  async propose(member, payload) {
    if (member.kind !== 'own') return member.proposals(payload, this.users);
    await member.ask('proposals', { payload: hex(payload) });
    for (const action of member.actions) assert.equal(action.note, undefined);
    return member.done(28) ? un(member.done(28).payload) : null;
  }
  async commit(member, bytes) {
    if (member.kind !== 'own') return void (await member.commit(bytes));
    await member.ask('commit', { transition: this.transition, payload: hex(bytes), now: this.now });
    assert.deepEqual(member.actions, [{ op: 23, transition: this.transition }]);
  }
  async welcome(member, bytes) {
    if (member.kind !== 'own') return void (await member.welcome(bytes));
    await member.ask('welcome', { transition: this.transition, payload: hex(bytes), now: this.now });
    assert.deepEqual(member.actions, [{ op: 23, transition: this.transition }]);
  }
  async state(member) {
    if (member.kind === 'own') return member.ask('state');
    return { epoch: member.epoch(), authenticator: member.authenticator(), leaf: member.leaf() };
  }
  async encrypt(member, frame) {
    if (member.kind === 'own') return un((await member.ask('encrypt', { frame: hex(frame) })).frame);
    if (member.kind === 'ts') return member.encrypt(frame, (member.nonce = (member.nonce ?? 0) + 1));
    return member.encrypt(frame);
  }
  async decrypt(member, sender, frame) {
    if (member.kind !== 'own') return hex(member.decrypt(sender, frame));
    return (await member.ask('decrypt', { sender, frame: hex(frame), now: this.now })).frame;
  }

  /** Tells joiners and members of a commit, and carries the transition out. */
  async take(commitWelcome, joiners, leavers = []) {
    const { commit, welcome } = splitCommitWelcome(commitWelcome);
    this.transition = this.transition % 65535 + 1;
    this.now += 1000;
    for (const member of leavers) { this.live.delete(member.id); await member.stop?.(); }
    for (const member of this.live.values()) await this.commit(member, commit);
    assert.equal(welcome !== null, joiners.length > 0);
    for (const member of joiners) {
      try {
        await this.welcome(member, welcomeFor(welcome, member.kp));
        this.live.set(member.id, member);
      } catch (error) {
        // ts-mls 1.6.4 wants the same unmerged leaves at all nodes above a leaf, RFC 9420 12.4.3.1 only below.
        if (member.kind !== 'ts' || !/unmerged_leaves/.test(error.message)) throw error;
        this.ghosts.push(member.id);
      }
    }
    this.epoch += 1;
    for (const member of this.live.values()) {
      member.nonce = 0;
      if (member.kind !== 'own') continue;
      await member.ask('execute_transition', { transition: this.transition, now: this.now });
      assert.deepEqual(member.actions, []);
    }
    return inspectCommit(commit);
  }

  /** The first two, each alone in a group of its own until the winner adds the other. */
  async found(winner, joiner) {
    const add = (member) => Gateway.appendPayload([this.gateway.add(0, member.kp).message]);
    const won = await this.propose(winner, add(joiner));
    const lost = joiner.kind === 'ts' ? 'ts-mls cannot' : await this.propose(joiner, add(winner));
    assert.ok(won && lost);
    this.epoch = 0;
    this.live = new Map([[winner.id, winner]]);
    this.ghosts = [];
    return this.take(won, [joiner]);
  }

  /** All agree; everybody's frame is heard by `hearers` others of every kind. */
  async check(dice) {
    const members = [...this.live.values()];
    const states = [];
    for (const member of members) states.push(await this.state(member));
    for (const [at, state] of states.entries()) {
      assert.equal(Number(state.epoch), this.epoch, `${members[at].kind} ${members[at].id}`);
      assert.equal(state.authenticator, states[0].authenticator, `${members[at].kind} ${members[at].id}`);
    }
    assert.equal(new Set(states.map((state) => state.leaf)).size, members.length);
    let frames = 0;
    for (const speaker of members) {
      const frame = crypto.randomBytes(3 + dice.below(200));
      const sealed = await this.encrypt(speaker, frame);
      assert.ok(!sealed.includes(frame), 'a frame in clear');
      for (const hearer of members) {
        // Foreign members among each other are none of our concern.
        if (hearer === speaker || (hearer.kind !== 'own' && speaker.kind !== 'own')) continue;
        assert.equal(await this.decrypt(hearer, speaker.id, sealed), hex(frame), `${speaker.kind} to ${hearer.kind}`);
        frames += 1;
      }
    }
    return frames;
  }
  leaf(member) { return this.state(member).then((state) => state.leaf); }
}

describe('DAVE among strangers', { timeout: Math.max(120_000, epochs * 3000) }, () => {
  after(() => Promise.all(OwnMember.started.map((member) => member.stop())));

  for (const [winner, joiner] of [['own', 'davey'], ['davey', 'own'], ['own', 'ts'], ['own', 'own']]) {
    test(`${winner} founds a group with ${joiner}; codes and frames agree`, async () => {
      const room = new Room(['100', '200', '300']);
      const one = await room.connect(winner, '100');
      const two = await room.connect(joiner, '200');
      await room.found(one, two);
      await room.check(new Dice(1));
      const codes = [];
      for (const member of [one, two]) {
        if (member.kind === 'own') codes.push((await member.ask('state')).privacy_code);
        else if (member.kind === 'davey') codes.push(member.privacyCode());
      }
      assert.match(codes[0], /^\d{30}$/);
      assert.equal(new Set(codes).size, 1);
      if (joiner !== 'ts') {
        const print = async (member, other) =>
          (member.kind === 'own' ? member.ask('fingerprint', { other }) : member.fingerprint(other));
        const first = await print(one, '200');
        assert.deepEqual(await print(two, '100'), first);
        assert.match(first.code, /^\d{45}$/);
      }
    });
  }

  test('a broken commit is answered with op 31, and the group joined again by commits of both kinds', async () => {
    const room = new Room(['100', '200', '300', '400']);
    const own = await room.connect('own', '100');
    const davey = await room.connect('davey', '200');
    await room.found(davey, own);
    for (const [kind, id] of [['ts', '300'], ['davey', '400']]) {
      const newcomer = await room.connect(kind, id);
      const stale = await room.leaf(own);
      const payload = Gateway.appendPayload([room.gateway.add(room.epoch, newcomer.kp).message]);
      let won = null;
      for (const member of room.live.values()) {
        const offer = await room.propose(member, payload);
        if (member === davey) won = offer;
      }
      const broken = Buffer.from(splitCommitWelcome(won).commit);
      broken[broken.length - 1] ^= 1; // its membership tag
      await own.ask('commit', { transition: 99, payload: hex(broken), now: room.now += 60_000 });
      assert.equal(own.done(31).transition, 99);
      own.kp = un(own.done(26).payload);
      room.live.delete(own.id);
      await room.take(won, [newcomer]);
      // The voice gateway takes the old leaf out and the new package in; who came last commits.
      const again = Gateway.appendPayload([
        room.gateway.remove(room.epoch, stale).message, room.gateway.add(room.epoch, own.kp).message]);
      for (const member of room.live.values()) {
        const offer = await room.propose(member, again);
        if (member === newcomer) won = offer;
      }
      const { hasPath } = await room.take(won, [own]);
      assert.equal(hasPath, true);
      await room.check(new Dice(2));
    }
  });

  test('versions go down to 0 and up again in one connection', async () => {
    const room = new Room(['100', '200']);
    const own = await room.connect('own', '100');
    const davey = await room.connect('davey', '200');
    await room.found(own, davey);
    await room.check(new Dice(3));
    await own.ask('prepare_transition', { transition: 500, version: 0, now: room.now += 1000 });
    assert.deepEqual(own.actions, [{ op: 23, transition: 500 }]);
    // Until it is executed ours are sealed; theirs may come in either form.
    const frame = crypto.randomBytes(60);
    assert.ok(!(await room.encrypt(own, frame)).equals(frame));
    assert.equal(await room.decrypt(own, '200', davey.encrypt(frame)), hex(frame));
    assert.equal(await room.decrypt(own, '200', frame), hex(frame));
    await own.ask('execute_transition', { transition: 500, now: room.now += 1000 });
    assert.equal((await own.ask('state')).sending, 'plain');
    assert.ok((await room.encrypt(own, frame)).equals(frame));

    await own.ask('prepare_epoch', { epoch: 1, version: 1, now: room.now += 1000 });
    own.kp = un(own.done(26).payload);
    davey.s.reinit(1, davey.id, channel, davey.sig);
    davey.setExternalSender(room.external);
    davey.keyPackage();
    assert.ok((await room.encrypt(own, frame)).equals(frame)); // until the new group's transition
    await room.found(davey, own);
    await room.check(new Dice(4));
    assert.equal(await room.decrypt(own, '200', frame), hex(frame)); // ten seconds of grace
    room.now += 10_000;
    assert.equal(await room.decrypt(own, '200', frame), null);
  });

  test(`${epochs} epochs of chance, seed ${seed}`, async (t) => {
    const dice = new Dice(seed);
    const kinds = new Map();
    for (let at = 0; at < 12; at += 1)
      kinds.set(String(200_000_000_000_000_000n + BigInt(at) * 7919n), ['own', 'davey', 'ts'][at % 3]);
    const users = [...kinds.keys()];
    const room = new Room(users);
    const tally = {
      joins: 0, leaves: 0, batches: 0, revokes: 0, resets: 0, ghosts: 0, frames: 0,
      own: 0, davey: 0, ts: 0, ownPaths: 0, heardPaths: 0, // commits, by whose and with what
    };

    /** A fresh group of two, as after the server's reset. */
    const found = async () => {
      for (const member of room.live.values()) await member.stop?.();
      const own = users.filter((id) => kinds.get(id) === 'own');
      const others = users.filter((id) => kinds.get(id) !== 'ts');
      const pair = [dice.pick(own)];
      pair.push(dice.pick(others.filter((id) => id !== pair[0])));
      const members = [];
      for (const id of pair) members.push(await room.connect(kinds.get(id), id));
      if (dice.below(2)) members.reverse();
      await room.found(...members);
      tally.frames += await room.check(dice);
    };
    /** One of ours stays: it knows everybody's leaf. */
    const guide = () => [...room.live.values()].find((member) => member.kind === 'own');
    await found();
    for (let count = 1; count < epochs; count += 1) {
      if (dice.below(30) === 0) {
        tally.resets += 1;
        await found();
        continue;
      }
      const absent = users.filter((id) => !room.live.has(id) && !room.ghosts.includes(id));
      const joining = absent.filter(() => dice.below(room.live.size < 4 ? 3 : 6) === 0).slice(0, 3);
      const leaving = [...room.live.values()].filter(() => dice.below(room.live.size > 6 ? 4 : 8) === 0)
        .slice(0, Math.max(0, room.live.size - 2)).filter((member) => member !== guide());
      if (!joining.length && !leaving.length) joining.push(dice.pick(absent));
      const joiners = [];
      for (const id of joining) joiners.push(await room.connect(kinds.get(id), id));
      const messages = [];
      const { leaves } = await guide().ask('state');
      for (const id of room.ghosts.splice(0)) messages.push(room.gateway.remove(room.epoch, leaves[id]).message);
      for (const member of leaving) messages.push(room.gateway.remove(room.epoch, await room.leaf(member)).message);
      for (const member of joiners) messages.push(room.gateway.add(room.epoch, member.kp).message);

      const stay = [...room.live.values()].filter((member) => !leaving.includes(member));
      const tell = async (payload) => {
        const offers = new Map();
        for (const member of stay) offers.set(member, await room.propose(member, payload));
        return offers;
      };
      if (dice.below(6) === 0) { // one more, taken back before anybody's commit was
        const extra = room.gateway.remove(room.epoch, await room.leaf(guide())); // davey throws at its own removal
        await tell(Gateway.appendPayload([extra.message]));
        await tell(Gateway.revokePayload([extra.ref]));
        tally.revokes += 1;
      }
      const offers = await tell(Gateway.appendPayload(messages));
      const kind = dice.pick([...new Set(stay.map((member) => member.kind))]);
      const winner = dice.pick(stay.filter((member) => member.kind === kind));
      const { hasPath } = await room.take(offers.get(winner), joiners, leaving);
      tally[kind] += 1;
      tally.ghosts += room.ghosts.length;
      if (hasPath) tally[kind === 'own' ? 'ownPaths' : 'heardPaths'] += 1;
      tally.joins += joiners.length;
      tally.leaves += leaving.length;
      if (joiners.length && leaving.length) tally.batches += 1;
      tally.frames += await room.check(dice);
    }
    t.diagnostic(`seed ${seed}: ${JSON.stringify(tally)}`);
    for (const what of ['own', 'davey', 'ts', 'ownPaths', 'heardPaths', 'joins', 'leaves'])
      assert.ok(tally[what] > 0, `no ${what} in ${epochs} epochs: ${JSON.stringify(tally)}`);
  });
});
