// Goal: SIGKILL at any moment loses no acknowledged vote, applies none twice, never doubles a daily message.
// Method: members click while hearthd is killed at random moments, many times over several evenings; the oracle
// is what discord-sim told the members (an update of the message is an acknowledgement) and its messages.
// KILLS and SEED choose the length and the dice; a failure prints the seed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Daemon } from '../support/daemon.mjs';
import { Sandbox, until } from '../support/sandbox.mjs';

const kills = Number(process.env.KILLS ?? 8);
const seed = Number(process.env.SEED ?? 20261120);

/** Small deterministic dice (mulberry32). */
function dice(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
const random = dice(seed);
const pick = (list) => list[Math.floor(random() * list.length)];

let sandbox;
let daemon;
let cast;
let schedule;

const buttons = (message) => message.components.flatMap((row) => row.components ?? [])
  .filter((part) => part.type === 2 && part.custom_id && !part.disabled);
const text = (message) => JSON.stringify(message.embeds);
const daily = async () => (await sandbox.messages(cast.owner, schedule))
  .filter((message) => message.author.bot && message.embeds.length > 0 && buttons(message).length > 5);

before(async () => {
  sandbox = await Sandbox.start('--session-start-limit', '100000', '--identify-interval-ms', '0');
  cast = await sandbox.cast();
  schedule = cast.guild.channels.find((channel) => channel.type === 0 && channel.name.includes('schedule')).id;
  daemon = await Daemon.make(sandbox);
  await daemon.start();
  await daemon.online(cast.owner);
  const answer = await sandbox.act(cast.owner, 'command', {
    channel_id: schedule, name: 'modtextschedulechannel', wait_ms: 10000, wait_for: 'final',
    options: [{ name: 'channel', type: 7, value: schedule }],
  });
  assert.equal(answer.outcome, 'message');
});
after(async () => {
  await daemon?.dispose();
  await sandbox?.stop();
});

/** The evening a message is for, from its buttons. */
const eveningOf = (message) => buttons(message)[0].custom_id.match(/\d{4}-\d\d-\d\d/)[0];

async function noneTwice() {
  const seen = (await daily()).map(eveningOf);
  assert.equal(new Set(seen).size, seen.length, `an evening was posted twice: ${seen} (seed ${seed})`);
}

/** Moves time past the next posting; hearthd may be killed while it posts. */
async function nextEvening() {
  const { now_ms } = await sandbox.call('GET', '/sim/time');
  return sandbox.call('POST', '/sim/time', { set_ms: now_ms + 24 * 3600 * 1000 }).catch(() => null);
}

test(`survives ${kills} kills (seed ${seed})`, { timeout: 60000 + kills * 20000 }, async () => {
  const members = cast.users.filter((user) => !user.bot && cast.guild.members.some((m) => m.user_id === user.id));
  let acknowledged = 0;
  let evenings = 0;
  let killed = 0;
  while (killed < kills) {
    // A new evening; every third time the kill falls into the posting itself.
    const before_ids = new Set((await daily()).map(({ id }) => id));
    const moved = nextEvening();
    if (random() < 0.34) {
      await new Promise((resolve) => setTimeout(resolve, random() * 60));
      await daemon.kill();
      killed += 1;
      await daemon.start();
    }
    await moved;
    await daemon.online(cast.owner);
    const message = await until('the daily message', async () => (await daily()).filter(({ id }) => !before_ids.has(id)).at(-1));
    evenings += 1;
    await noneTwice();

    // Every (member, hour) is pressed once at most, so an acknowledged press must be there at the end.
    const presses = new Map();
    for (let round = 0; round < 3 && killed < kills; round += 1) {
      const wanted = [];
      for (let i = 0; i < 6; i += 1) {
        const who = pick(members);
        const button = pick(buttons(message).slice(0, 10));
        const key = `${who.id} ${button.custom_id}`;
        if (presses.has(key)) continue;
        presses.set(key, { who, button, acknowledged: false });
        wanted.push(sandbox.act(who.id, 'click', {
          channel_id: schedule, message_id: message.id, custom_id: button.custom_id, wait_ms: 4000,
        }).then((answer) => {
          if (answer.outcome === 'update') {
            presses.get(key).acknowledged = true;
            acknowledged += 1;
          }
        }, () => {}));
      }
      await new Promise((resolve) => setTimeout(resolve, random() * 80));
      await daemon.kill();
      killed += 1;
      await daemon.start();
      await Promise.all(wanted);
      await daemon.online(cast.owner);
    }

    // One more press makes the bot render the evening from what it stored.
    const last = buttons(message)[11];
    const pressed = await sandbox.act(members[0].id, 'click', {
      channel_id: schedule, message_id: message.id, custom_id: last.custom_id, wait_ms: 5000,
    });
    assert.equal(pressed.outcome, 'update');
    const shown = (await daily()).find(({ id }) => id === message.id);
    for (const { who, button, acknowledged: promised } of presses.values()) {
      const inHour = lineOf(shown, button.custom_id).includes(who.display_name);
      if (promised) assert.ok(inHour, `${who.display_name}'s vote for ${button.label} was lost (seed ${seed}): ${text(shown)}`);
    }
  }
  await noneTwice();
  const { kinds } = await sandbox.violations();
  assert.deepEqual(Object.entries(kinds).filter(([, count]) => count > 0), []);
  console.log(`${killed} kills, ${evenings} evenings, ${acknowledged} acknowledged votes, seed ${seed}`);
  assert.ok(acknowledged > kills / 2, `only ${acknowledged} votes were acknowledged: the test proves little`);
});

/** The embed line of the hour a button stands for: hours and lines come in the same order. */
function lineOf(message, customId) {
  const index = buttons(message).findIndex((button) => button.custom_id === customId);
  const lines = message.embeds[0].description.split('\n').concat(
    (message.embeds[0].fields ?? []).flatMap((field) => `${field.name} ${field.value}`.split('\n')))
    .filter((line) => /<t:\d+:t>/.test(line));
  return lines[index];
}
