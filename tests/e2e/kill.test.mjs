// Goal: SIGKILL at any moment loses no acknowledged vote or setting, applies none twice, never doubles or forgets a
// daily message. Method: members press and the owner changes settings while hearthd is killed at random moments, also
// amid the daily job; the oracle is what discord-sim told the members (an update of the message, an answer to a
// command) and its messages. KILLS and SEED choose the length and the dice; a failure prints the seed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Daemon } from '../support/daemon.mjs';
import { dice, pause } from '../support/dice.mjs';
import { buttons, eveningOf, Evenings, lineOf } from '../support/evenings.mjs';
import { Sandbox, until } from '../support/sandbox.mjs';

const kills = Number(process.env.KILLS ?? 12);
const seed = Number(process.env.SEED ?? 20261120);
const random = dice(seed);

let sandbox;
let daemon;
let cast;
let evenings;
let killed = 0;

before(async () => {
  sandbox = await Sandbox.start('--session-start-limit', '1000000', '--identify-interval-ms', '0');
  cast = await sandbox.cast();
  daemon = await Daemon.make(sandbox);
  await daemon.start();
  await daemon.online(cast.owner);
  evenings = new Evenings(sandbox, cast);
  await evenings.setUp();
});
after(async () => {
  await daemon?.dispose();
  await sandbox?.stop();
});

async function killAndStart() {
  await daemon.kill();
  killed += 1;
  await daemon.forgetIdentifies();
  await daemon.start();
}

async function noneTwice() {
  const seen = (await evenings.posted()).map(eveningOf);
  assert.equal(new Set(seen).size, seen.length, `an evening was posted twice: ${seen} (seed ${seed})`);
}

/** A new evening; every third time the kill falls into the posting itself. The one before is over by then. */
async function newEvening() {
  const moved = evenings.nextDay();
  if (random() < 0.34) {
    await pause(random() * 60);
    await killAndStart();
  }
  await moved;
  await daemon.online(cast.owner);
  const message = await until(`the daily message (seed ${seed})`, () => evenings.open());
  await noneTwice();
  return message;
}

/** One setting that the owner changes again and again: the last acknowledged value, and what came after it. */
class Setting {
  constructor(kind, values) {
    this.kind = kind;
    this.values = values;
    this.possible = [undefined]; // what it may be now, the acknowledged one first
    this.acknowledged = 0;
  }

  async change() {
    const value = random.pick(this.values);
    const answer = await evenings.command('modchannel', [{
      name: 'set', type: 1,
      options: [{ name: 'kind', type: 3, value: this.kind }, { name: 'channel', type: 7, value }],
    }], { wait_ms: 0 });
    this.pending = { value, id: answer.interaction_id };
    this.possible.push(value);
  }

  async settle() {
    if (!this.pending) return;
    const { value, id } = this.pending;
    this.pending = undefined;
    if (await evenings.outcome(id) !== 'message') return;
    this.possible = [value];
    this.acknowledged += 1;
  }

  check(shown) {
    const line = shown.split('\n').find((each) => each.includes(`\`${this.kind}\``));
    assert.ok(line, `no line of ${this.kind} in ${shown}`);
    const value = line.match(/<#(\d+)>/)?.[1];
    assert.ok(this.possible.includes(value),
      `the channel "${this.kind}" is ${value}, but was said to be ${this.possible} (seed ${seed})`);
    this.possible = [value];
  }
}

test(`survives ${kills} kills (seed ${seed})`, { timeout: 60000 + kills * 20000 }, async () => {
  const texts = cast.guild.channels.filter((channel) => channel.type === 0).map(({ id }) => id);
  const settings = [new Setting('main', texts), new Setting('log', texts)];
  let votes = 0;
  let days = 0;
  while (killed < kills) {
    const message = await newEvening();
    days += 1;
    // Every (member, hour) is pressed once at most, so an acknowledged press must be there at the end.
    const presses = new Map();
    for (let round = 0; round < 6 && killed < kills; round += 1) {
      const fresh = [];
      for (let i = 0; i < 6; i += 1) {
        const who = random.pick(evenings.members);
        const button = random.pick(buttons(message).slice(0, 10));
        const key = `${who.id} ${button.custom_id}`;
        if (presses.has(key)) continue;
        const press = { who, button, acknowledged: false };
        presses.set(key, press);
        fresh.push(press);
      }
      const sent = fresh.map(async (press) => { press.id = await evenings.press(press.who, message, press.button); });
      sent.push(random.pick(settings).change());
      if (random() < 0.5) await Promise.all(sent);
      await pause(random() * 80);
      await killAndStart();
      await Promise.all(sent);
      await daemon.online(cast.owner);
      for (const press of fresh) {
        const told = await evenings.answer(press.id);
        assert.notEqual(told.outcome, 'message', `a vote was refused: ${told.message?.content} (seed ${seed})`);
        press.acknowledged = told.outcome === 'update';
      }
      votes += fresh.filter(({ acknowledged }) => acknowledged).length;
      for (const setting of settings) await setting.settle();
    }

    // One more press makes the bot render the evening from what it stored.
    const last = buttons(message)[11];
    const pressed = await evenings.press(evenings.members[0], message, last);
    const told = await evenings.answer(pressed, 8000);
    assert.equal(told.outcome, 'update', `${told.message?.content ?? told.reason} (seed ${seed})`);
    const shown = (await evenings.posted()).find(({ id }) => id === message.id);
    for (const button of buttons(message).slice(0, 10)) {
      const line = lineOf(shown, button.custom_id);
      for (const who of evenings.members) {
        const press = presses.get(`${who.id} ${button.custom_id}`);
        const times = line.split(who.display_name).length - 1;
        const told = `${who.display_name} is ${times} times at ${button.label} (seed ${seed}): ${line}`;
        assert.ok(times <= 1, told);
        if (press?.acknowledged) assert.equal(times, 1, `an acknowledged vote was lost: ${told}`);
        if (!press) assert.equal(times, 0, `nobody pressed that: ${told}`);
      }
    }
    const seen = await evenings.command('modchannel', [{ name: 'see', type: 1, options: [] }]);
    for (const setting of settings) setting.check(JSON.stringify(seen.message).replaceAll('\\n', '\n'));
  }
  await noneTwice();
  const { kinds } = await sandbox.violations();
  assert.deepEqual(Object.entries(kinds).filter(([, count]) => count > 0), []);
  const changed = settings.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  console.log(`${killed} kills, ${days} evenings, ${votes} acknowledged votes, ${changed} acknowledged settings, seed ${seed}`);
  assert.ok(votes > kills / 2, `only ${votes} votes were acknowledged: the test proves little`);
});
