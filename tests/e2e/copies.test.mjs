// Goal: a copy of the database taken at any moment opens, is sound, and has every vote that was acknowledged before.
// Method: members press without pause while the file and its log are copied byte by byte, and through SQLite's own
// backup; COPIES and SEED choose the length and the dice.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
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
  message = await until('the daily message', async () => (await evenings.posted()).at(-1));
  const files = await readdir(daemon.folder, { recursive: true });
  database = path.join(daemon.folder, files.find((name) => name.endsWith('hearth.db')));
});
after(async () => {
  await daemon?.dispose();
  await sandbox?.stop();
});

/** The main file, its log and the log's index as they are now; the log first is what a crash would leave. */
async function copyFiles(to) {
  for (const suffix of ['-wal', '', '-shm']) {
    await copyFile(database + suffix, to + suffix).catch((error) => { if (error.code !== 'ENOENT') throw error; });
  }
}

test(`${copies} copies amid writing are sound (seed ${seed})`, { timeout: 60000 + copies * 5000 }, async () => {
  let writing = true;
  let votes = 0;
  const member = async (who) => {
    while (writing) {
      const id = await evenings.press(who, message, random.pick(buttons(message).slice(0, 10)));
      if (await evenings.outcome(id, 3000) === 'update') votes += 1;
    }
  };
  const members = evenings.members.slice(0, 4).map(member);
  const folder = path.join(daemon.folder, 'copies');
  await mkdir(folder);
  for (let i = 0; i < copies; i += 1) {
    await pause(random() * 60);
    const copy = path.join(folder, 'copy.db');
    const before = votes;
    if (i % 2 === 0) await copyFiles(copy);
    else await run('sqlite3', [database, `.backup '${copy}'`]);
    const { stdout } = await run('sqlite3', [copy, 'PRAGMA integrity_check; PRAGMA foreign_key_check; SELECT count(*) FROM guild_channel;']);
    assert.equal(stdout, 'ok\n1\n', `copy ${i} after ${before} votes (seed ${seed})`);
    await Promise.all(['', '-wal', '-shm'].map((suffix) => rm(copy + suffix, { force: true })));
  }
  writing = false;
  await Promise.all(members);
  assert.ok(votes > copies / 3, `only ${votes} votes were written meanwhile`);
  console.log(`${copies} copies, ${votes} votes written meanwhile, seed ${seed}`);
});
