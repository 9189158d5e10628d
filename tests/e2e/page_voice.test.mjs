// Listening on the sandbox page: a bot of @discordjs/voice says a tone, encrypted end to end; the person who joined on
// the page hears it out of the browser's audio graph, and a recorder writes it down.
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Sandbox, until } from '../support/sandbox.mjs';
import { grouped, roomOf, shareOf, tone, trustVoice, VoiceClient } from '../support/voice_client.mjs';
import { PHONE, startBrowser } from './page_browser.mjs';

const pitch = 440;
const seconds = (count) => tone(pitch, count * 50);

describe('page: hearing a voice channel', { timeout: 120000 }, () => {
  let folder;
  let sandbox;
  let browser;
  let cast;
  let bot;
  let page;
  let maple;

  before(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'hear-'));
    sandbox = await Sandbox.start('--identify-interval-ms', '0');
    await trustVoice(sandbox);
    browser = await startBrowser();
    cast = await sandbox.cast();
    maple = cast.users.find((user) => user.name === 'maple').id;
    bot = await VoiceClient.start(sandbox, 'sandbox');
    await bot.join(cast.lounge.id);
  });
  after(async () => {
    await browser?.close();
    await bot?.stop();
    await sandbox?.stop();
    await fs.rm(folder, { recursive: true });
  });

  const loudness = (on) => on.locator('.voice-meter').evaluate((meter) => meter.value);
  /** Maple and all who sat there are members of the bot's group. */
  const together = async () => {
    const { people } = await until('Maple in the room', async () => {
      const room = await roomOf(sandbox, cast.lounge.id);
      return room.people.some((person) => person.user_id === maple) && room;
    });
    return grouped(sandbox, cast.lounge.id, [bot], people.length);
  };
  const hears = (on) => until('sound in the audio graph', async () => (await loudness(on)) > 0.2);

  test('one joins by a press and hears the bot; mute and volume do as they say', async () => {
    page = await browser.as(sandbox.base, maple, cast.text.id);
    await page.locator(`[data-voice-row="${cast.lounge.id}"]`).click();
    await page.locator('.voice-meter').waitFor();
    await together();
    assert.ok((await loudness(page)) < 0.01, 'nobody speaks yet');
    const speaking = bot.speak(seconds(6));
    await hears(page);
    await browser.shot(page, 'voice-heard');
    const quiet = page.getByRole('button', { name: 'Silence what I hear' });
    await quiet.click();
    await until('silence', async () => (await loudness(page)) < 0.01);
    assert.equal(await quiet.getAttribute('aria-pressed'), 'true');
    await quiet.click();
    await hears(page);
    const loud = await loudness(page);
    await page.getByRole('slider', { name: 'Volume' }).fill('40');
    await until('less of it', async () => (await loudness(page)) < loud / 2 && (await loudness(page)) > 0);
    await page.getByRole('slider', { name: 'Volume' }).fill('100');
    await speaking;
    await until('the end', async () => (await loudness(page)) < 0.01);
  });

  test('after a reload a press is needed, and is enough', async () => {
    await page.reload();
    await page.locator('.voice-state').waitFor();
    // Some browsers remember that one has pressed before.
    const hear = page.locator('#hear');
    if (await hear.isVisible()) await hear.click();
    await page.locator('.voice-meter').waitFor();
    const speaking = bot.speak(seconds(2));
    await hears(page);
    await speaking;
    await page.getByRole('button', { name: 'Leave voice' }).click();
    await page.locator('.voice-bar').waitFor({ state: 'hidden' });
    await until('nobody to listen', async () => (await sandbox.call('GET', '/sim/voice')).listening_pages === 0);
  });

  test('on a phone the bar fits', async () => {
    const phone = await browser.as(sandbox.base, maple, cast.text.id, { viewport: PHONE, hasTouch: true, isMobile: true });
    await phone.getByRole('button', { name: /channels/i }).first().click();
    await phone.locator(`[data-voice-row="${cast.lounge.id}"]`).click();
    await phone.locator('.voice-meter').waitFor();
    await together();
    const speaking = bot.speak(seconds(2));
    await hears(phone);
    await browser.shot(phone, 'voice-phone');
    const box = await phone.locator('.voice-bar').boundingBox();
    for (const part of await phone.locator('.voice-row > *').all()) {
      const inner = await part.boundingBox();
      assert.ok(inner.x >= box.x && inner.x + inner.width <= box.x + box.width, 'a part sticks out of the bar');
    }
    await speaking;
    await phone.context().close();
  });

  test('a recording has what was said, without a gap', async () => {
    const file = path.join(folder, 'heard.wav');
    await sandbox.call('POST', '/sim/voice/record', { as: maple, file });
    await bot.speak(seconds(3));
    const said = await sandbox.call('POST', '/sim/voice/record', { as: maple, stop: true });
    assert.equal(said.gaps, 0);
    assert.equal(said.spurts, 1);
    assert.equal(said.frames, 155); // five of silence among them
    const wav = await fs.readFile(file);
    assert.equal(wav.toString('latin1', 0, 4), 'RIFF');
    assert.equal(wav.readUInt32LE(40), wav.length - 44);
    const pcm = new Int16Array(wav.buffer, wav.byteOffset + 44, (wav.length - 44) / 2);
    const left = Array.from(pcm).filter((_, i) => i % 2 === 0);
    const first = left.findIndex((value) => Math.abs(value) > 1000);
    const middle = left.slice(first + 24000, first + 24000 + 96000);
    assert.ok(shareOf(pitch, middle) > 0.95, `${shareOf(pitch, middle)} of it is the tone`);
    await assert.rejects(sandbox.call('POST', '/sim/voice/record', { as: maple, stop: true }), /Nothing is recorded/);
  });

  test('nothing was wrong on the page or with the protocol', async () => {
    assert.deepEqual(browser.wrong, []);
    const { details } = await sandbox.violations();
    assert.deepEqual(details, []);
  });
});
