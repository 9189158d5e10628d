// The sandbox page in Chromium: who one is, channels, members, voice, direct messages, the drawer,
// phone and light.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Sandbox } from '../support/sandbox.mjs';
import { startBot } from './page_bot.mjs';
import { PHONE, startBrowser } from './page_browser.mjs';

describe('page: frame', { timeout: 240000 }, () => {
  let sandbox;
  let bot;
  let browser;
  let cast;
  let general;
  let id;
  let page;

  before(async () => {
    sandbox = await Sandbox.start('--identify-interval-ms', '0');
    bot = await startBot(sandbox.base);
    browser = await startBrowser();
    cast = await sandbox.cast();
    general = cast.channels.general.id;
    id = (name) => cast.users.find((user) => user.name === name).id;
  });
  after(async () => {
    await browser?.close();
    bot?.close();
    await sandbox?.stop();
  });

  test('one chooses who one is; browser and address remember', async () => {
    page = await browser.blank();
    await page.goto(`${sandbox.base}/`);
    const who = page.getByRole('dialog', { name: 'Who are you?' });
    await who.waitFor();
    assert.ok((await who.locator('[role=option]').count()) >= 12);
    assert.equal(
      await who.locator('[role=option]', { hasText: 'Hearth' }).count(),
      0,
      'nobody is a bot',
    );
    const hint = (name) =>
      who.locator('[role=option]', { hasText: name }).locator('.option-hint').textContent();
    assert.equal(await hint('Ember'), 'owner', 'who may configure a bot');
    assert.equal(await hint('Colette'), 'Mod · reads French');
    await browser.shot(page, 'who');
    await page.keyboard.press('Escape');
    assert.ok(await who.isVisible(), 'somebody one must be');
    await page.keyboard.type('map');
    await page.keyboard.press('Enter');
    await page.locator('.you-name', { hasText: 'Maple' }).waitFor();
    await page.waitForFunction((maple) => location.hash.includes(`as=${maple}`), id('maple'));
    const avatar = await page
      .locator('.rail-you .avatar')
      .evaluate((node) => getComputedStyle(node).backgroundColor);
    assert.match(avatar, /^rgb\(/);
    await page.goto('about:blank');
    await page.goto(`${sandbox.base}/`);
    await page.locator('.you-name', { hasText: 'Maple' }).waitFor();
    await page.locator('#become').click();
    await who.locator('[role=option]', { hasText: 'Ember' }).click();
    await page.locator('.you-name', { hasText: 'Ember' }).waitFor();
    await page.evaluate((maple) => {
      location.hash = `as=${maple}`;
    }, id('maple'));
    await page.locator('.you-name', { hasText: 'Maple' }).waitFor();
  });

  test('channels stand under their categories; hidden ones are hidden', async () => {
    assert.equal(await page.locator('.guild-head h1').textContent(), 'Hearthside');
    assert.deepEqual(await page.locator('.category').allTextContents(), [
      'Tonight',
      'Staff',
      'Voice',
    ]);
    assert.deepEqual((await page.locator('.channel-name').allTextContents()).slice(0, 6), [
      'general',
      'schedule',
      'lfg',
      'tournament',
      'mod-only',
      'bot-cannot-write',
    ]);
    const rookie = await browser.as(sandbox.base, id('rookie'), general);
    assert.equal(await rookie.locator('.channel-name', { hasText: 'mod-only' }).count(), 0);
    assert.deepEqual(
      await rookie.locator('.category').allTextContents(),
      ['Tonight', 'Voice'],
      'an empty category is not shown',
    );
    await rookie.context().close();
    await page.locator('.category', { hasText: 'Tonight' }).click();
    await page.locator('.channel-name', { hasText: 'lfg' }).waitFor({ state: 'detached' });
    await page.locator('.category', { hasText: 'Tonight' }).click();
    await page.locator('.channel-name', { hasText: 'lfg' }).click();
    await page.locator('.top-name', { hasText: 'lfg' }).waitFor();
    assert.equal(await page.locator('.topic').textContent(), 'Looking for one more');
  });

  test('what a bot changes in the guild shows at once', async () => {
    const made = await bot.api('POST', `/guilds/${cast.guild.id}/channels`, {
      name: 'fresh',
      type: 0,
    });
    await page.locator('[data-channel-row]', { hasText: 'fresh' }).click();
    await page.locator('.beginning h2', { hasText: 'fresh' }).waitFor();
    await bot.api('DELETE', `/channels/${made.id}`);
    await page.locator('[data-channel-row]', { hasText: 'fresh' }).waitFor({ state: 'detached' });
    await page.locator('.top-name', { hasText: 'general' }).waitFor();
    const inGroup = (title, name) =>
      page
        .locator('.member-group', { has: page.locator('h2', { hasText: title }) })
        .locator(`[data-profile="${id(name)}"]`);
    const gold = cast.guild.roles.find((role) => role.name === 'Gold').id;
    await bot.api('DELETE', `/guilds/${cast.guild.id}/members/${id('quartz')}/roles/${gold}`);
    await inGroup('Online', 'quartz').waitFor();
    await bot.api('PUT', `/guilds/${cast.guild.id}/members/${id('quartz')}/roles/${gold}`);
    await inGroup('Gold', 'quartz').waitFor();
  });

  test('members are grouped by role and presence, with what they play', async () => {
    const groups = await page.locator('.member-group h2').allTextContents();
    assert.deepEqual(groups.slice(0, 3), ['Admin — 1', 'Mod — 2', 'Diamond — 1']);
    assert.match(groups.at(-1), /^Offline — \d+$/);
    const tundra = page.locator(`.members [data-profile="${id('tundra')}"]`);
    assert.match(
      await tundra.getAttribute('aria-label'),
      /Tundra, Online, Playing Rainbow Six Siege/,
    );
    await sandbox.act(id('tundra'), 'presence', {
      status: 'idle',
      activities: [{ name: 'Chess', type: 0 }],
    });
    await tundra.locator('.activity', { hasText: 'Playing Chess' }).waitFor();
    await tundra.locator('.dot.idle').waitFor();
    await sandbox.act(id('tundra'), 'presence', { status: 'offline', activities: [] });
    await page
      .locator('.member-group:last-child', { hasText: 'Offline' })
      .locator(`[data-profile="${id('tundra')}"]`)
      .waitFor();
    // One's own status, from the corner.
    await page.locator('.you-card').click();
    await page.getByRole('button', { name: 'Do not disturb', exact: true }).click();
    await page.locator('.you .dot.dnd').waitFor();
    await page.locator('.you-card').click();
    await page.getByRole('textbox', { name: 'Playing' }).fill('Go');
    await page.keyboard.press('Enter');
    await page.locator('.you', { hasText: 'Playing Go' }).waitFor();
  });

  test('voice: joining, seeing others come and go, leaving', async () => {
    const lounge = page.locator('.voice-channel', { hasText: 'Lounge' });
    await lounge.locator('.voice-person', { hasText: 'Basil' }).waitFor();
    await lounge.locator('[data-voice-row]').click();
    await page.locator('.voice-bar', { hasText: 'Voice connected' }).waitFor();
    assert.match(await page.locator('.voice-where').textContent(), /Lounge \/ Hearthside/);
    await lounge.locator('.voice-person', { hasText: 'Maple' }).waitFor();
    await sandbox.act(id('ember'), 'voice_join', { channel_id: cast.lounge.id });
    await lounge.locator('.voice-person', { hasText: 'Ember' }).waitFor();
    await page.getByRole('button', { name: 'Mute' }).click();
    await lounge.locator('.voice-person', { hasText: 'Maple' }).locator('.icon-micOff').waitFor();
    await browser.shot(page, 'voice');
    await sandbox.act(id('ember'), 'voice_leave');
    await lounge.locator('.voice-person', { hasText: 'Ember' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Leave voice' }).click();
    await page.locator('.voice-bar').waitFor({ state: 'hidden' });
    assert.equal(await lounge.locator('.voice-person', { hasText: 'Maple' }).count(), 0);
  });

  test('where one may not write, the box says so', async () => {
    const rookie = await browser.as(sandbox.base, id('rookie'), general);
    await bot.api('PUT', `/channels/${general}/permissions/${id('rookie')}`, {
      type: 1,
      deny: '2048',
      allow: '0',
    });
    await rookie.locator('.composer-no', { hasText: 'You do not have permission' }).waitFor();
    await bot.api('DELETE', `/channels/${general}/permissions/${id('rookie')}`);
    await rookie.locator('#composer-input').waitFor();
    await rookie.context().close();
  });

  test('direct messages: opened from a profile, read on the other side', async () => {
    await page.locator(`.members [data-profile="${id('ember')}"]`).click();
    await page.locator('.profile').getByRole('button', { name: 'Message' }).click();
    await page.locator('.top-name', { hasText: 'Ember' }).waitFor();
    await page.locator('#composer-input').fill('only for you');
    await page.keyboard.press('Enter');
    await page.locator('.content', { hasText: 'only for you' }).waitFor();
    const ember = await browser.as(sandbox.base, id('ember'), general);
    await ember.getByRole('button', { name: 'Direct messages' }).click();
    await ember.locator('.channel.dm', { hasText: 'Maple' }).click();
    await ember.locator('.content', { hasText: 'only for you' }).waitFor();
    await page.locator('.rail-item', { hasText: 'H' }).click();
    await page.locator('[data-channel-row]', { hasText: 'general' }).click();
    await ember.locator('#composer-input').fill('and for you');
    await ember.keyboard.press('Enter');
    await page.locator('.rail-item .badge', { hasText: '1' }).waitFor();
    await ember.context().close();
  });

  test('the drawer moves time, breaks connections, counts violations', async () => {
    await page.locator('#open-drawer').click();
    await page.locator('#bots li', { hasText: 'Hearth is connected' }).waitFor();
    const time = async () => (await sandbox.call('GET', '/sim/time')).now_ms;
    const before = await time();
    await page.getByRole('button', { name: '+1 hour' }).click();
    await page.locator('.toast', { hasText: 'Time moved' }).first().waitFor();
    const moved = (await time()) - before;
    assert.ok(moved >= 3600000 && moved < 3660000, `moved by ${moved} ms`);
    await page.getByLabel('Time zone').selectOption('America/Los_Angeles');
    await Promise.all([
      page.waitForResponse((answer) => answer.url().endsWith('/sim/time')),
      page.getByRole('button', { name: 'Next 07:00' }).click(),
    ]);
    const hour = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'America/Los_Angeles',
      hour: '2-digit',
      minute: '2-digit',
    });
    assert.equal(hour.format(await time()), '07:00');
    await page.locator('#sandbox-clock', { hasText: /7:00:\d\d AM/ }).waitFor();
    await page.getByLabel('Set the time to').fill('2027-03-14T12:30');
    await Promise.all([
      page.waitForResponse((answer) => answer.url().endsWith('/sim/time')),
      page.getByRole('button', { name: 'Set', exact: true }).click(),
    ]);
    assert.equal(hour.format(await time()), '12:30');
    await page.locator('#violation-total', { hasText: 'No rule was broken.' }).waitFor();
    await fetch(`${sandbox.base}/api/v10/users/@me`, {
      headers: { 'User-Agent': 'DiscordBot (https://example.org, 1)' },
    });
    await page.getByRole('button', { name: 'Count again' }).click();
    await page.locator('#violation-total', { hasText: '1 violation of Discord’s rules' }).waitFor();
    await page.getByRole('button', { name: 'Drop the socket' }).click();
    await page.locator('#bots li', { hasText: 'Hearth is not connected' }).waitFor();
    await browser.shot(page, 'drawer');
    await page.getByRole('button', { name: 'Close the sandbox drawer' }).click();
    await sandbox.call('POST', '/sim/violations/reset', {});
    bot.close();
    bot = await startBot(sandbox.base);
  });

  test('a lost connection is said, comes back and misses nothing', async () => {
    const lost = await browser.blank();
    const sockets = [];
    await lost.routeWebSocket(/\/sim\/events/, (socket) => {
      socket.connectToServer();
      sockets.push(socket);
    });
    await lost.goto(`${sandbox.base}/#as=${id('quartz')}&at=${general}`);
    await lost.locator('.beginning, .message').first().waitFor();
    await sandbox.act(id('ember'), 'send', { channel_id: general, content: 'before' });
    await lost.locator('.content', { hasText: 'before' }).waitFor();
    // The next connection is refused until the message was written.
    let refuse = true;
    await lost.routeWebSocket(/\/sim\/events/, (socket) => {
      if (refuse) socket.close();
      else socket.connectToServer();
    });
    await sockets[0].close();
    await lost.locator('.banner', { hasText: 'connection to the sandbox is lost' }).waitFor();
    await sandbox.act(id('ember'), 'send', { channel_id: general, content: 'while you were away' });
    refuse = false;
    await lost.locator('.content', { hasText: 'while you were away' }).waitFor();
    await lost.locator('.banner').waitFor({ state: 'hidden' });
    await lost.context().close();
  });

  test("at a phone's width the sides are drawers and nothing sticks out", async () => {
    const phone = await browser.as(sandbox.base, id('maple'), cast.channels.schedule.id, {
      viewport: PHONE,
      hasTouch: true,
      isMobile: true,
    });
    const fits = () => phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
    assert.ok(await fits());
    assert.ok(
      await phone.locator('#left').evaluate((node) => node.inert),
      'a closed drawer cannot be reached',
    );
    await phone.getByRole('button', { name: 'Channels', exact: true }).tap();
    await phone.waitForFunction(
      () => document.getElementById('left').getBoundingClientRect().left === 0,
    );
    await browser.shot(phone, 'phone-channels');
    await phone.locator('[data-channel-row]', { hasText: 'general' }).tap();
    await phone.locator('.top-name', { hasText: 'general' }).waitFor();
    await phone.waitForFunction(() => document.getElementById('left').inert);
    await phone.getByRole('button', { name: 'Members' }).tap();
    await phone.locator('.members [data-profile]').first().waitFor();
    await browser.shot(phone, 'phone-members');
    await phone.keyboard.press('Escape');
    await phone.locator('.members').waitFor({ state: 'hidden' });
    await phone.getByRole('button', { name: /^Sandbox/ }).tap();
    await phone.locator('#violation-total').waitFor();
    await browser.shot(phone, 'phone-drawer');
    assert.ok(await fits());
    await phone.context().close();
  });

  test('everything is reached by keyboard, with a visible focus', async () => {
    await page.reload();
    await page.locator('.message').first().waitFor();
    const stops = [];
    for (let step = 0; step < 60; step++) {
      await page.keyboard.press('Tab');
      stops.push(
        await page.evaluate(() => {
          const node = document.activeElement;
          const style = getComputedStyle(node);
          const ring =
            style.outlineStyle !== 'none' ||
            getComputedStyle(node.parentElement ?? node).boxShadow !== 'none';
          return {
            name: (
              node.getAttribute('aria-label') ||
              node.textContent.trim() ||
              node.tagName
            ).slice(0, 60),
            ring,
          };
        }),
      );
      if (stops.at(-1).name.includes('Message #general')) break;
    }
    assert.deepEqual(
      stops.filter((stop) => !stop.ring).map((stop) => stop.name),
      [],
    );
    const names = stops.map((stop) => stop.name).join('\n');
    for (const wanted of [
      'Skip to the message box',
      'Become somebody else',
      'Hearthside',
      'general',
      'Lounge, voice channel',
      'Members',
      'Messages',
      'Message #general',
    ])
      assert.ok(names.includes(wanted), `${wanted} is not among\n${names}`);
    const unnamed = await page.evaluate(() =>
      [...document.querySelectorAll('button, a, input, textarea, [role=button]')]
        .filter(
          (node) =>
            !node.closest('[aria-hidden=true]') &&
            node.offsetParent &&
            !(
              node.getAttribute('aria-label') ||
              node.textContent.trim() ||
              node.labels?.length ||
              node.title
            ),
        )
        .map((node) => node.outerHTML),
    );
    assert.deepEqual(unnamed, [], 'every control has a name');
  });

  test('light colours when the system is light', async () => {
    await page.emulateMedia({ colorScheme: 'light' });
    assert.equal(
      await page.evaluate(() => getComputedStyle(document.body).backgroundColor),
      'rgb(255, 255, 255)',
    );
    await browser.shot(page, 'light');
    await page.emulateMedia({ colorScheme: 'dark' });
  });

  test('the browser saw no error but the connections that were broken on purpose', () => {
    assert.deepEqual(
      browser.wrong.filter((line) => !line.includes('WebSocket connection')),
      [],
    );
  });
});
