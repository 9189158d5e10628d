// What the README promises a newcomer: tools/demo.sh runs, the page is opened, and within a minute they have joined the
// Lounge, been welcomed by a voice, run /rain and heard rain, and laid fire over it. The demo is the script as it is.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { binaries, freePort, Sandbox, until } from '../support/sandbox.mjs';
import { recorder } from '../support/voice_daemon.mjs';
import { portrait, readWav } from '../support/wav.mjs';
import { openCommand, startBrowser } from './page_browser.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

describe('a newcomer at the demo', { timeout: 180000 }, () => {
  let folder;
  let demo;
  let said = '';
  let sandbox;
  let browser;
  let page;
  let opened;
  let me;
  let ear;

  before(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'demo-'));
    const port = await freePort();
    demo = spawn(path.join(root, 'tools/demo.sh'), ['--bin', binaries, '--port', String(port), '--data', path.join(folder, 'data')],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, HOME: process.env.HOME } });
    for (const stream of [demo.stdout, demo.stderr]) stream.on('data', (data) => { said += data; });
    await until('the demo to say what to try', () => {
      if (demo.exitCode !== null) throw new Error(`tools/demo.sh ended: ${said}`);
      return said.includes('What to try');
    }, 60000);
    sandbox = new Sandbox(port, demo);
    browser = await startBrowser();
    page = await browser.blank();
  });
  after(async () => {
    await browser?.close();
    if (demo?.exitCode === null) {
      demo.kill('SIGTERM');
      await once(demo, 'exit');
    }
    await fs.rm(folder, { recursive: true });
  });

  const loudness = () => page.locator('.voice-meter').evaluate((meter) => meter.value);
  const hears = () => until('sound in the browser', async () => (await loudness()) > 0.05, 30000);
  const sessions = async () => (await sandbox.call('GET', '/sim/voice')).sessions;
  const file = (name) => path.join(folder, name);
  /** Writes down two seconds of what the newcomer hears. */
  async function heard(name) {
    const [{ packets }] = await sessions();
    await ear.begin(file(name));
    await until('two seconds of sound', async () => (await sessions())[0].packets >= packets + 125);
    const figures = await ear.end();
    assert.equal(figures.gaps, 0, JSON.stringify(figures));
    return portrait(await readWav(file(name)));
  }

  test('opens the page and joins the Lounge by a press: a voice welcomes them', async () => {
    opened = performance.now();
    await page.goto(sandbox.base);
    await page.locator('.switcher [role=option]', { hasText: 'Quartz' }).click();
    await page.locator('[data-voice-row]', { hasText: 'Lounge' }).click();
    await page.locator('.voice-meter').waitFor();
    me = new URLSearchParams(new URL(page.url()).hash.slice(1)).get('as');
    ear = recorder(sandbox, me);
    await ear.begin(file('welcome.wav'));
    await hears();
    await browser.shot(page, 'demo-welcome');
    await until('the bot to have spoken and gone', async () => (await sessions()).length === 0, 30000);
    await ear.end();
    const voice = portrait(await readWav(file('welcome.wav')));
    assert.ok(voice.seconds > 2 && voice.pauses > 0.1 && voice.high < 1e-4 && voice.loud > 0.03, JSON.stringify(voice));
  });

  test('types /rain and hears rain', async () => {
    await openCommand(page, 'rain');
    await page.keyboard.press('Enter');
    await page.locator('.message', { hasText: 'Now playing' }).last().waitFor();
    await hears();
    const rain = await heard('rain.wav');
    assert.ok(rain.pauses < 0.02 && rain.high > 1e-4, JSON.stringify(rain));
  });

  test('lays fire over it by a press', async () => {
    const message = page.locator('.message', { hasText: 'Now playing' }).last();
    await message.getByRole('button', { name: /Fire/ }).click();
    await message.locator('.embed', { hasText: 'Fireplace' }).waitFor();
    await message.locator('.embed', { hasText: 'Light rain' }).waitFor();
    await heard('both.wav');
    await browser.shot(page, 'demo-fire');
  });

  test('all of it within a minute, and nothing was wrong', async () => {
    const took = (performance.now() - opened) / 1000;
    assert.ok(took < 60, `${took} s`);
    assert.deepEqual(browser.wrong, []);
    const { details } = await sandbox.violations();
    assert.deepEqual(details, []);
    demo.kill('SIGINT');
    await once(demo, 'exit');
    assert.match(said, /Stopped\./);
  });
});
