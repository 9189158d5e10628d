// Goal: a day of traffic leaves nothing behind: memory, open files, threads, queues, the data folder and the database
// do not grow with the hours. Method: hearthd as a process; domain time moves in steps of five minutes, each with
// votes, commands, voice, messages and now and then a lost connection; after each hour hearthctl is asked. Compared is
// the last hour with the first ones, when all that is used has been used once. HOURS, ACTS (in a step) and SEED
// choose length, density and dice.
import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Daemon } from '../support/daemon.mjs';
import { dice } from '../support/dice.mjs';
import { buttons, Evenings } from '../support/evenings.mjs';
import { Sandbox, until } from '../support/sandbox.mjs';

const hours = Number(process.env.HOURS ?? 2);
const seed = Number(process.env.SEED ?? 20261127);
const random = dice(seed);
const minutesOfStep = 5;
const actsOfStep = Number(process.env.ACTS ?? 8);

let sandbox;
let daemon;
let cast;
let evenings;

before(async () => {
  sandbox = await Sandbox.start('--session-start-limit', '1000000', '--identify-interval-ms', '0');
  cast = await sandbox.cast();
  daemon = await Daemon.make(sandbox);
  await daemon.start();
  await daemon.online(cast.owner);
  evenings = new Evenings(sandbox, cast);
  await evenings.setUp();
  await evenings.nextDay();
  await until('the daily message', () => evenings.open());
});
after(async () => {
  await daemon?.dispose();
  await sandbox?.stop();
});

/** All files below the data folder: how many, and their bytes. */
async function folderNow() {
  let files = 0;
  let bytes = 0;
  for (const name of await readdir(daemon.folder, { recursive: true })) {
    const found = await stat(path.join(daemon.folder, name)).catch(() => null); // gone between the two
    if (!found?.isFile()) continue;
    files += 1;
    bytes += found.size;
  }
  return { files, bytes };
}

let votes = 0;
let logins = 0;
let quietUntil = 0;

/** What a member does; resolves once it is answered. */
const acts = [
  async (who, evening) => {
    const id = await evenings.press(who, evening, random.pick(buttons(evening).slice(0, 10)));
    const outcome = await evenings.outcome(id, 8000);
    votes += outcome === 'update' ? 1 : 0; // before the morning's post the last evening is over
    return outcome;
  },
  (who) => sandbox.act(who.id, 'command', {
    channel_id: cast.text.id, name: random.pick(['about', 'seeschedule', 'help']), options: [], wait_ms: 8000, wait_for: 'final',
  }).then(({ outcome }) => outcome),
  (who) => sandbox.act(who.id, 'send', { channel_id: cast.text.id, content: `hello ${random.below(1000)}` }).then(() => 'update'),
  (who) => sandbox.act(who.id, 'voice_join', { channel_id: cast.lounge.id }).then(() => 'update'),
  (who) => sandbox.act(who.id, 'voice_leave').then(() => 'update', () => 'update'), // whoever is not in voice cannot
];

async function step(number) {
  await sandbox.call('POST', '/sim/time', { advance_ms: minutesOfStep * 60000 });
  const evening = (await evenings.posted()).at(-1);
  const doing = [];
  for (let i = 0; i < actsOfStep; i += 1) doing.push(acts[random.below(acts.length)](random.pick(evenings.members), evening));
  const outcomes = await Promise.all(doing);
  for (const outcome of outcomes) assert.match(outcome, /^(update|message)$/, `step ${number} (seed ${seed})`);
  if (Date.now() > quietUntil && random() < 0.1) {
    const mark = (await sandbox.call('GET', '/sim/log?since=999999999')).last;
    await sandbox.faults({ close: random() < 0.8 ? 4000 : 4009 });
    await until('the next login', async () => {
      const { entries } = await sandbox.call('GET', `/sim/log?since=${mark}&kind=gateway_out`);
      return entries.some(({ t }) => t === 'RESUMED' || t === 'GUILD_CREATE');
    }, 30000);
    logins += 1;
    quietUntil = Date.now() + 11000; // of real time: who loses connections younger than 10 s waits ever longer
  }
}

/** What hearthctl and the folder say, once nothing waits any more. */
async function look() {
  const status = await until(`empty queues (seed ${seed})`, async () => {
    const now = JSON.parse(await daemon.inspect('--json', 'status'));
    return now.queues.every(({ waiting }) => waiting <= 1) && now; // the question itself is in a mailbox
  });
  const { actors } = JSON.parse(await daemon.inspect('--json', 'actors'));
  const { gates } = JSON.parse(await daemon.inspect('--json', 'gates'));
  return {
    memory: await daemon.ownBytes(), files: status.files, threads: status.threads, actors: actors.length, gates: gates.length,
    database: status.database_bytes, folder: await folderNow(), most: Object.fromEntries(status.queues.map((q) => [q.name, q.most])),
  };
}

test(`${hours} hours leave nothing behind (seed ${seed})`, { timeout: 120000 + hours * 60000 }, async () => {
  const seen = [];
  for (let hour = 0; hour < hours; hour += 1) {
    for (let i = 0; i < 60 / minutesOfStep; i += 1) await step(hour * 12 + i);
    seen.push(await look());
  }
  const megabytes = (bytes) => (bytes / 1048576).toFixed(1);
  const early = seen[Math.floor((seen.length - 1) / 4)];
  const last = seen.at(-1);
  const told = JSON.stringify({ early, last, seed });
  assert.ok(last.memory - early.memory < 3 * 1048576 + early.memory / 20, `memory: ${told}`);
  assert.ok(last.files <= early.files + 4, `open files: ${told}`);
  assert.ok(last.threads <= early.threads + 1, `threads: ${told}`);
  assert.ok(last.actors <= early.actors + 2, `actors: ${told}`);
  assert.ok(last.gates <= early.gates + 40, `lanes of the rate gate: ${told}`);
  assert.ok(last.database - early.database < 512 * 1024, `the database: ${told}`);
  assert.ok(last.folder.files <= early.folder.files + 3, `files in the data folder: ${told}`); // a day's backup
  assert.ok(last.folder.bytes - early.folder.bytes < 8 * 1048576, `the data folder: ${told}`); // the same, and the log
  const { kinds } = await sandbox.violations();
  assert.deepEqual(Object.entries(kinds).filter(([, count]) => count > 0), []);
  assert.ok(votes > hours * 6, `only ${votes} votes were taken: ${told}`);
  console.log(`${hours} hours, ${votes} votes, ${logins} lost connections: memory ${seen.map(({ memory }) => megabytes(memory)).join(' ')} MB, open files ${early.files} to ${last.files}, `
    + `threads ${early.threads} to ${last.threads}, actors ${early.actors} to ${last.actors}, `
    + `database ${megabytes(early.database)} to ${megabytes(last.database)} MB, `
    + `folder ${early.folder.files} to ${last.folder.files} files, ${megabytes(early.folder.bytes)} to ${megabytes(last.folder.bytes)} MB; `
    + `longest queues ${JSON.stringify(last.most)}; seed ${seed}`);
});
