// Goal: a copy of the database taken at any moment opens, is sound, and has every vote that was acknowledged before
// it, neither lost nor doubled. Method: members press without pause (each press toggles) while copies are made in
// three ways: the files as a power cut would leave them (hearthd stands still meanwhile), SQLite's own backup, and
// `hearthctl backup`. The oracle is what discord-sim told the members. COPIES and SEED choose the length and the dice.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Daemon } from '../support/daemon.mjs';
import { dice, pause } from '../support/dice.mjs';
import { buttons, Evenings } from '../support/evenings.mjs';
import { Sandbox, until } from '../support/sandbox.mjs';

const copies = Number(process.env.COPIES ?? 6);
const seed = Number(process.env.SEED ?? 20261121);
const random = dice(seed);
const run = promisify(execFile);

let sandbox;
let daemon;
let evenings;
let message;
let database;

before(async () => {
  sandbox = await Sandbox.start();
  const cast = await sandbox.cast();
  daemon = await Daemon.make(sandbox);
  await daemon.start();
  await daemon.online(cast.owner);
  evenings = new Evenings(sandbox, cast);
  await evenings.setUp();
  await evenings.nextDay();
  message = await until('the daily message', () => evenings.open());
  const files = await readdir(daemon.folder, { recursive: true });
  database = path.join(daemon.folder, files.find((name) => name.endsWith('hearth.db')));
});
after(async () => {
  await daemon?.dispose();
  await sandbox?.stop();
});

/** Whether no thread of hearthd runs any more. */
async function standsStill() {
  const tasks = `/proc/${daemon.child.pid}/task`;
  const states = await Promise.all((await readdir(tasks)).map((task) => readFile(`${tasks}/${task}/stat`, 'utf8')));
  return states.every((line) => line.slice(line.lastIndexOf(')') + 2).startsWith('T'));
}

/** The files as they are at one moment. */
async function copyFiles(to) {
  daemon.child.kill('SIGSTOP');
  try {
    await until('hearthd to stand still', standsStill);
    for (const suffix of ['', '-wal']) {
      await copyFile(database + suffix, to + suffix).catch((error) => { if (error.code !== 'ENOENT') throw error; });
    }
  } finally {
    daemon.child.kill('SIGCONT');
  }
}

/** What members were told: who is in which hour; presses under way, and those that nobody was told about. */
class Ledger {
  constructor() {
    this.there = new Map(); // "user button" -> in or out
    this.unsure = new Map(); // "user button" -> how many presses whose outcome is open
    this.presses = new Map(); // "user button" -> how many in all
    this.acknowledged = 0;
  }

  async press(who, button) {
    const key = `${who.id} ${button.custom_id}`;
    this.unsure.set(key, (this.unsure.get(key) ?? 0) + 1);
    this.presses.set(key, (this.presses.get(key) ?? 0) + 1);
    const id = await evenings.press(who, message, button);
    if (await evenings.outcome(id, 5000) !== 'update') return; // stays unsure
    this.unsure.set(key, this.unsure.get(key) - 1);
    this.there.set(key, !this.there.get(key));
    this.acknowledged += 1;
  }

  /** The votes that are certain now, and by how many presses they became so. */
  certain() {
    return [...this.there].filter(([key]) => !this.unsure.get(key))
      .map(([key, there]) => ({ key, there, presses: this.presses.get(key) }));
  }
}

/** "user button" of all votes in a copy. */
async function votesIn(copy) {
  const { stdout } = await run('sqlite3', ['-separator', ' ', copy, 'SELECT user, hour FROM daily_vote WHERE active = 1']);
  const ofHour = new Map(buttons(message).map(({ custom_id: id }) => [id.split(':').at(-1), id]));
  return new Set(stdout.split('\n').filter(Boolean).map((line) => {
    const [user, hour] = line.split(' ');
    return `${user} ${ofHour.get(hour)}`;
  }));
}

test(`${copies} copies amid writing are sound and whole (seed ${seed})`, { timeout: 60000 + copies * 5000 }, async () => {
  const ledger = new Ledger();
  let writing = true;
  const member = async (who) => {
    while (writing) await ledger.press(who, random.pick(buttons(message).slice(0, 10)));
  };
  const members = evenings.members.slice(0, 4).map(member);
  const folder = path.join(daemon.folder, 'copies');
  await mkdir(folder);
  let checked = 0;
  for (let i = 0; i < copies; i += 1) {
    await pause(random() * 60);
    const copy = path.join(folder, 'copy.db');
    const before = ledger.certain();
    if (i % 3 === 0) await copyFiles(copy);
    else if (i % 3 === 1) await run('sqlite3', [database, `.backup '${copy}'`]);
    else await daemon.inspect('backup', copy);
    const { stdout } = await run('sqlite3', [copy, 'PRAGMA integrity_check; PRAGMA foreign_key_check; SELECT count(*) FROM guild_channel;']);
    assert.equal(stdout, 'ok\n1\n', `copy ${i} after ${ledger.acknowledged} votes (seed ${seed})`);
    const found = await votesIn(copy);
    for (const { key, there, presses } of before) {
      if (ledger.presses.get(key) !== presses) continue; // pressed again meanwhile: in or out
      assert.equal(found.has(key), there, `copy ${i}: the vote "${key}" (seed ${seed})`);
      checked += 1;
    }
    await Promise.all(['', '-wal', '-shm'].map((suffix) => rm(copy + suffix, { force: true })));
  }
  writing = false;
  await Promise.all(members);
  assert.ok(ledger.acknowledged > copies / 3, `only ${ledger.acknowledged} votes were written meanwhile`);
  assert.ok(checked > copies, `only ${checked} votes were looked for`);
  console.log(`${copies} copies, ${ledger.acknowledged} votes acknowledged meanwhile, ${checked} looked for in copies, seed ${seed}`);
});
