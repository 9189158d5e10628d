// A person tries Hearth in the sandbox page: posts the schedule, votes with buttons, plans a week through the
// selects, joins voice and appears in the hour. hearthd, discord-sim and Chromium as they are.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Daemon } from '../support/daemon.mjs';
import { Sandbox, until } from '../support/sandbox.mjs';
import { openCommand, PHONE, startBrowser } from './page_browser.mjs';

describe('an evening in the sandbox', { timeout: 240000 }, () => {
  let sandbox;
  let daemon;
  let browser;
  let page;
  let cast;
  let schedule;
  let lounge;
  let maple;
  let ember;

  before(async () => {
    sandbox = await Sandbox.start();
    cast = await sandbox.cast();
    schedule = cast.channels.schedule.id;
    lounge = cast.channels.lounge.id;
    [maple, ember] = ['maple', 'ember'].map((name) => cast.users.find((user) => user.name === name).id);
    daemon = await Daemon.make(sandbox);
    await daemon.start();
    await daemon.online(cast.owner);
    browser = await startBrowser();
    page = await browser.as(sandbox.base, ember, schedule);
  });
  after(async () => {
    await browser?.close();
    await daemon?.dispose();
    await sandbox?.stop();
  });

  /** The schedule's message on a page. */
  const evening = (on = page) => on.locator('.message', { has: on.locator('.embed button, button.button') })
    .filter({ has: on.locator('.embed') }).last();
  const command = async (as, name, options = []) => sandbox.act(as, 'command',
    { channel_id: schedule, name, options, wait_ms: 10000, wait_for: 'final' });

  test('the owner chooses a channel with a slash command and sees the answer', async () => {
    await openCommand(page, 'modtextschedulechannel');
    await page.keyboard.type('schedule');
    await page.locator('[role=option]', { hasText: 'schedule' }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.locator('.message', { hasText: 'the schedule is posted' }).waitFor();
    await command(ember, 'modvoicechannel', [{ name: 'channel', type: 7, value: lounge }]);
  });

  test('the next morning the evening is posted', async () => {
    const { now_ms } = await sandbox.call('GET', '/sim/time');
    const morning = new Date(now_ms + 24 * 3600 * 1000);
    morning.setUTCHours(7, 0, 1, 0);
    const moved = await sandbox.call('POST', '/sim/time', { set_ms: morning.getTime() });
    assert.equal(moved.acknowledged, true, 'hearthd follows the sandbox clock');
    await evening().waitFor();
    await browser.shot(page, 'evening-posted');
  });

  test('two members vote with buttons; both see it', async () => {
    page = await browser.as(sandbox.base, maple, schedule);
    const vote = evening().locator('button.button').nth(1);
    const label = await vote.textContent();
    await vote.click();
    await evening().locator('.embed', { hasText: 'Maple' }).waitFor();
    const other = await browser.as(sandbox.base, ember, schedule, { viewport: PHONE });
    await evening(other).locator('button.button', { hasText: label.trim() }).first().click();
    await evening().locator('.embed', { hasText: 'Ember' }).waitFor();
    await evening(other).locator('.embed', { hasText: 'Maple' }).waitFor();
    await browser.shot(other, 'evening-phone');
    await browser.shot(page, 'evening-votes');
    await vote.click();
    await until('the vote taken back', async () => !(await evening().locator('.embed').textContent()).includes('Maple'));
  });

  test('/addschedule asks for days and hours, and saves', async () => {
    await openCommand(page, 'addschedule');
    await page.keyboard.press('Enter');
    const form = page.locator('.message', { has: page.locator('[data-custom-id]') }).last();
    const selects = form.locator('.select[data-custom-id], button.select, [role=combobox][data-custom-id]');
    await selects.first().waitFor();
    await browser.shot(page, 'addschedule');
    for (const index of [0, 1]) {
      await selects.nth(index).click();
      await page.locator('.popover [role=option]').nth(0).click();
      await page.locator('.popover [role=option]').nth(1).click();
      await page.getByRole('button', { name: 'Done' }).click();
    }
    const save = form.getByRole('button', { name: 'Save' });
    if (await save.count()) await save.click();
    const { guilds } = await sandbox.state(maple);
    assert.ok(guilds.length > 0);
    const seen = await command(maple, 'seeschedule');
    assert.match(JSON.stringify(seen.message), /Monday/);
    await browser.shot(page, 'addschedule-saved');
  });

  test('who joins voice appears in the current hour', async () => {
    const message = (await sandbox.messages(maple, schedule)).filter(({ author, embeds }) => author.bot && embeds.length).at(-1);
    const first = Math.min(...[...JSON.stringify(message.embeds).matchAll(/<t:(\d+):t>/g)].map(([, seconds]) => Number(seconds)));
    await sandbox.call('POST', '/sim/time', { set_ms: (first + 600) * 1000 });
    await page.locator('.channel, [role=treeitem], a, button', { hasText: 'Lounge' }).first().click();
    await evening().locator('.embed', { hasText: 'Maple' }).waitFor();
    await browser.shot(page, 'evening-voice');
  });

  test('the page had no errors, and hearthd broke none of Discord\'s rules', async () => {
    assert.deepEqual(browser.wrong, []);
    const { kinds } = await sandbox.violations();
    assert.deepEqual(Object.entries(kinds).filter(([, count]) => count > 0), []);
    assert.equal(await daemon.kill('SIGTERM'), 0, daemon.log);
  });
});
