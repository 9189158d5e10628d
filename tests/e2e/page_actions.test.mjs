// The sandbox page in Chromium: buttons, selects, slash commands, modals, menus - by mouse and by
// keyboard.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Sandbox, until } from '../support/sandbox.mjs';
import { startBot } from './page_bot.mjs';
import { openCommand, PHONE, startBrowser } from './page_browser.mjs';

const EPHEMERAL = 64;
const V2 = 32768;
const row = (...components) => ({ type: 1, components });
const button = (custom_id, label, style = 2, more = {}) => ({
  type: 2,
  custom_id,
  label,
  style,
  ...more,
});

const COMMANDS = [
  {
    name: 'play',
    description: 'Plays something',
    description_localizations: { fr: 'Joue à quelque chose' },
    options: [
      { type: 3, name: 'what', description: 'What to play', required: true, autocomplete: true },
      { type: 4, name: 'times', description: 'How often', min_value: 1, max_value: 5 },
      { type: 6, name: 'who', description: 'With whom' },
      { type: 5, name: 'loud', description: 'Loudly' },
      {
        type: 3,
        name: 'mood',
        description: 'The mood',
        choices: [
          { name: 'Calm', value: 'c' },
          { name: 'Wild', value: 'w' },
        ],
      },
      { type: 7, name: 'where', description: 'Which voice channel', channel_types: [2] },
      { type: 8, name: 'team', description: 'Which role' },
      { type: 11, name: 'picture', description: 'A picture' },
    ],
  },
  {
    name: 'settings',
    description: 'Settings',
    options: [
      {
        type: 2,
        name: 'channel',
        description: 'Channels',
        options: [
          {
            type: 1,
            name: 'set',
            description: 'Sets one',
            options: [{ type: 7, name: 'to', description: 'Which', required: true }],
          },
        ],
      },
      { type: 1, name: 'see', description: 'Shows them' },
    ],
  },
  {
    name: 'rain',
    description: 'Rains',
    options: [{ type: 4, name: 'track', description: 'Which' }],
  },
  { name: 'form', description: 'Opens a form' },
  { name: 'slow', description: 'Thinks first' },
  { name: 'dead', description: 'Never answers' },
  { name: 'Inspect', type: 2 },
  { name: 'Quote', type: 3 },
];

describe('page: interactions', { timeout: 240000 }, () => {
  let sandbox;
  let bot;
  let browser;
  let page;
  let cast;
  let here;
  let maple;
  let ember;

  before(async () => {
    sandbox = await Sandbox.start('--identify-interval-ms', '0');
    bot = await startBot(sandbox.base);
    browser = await startBrowser();
    cast = await sandbox.cast();
    here = cast.channels.general.id;
    [maple, ember] = ['maple', 'ember'].map(
      (name) => cast.users.find((user) => user.name === name).id,
    );
    await bot.api('PUT', `/applications/${bot.user.id}/guilds/${cast.guild.id}/commands`, COMMANDS);
    page = await browser.as(sandbox.base, maple, here);
  });
  after(async () => {
    await browser?.close();
    bot?.close();
    await sandbox?.stop();
  });

  const on = (message, selector = '', where = page) =>
    where.locator(`[data-message="${message.id}"] ${selector}`);
  const byId = (message, id) => on(message, `[data-custom-id="${id}"]`);

  test('buttons: all styles, a press updates the message, the focus stays', async () => {
    const message = await bot.post(here, {
      content: 'votes: 0',
      components: [
        row(
          button('vote', 'Vote', 1, { emoji: { name: '👍' } }),
          button('two', 'Two'),
          button('three', 'Three', 3),
          button('four', 'Four', 4),
          { type: 2, style: 5, label: 'Site', url: 'https://example.org/' },
        ),
        row(button('off', 'Off', 2, { disabled: true })),
      ],
    });
    await byId(message, 'vote').waitFor();
    const colours = await on(message, 'button.button').evaluateAll((nodes) =>
      nodes.map((node) => getComputedStyle(node).backgroundColor),
    );
    assert.equal(new Set(colours.slice(0, 4)).size, 4, 'four styles, four colours');
    assert.equal(await on(message, 'a.button').getAttribute('href'), 'https://example.org/');
    assert.ok(await byId(message, 'off').isDisabled());
    let votes = 0;
    bot.answer('vote', (interaction) =>
      bot.callback(interaction, { type: 7, data: { content: `votes: ${++votes}` } }),
    );
    await byId(message, 'vote').click();
    await on(message, '.content', page).filter({ hasText: 'votes: 1' }).waitFor();
    await byId(message, 'vote').focus();
    await page.keyboard.press('Enter');
    await on(message, '.content').filter({ hasText: 'votes: 2' }).waitFor();
    await page.waitForFunction(() => document.activeElement?.dataset.customId === 'vote');
    const pressed = bot.seen.filter((one) => one.data.custom_id === 'vote');
    assert.deepEqual(
      pressed.map((one) => one.member.user.id),
      [maple, maple],
    );
  });

  test('a press without answer says so, and by whose fault', async () => {
    const message = await bot.post(here, {
      content: 'silence',
      components: [row(button('mute', 'Say nothing'))],
    });
    await byId(message, 'mute').click();
    assert.equal(await byId(message, 'mute').getAttribute('aria-busy'), 'true');
    await sandbox.call('POST', '/sim/time', { advance_ms: 4000 });
    await on(message, '.failed').filter({ hasText: 'This interaction failed' }).waitFor();
    await browser.shot(page, 'failed');
    await on(message, '.failed button').click();
    await on(message, '.failed').waitFor({ state: 'detached' });
  });

  test('selects: strings with bounds, people with search, roles, channels, mentionables', async () => {
    const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'].map(
      (label, index) => ({
        label,
        value: `d${index}`,
        description: index === 4 ? 'Raid night' : undefined,
      }),
    );
    const message = await bot.post(here, {
      content: 'choose',
      components: [
        row({
          type: 3,
          custom_id: 'days',
          placeholder: 'Days',
          min_values: 2,
          max_values: 3,
          options: days,
        }),
        row({ type: 5, custom_id: 'person', placeholder: 'A person' }),
        row({ type: 6, custom_id: 'role' }),
        row({ type: 8, custom_id: 'room', channel_types: [2] }),
        row({ type: 7, custom_id: 'both', max_values: 2 }),
      ],
    });
    for (const id of ['days', 'person', 'role', 'room', 'both']) bot.answer(id, { type: 6 });
    const chosen = async (id, act) => {
      const [interaction] = await Promise.all([
        bot.next(id),
        (async () => {
          await byId(message, id).click();
          await act();
        })(),
      ]);
      return interaction.data;
    };
    const option = (text) => page.locator('.popover [role=option]', { hasText: text });

    // By keyboard alone: one is too few, nothing is sent; two are sent in the list's order.
    await byId(message, 'days').focus();
    await page.keyboard.press('ArrowDown');
    await option('Raid night').waitFor();
    await browser.shot(page, 'select');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.locator('.toast', { hasText: 'Choose 2 to 3' }).waitFor();
    assert.deepEqual(
      (
        await chosen('days', async () => {
          await option('Wednesday').click();
          await option('Monday').click();
          await page.getByRole('button', { name: 'Done' }).click();
        })
      ).values,
      ['d0', 'd2'],
    );
    assert.deepEqual(await byId(message, 'days').locator('.chosen').allTextContents(), [
      'Monday',
      'Wednesday',
    ]);

    const person = await chosen('person', async () => {
      await page.keyboard.type('noel');
      await page.keyboard.press('Enter');
    });
    const noel = cast.users.find((user) => user.name === 'noel').id;
    assert.deepEqual(person.values, [noel]);
    assert.ok(person.resolved.users[noel]);
    assert.deepEqual((await chosen('role', () => option('@Gold').click())).values, [
      cast.guild.roles.find((role) => role.name === 'Gold').id,
    ]);
    const rooms = await chosen('room', async () => {
      assert.equal(await option('general').count(), 0, 'only voice channels are offered');
      await option('Lounge').click();
    });
    assert.deepEqual(rooms.values, [cast.channels.lounge.id]);
    assert.deepEqual(
      (
        await chosen('both', async () => {
          await option('Ember').click();
          await page.locator('.popover .list-search').fill('mod');
          await option('@Mod').click();
          await page.keyboard.press('Escape');
        })
      ).values.length,
      2,
    );
  });

  test('components version 2: container, section, separator, gallery, text, accessory', async () => {
    const message = await bot.post(here, {
      flags: V2,
      components: [
        { type: 10, content: '# Tonight' },
        {
          type: 17,
          accent_color: 0x2ecc71,
          components: [
            {
              type: 9,
              components: [{ type: 10, content: 'Quarter **final**' }],
              accessory: button('ready', 'Ready', 3),
            },
            { type: 14, divider: true, spacing: 2 },
            {
              type: 12,
              items: [{ media: { url: 'https://example.org/a.png' }, description: 'A chart' }],
            },
            row(button('bet', 'Bet', 1)),
          ],
        },
      ],
    });
    await on(message, '.container').waitFor();
    assert.equal(
      await on(message, '.container').evaluate((node) => getComputedStyle(node).borderLeftColor),
      'rgb(46, 204, 113)',
    );
    assert.equal(await on(message, '.section strong').textContent(), 'final');
    assert.equal(await on(message, '.separator').count(), 1);
    assert.equal(await on(message, '.gallery a').getAttribute('href'), 'https://example.org/a.png');
    bot.answer('ready', {
      type: 7,
      data: { flags: V2, components: [{ type: 10, content: 'All ready' }] },
    });
    await byId(message, 'ready').click();
    await on(message, '.text-display').filter({ hasText: 'All ready' }).waitFor();
  });

  test('slash commands: filter, fields, completion by the bot, checks, sending', async () => {
    bot.answer('play?', (interaction) => {
      const typed = interaction.data.options.find((option) => option.focused).value;
      return bot.callback(interaction, {
        type: 8,
        data: {
          choices: ['Chess', 'Checkers', 'Go']
            .filter((name) => name.toLowerCase().startsWith(typed))
            .map((name) => ({ name, value: name.toLowerCase() })),
        },
      });
    });
    bot.answer('play', { type: 4, data: { content: 'playing' } });
    const box = page.locator('#composer-input');
    await box.fill('/');
    const listed = await page.locator('.suggest .option-label').allTextContents();
    assert.deepEqual(listed, [
      '/dead',
      '/form',
      '/play',
      '/rain',
      '/settings channel set',
      '/settings see',
      '/slow',
    ]);
    await box.fill('/pla');
    assert.deepEqual(await page.locator('.suggest .option-label').allTextContents(), ['/play']);
    await page.keyboard.press('Escape');
    await page.locator('.suggest').waitFor({ state: 'hidden' });
    await openCommand(page, 'play');
    assert.equal(
      await page.evaluate(() => document.activeElement.dataset.option),
      'what',
      'the required option comes first',
    );
    await page.keyboard.type('poker');
    await page.locator('.suggest .list-empty', { hasText: 'No options match' }).waitFor();
    await page.locator('[data-option=what]').fill('che');
    await page.locator('.suggest [role=option]', { hasText: 'Checkers' }).waitFor();
    await browser.shot(page, 'command');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    assert.equal(await page.locator('[data-option=what]').inputValue(), 'Checkers');

    const add = async (name, typed) => {
      await page.locator(`[data-add-option=${name}]`).click();
      await page.keyboard.type(typed);
    };
    await add('times', '9');
    await page.keyboard.press('Enter');
    await page.locator('.field-error', { hasText: 'Must be at most 5.' }).waitFor();
    assert.equal(await page.locator('[data-option=times]').getAttribute('aria-invalid'), 'true');
    await page.locator('[data-option=times]').fill('3');
    for (const [name, typed] of [
      ['who', 'tun'],
      ['loud', 'tr'],
      ['mood', 'wi'],
      ['where', 'lou'],
      ['team', 'gold'],
    ]) {
      await add(name, typed);
      await page.keyboard.press('Tab');
    }
    await page.locator('[data-add-option=picture]').click();
    await page
      .locator('.file-input')
      .setInputFiles({ name: 'p.txt', mimeType: 'text/plain', buffer: Buffer.from('p') });
    const [interaction] = await Promise.all([
      bot.next('play', 2),
      page.getByRole('button', { name: 'Send' }).click(),
    ]);
    const given = Object.fromEntries(
      interaction.data.options.map(({ name, value }) => [name, value]),
    );
    const attachment = Object.values(interaction.data.resolved.attachments)[0];
    assert.deepEqual(given, {
      what: 'checkers',
      times: 3,
      who: cast.users.find((user) => user.name === 'tundra').id,
      loud: true,
      mood: 'w',
      where: cast.channels.lounge.id,
      team: cast.guild.roles.find((role) => role.name === 'Gold').id,
      picture: attachment.id,
    });
    const shown = page.locator('.message', { hasText: 'playing' }).last();
    assert.equal(await shown.locator('.used-command').textContent(), '/play');
    assert.equal(await shown.locator('.context .mention').textContent(), '@Maple');
  });

  test('sub-commands, leaving a command, commands named in messages', async () => {
    bot.answer('settings', { type: 4, data: { content: 'set', flags: EPHEMERAL } });
    await openCommand(page, 'set ch');
    assert.equal(await page.locator('.command-name').textContent(), '/settings channel set');
    await page.keyboard.press('Escape');
    await page.locator('#composer-input').waitFor();
    const { id } = (await sandbox.state(maple)).guilds[0].commands.find(
      (command) => command.name === 'settings',
    );
    const message = await bot.post(here, { content: `try </settings channel set:${id}>` });
    await on(message, '.mention').click();
    await page.keyboard.type('lfg');
    await page.keyboard.press('Enter');
    const [interaction] = await Promise.all([
      bot.next('settings', 2),
      page.keyboard.press('Enter'),
    ]);
    assert.deepEqual(interaction.data.options, [
      {
        name: 'channel',
        type: 2,
        options: [
          { name: 'set', type: 1, options: [{ name: 'to', type: 7, value: cast.channels.lfg.id }] },
        ],
      },
    ]);
    const colette = await browser.as(
      sandbox.base,
      cast.users.find((user) => user.name === 'colette').id,
      here,
    );
    await colette.locator('#composer-input').fill('/play');
    await colette.locator('.suggest .option-hint', { hasText: 'Joue à quelque chose' }).waitFor();
    await colette.context().close();
  });

  test('a command with nothing that must be filled in: Enter sends, Tab reaches options', async () => {
    bot.answer('rain', { type: 4, data: { content: 'it rains', flags: EPHEMERAL } });
    const send = () => Promise.all([bot.next('rain', 2), page.keyboard.press('Enter')]);
    await openCommand(page, 'rain');
    await page.locator('.suggest-title', { hasText: 'Enter sends' }).waitFor();
    assert.equal((await send())[0].data.options?.length ?? 0, 0);
    await openCommand(page, 'rain');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.type('2');
    assert.deepEqual((await send())[0].data.options, [{ name: 'track', type: 4, value: 2 }]);
    const shown = page.locator('.message', { hasText: 'it rains' });
    await shown.last().getByRole('button', { name: 'Dismiss message' }).click();
  });

  test('commands that a bot registers while one looks are offered at once', async () => {
    const box = page.locator('#composer-input');
    const option = page.locator('.suggest [role=option]', { hasText: '/newborn' });
    await box.fill('/newborn');
    await page.locator('.suggest .list-empty').waitFor();
    const extra = { name: 'newborn', description: 'Just registered' };
    const where = `/applications/${bot.user.id}/guilds/${cast.guild.id}/commands`;
    await bot.api('PUT', where, [...COMMANDS, extra]);
    await option.waitFor();
    await bot.api('PUT', where, COMMANDS);
    await box.fill('');
  });

  test('ephemeral answers are for one, and can be dismissed', async () => {
    const other = await browser.as(sandbox.base, ember, here);
    bot.answer('settings', { type: 4, data: { content: 'a secret', flags: EPHEMERAL } });
    await openCommand(page, 'settings see');
    await page.keyboard.press('Enter');
    const mine = page.locator('.message.ephemeral', { hasText: 'a secret' });
    assert.equal(await mine.locator('.used-command').textContent(), '/settings see');
    await mine.locator('.only-you', { hasText: 'Only you can see this' }).waitFor();
    await sandbox.act(ember, 'send', { channel_id: here, content: 'after it' });
    await other.locator('.content', { hasText: 'after it' }).waitFor();
    assert.equal(await other.locator('.content', { hasText: 'a secret' }).count(), 0);
    await mine.getByRole('button', { name: 'Dismiss message' }).click();
    await mine.waitFor({ state: 'detached' });
    await other.context().close();
  });

  test('a deferred answer thinks, then speaks; one without answer fails', async () => {
    bot.answer('slow', { type: 5 });
    await openCommand(page, 'slow');
    const [interaction] = await Promise.all([bot.next('slow'), page.keyboard.press('Enter')]);
    await page.locator('.message .thinking', { hasText: 'Hearth is thinking…' }).waitFor();
    await browser.shot(page, 'thinking');
    await bot.original(interaction, { content: 'I thought' });
    await page.locator('.content', { hasText: 'I thought' }).waitFor();
    assert.equal(await page.locator('.thinking').count(), 0);
    await openCommand(page, 'dead');
    await Promise.all([bot.next('dead'), page.keyboard.press('Enter')]);
    await page.locator('.pending .thinking').waitFor();
    await sandbox.call('POST', '/sim/time', { advance_ms: 4000 });
    const failed = page.locator('.pending .failed', { hasText: 'The application did not respond' });
    await failed.getByRole('button', { name: 'Dismiss' }).click();
    await failed.waitFor({ state: 'detached' });
  });

  test('modals: labels, inputs, checks, answers reach the bot, a failure keeps what was written', async () => {
    bot.answer('form', {
      type: 9,
      data: {
        custom_id: 'about',
        title: 'About you',
        components: [
          { type: 10, content: 'Tell us **more**.' },
          {
            type: 18,
            label: 'Name',
            description: 'As in the game',
            component: { type: 4, custom_id: 'name', style: 1, min_length: 3, max_length: 20 },
          },
          {
            type: 18,
            label: 'Story',
            component: { type: 4, custom_id: 'story', style: 2, required: false },
          },
          {
            type: 18,
            label: 'Games',
            component: {
              type: 3,
              custom_id: 'games',
              max_values: 2,
              options: [
                { label: 'Chess', value: 'c' },
                { label: 'Go', value: 'g' },
              ],
            },
          },
          {
            type: 18,
            label: 'Friend',
            component: { type: 5, custom_id: 'friend', required: false },
          },
        ],
      },
    });
    await openCommand(page, 'form');
    await page.keyboard.press('Enter');
    const modal = page.getByRole('dialog', { name: 'About you' });
    await modal.locator('strong', { hasText: 'more' }).waitFor();
    const submit = modal.getByRole('button', { name: 'Submit' });
    await submit.click();
    assert.deepEqual(await modal.locator('.field-error:not(:empty)').allTextContents(), [
      'This field is required.',
      'This field is required.',
    ]);
    await modal.getByLabel('Name').fill('ab');
    await submit.click();
    await modal.locator('.field-error', { hasText: 'at least 3' }).waitFor();
    await modal.getByLabel('Name').fill('Maple');
    await modal.getByLabel('Story').fill('Once\nupon');
    await modal.locator('[data-custom-id=games]').click();
    await page.locator('[role=option]', { hasText: 'Go' }).click();
    await page.keyboard.press('Escape');
    await modal.locator('[data-custom-id=friend]').click();
    await page.keyboard.type('emb');
    await page.keyboard.press('Enter');
    await browser.shot(page, 'modal');
    // The bot stays silent: the form stays open with what was written.
    await Promise.all([bot.next('about', 5), submit.click()]);
    await sandbox.call('POST', '/sim/time', { advance_ms: 4000 });
    await modal.locator('.modal-status', { hasText: 'Something went wrong. Try again.' }).waitFor();
    assert.equal(await modal.getByLabel('Name').inputValue(), 'Maple');
    bot.answer('about', { type: 4, data: { content: 'thank you', flags: EPHEMERAL } });
    const [sent] = await Promise.all([bot.next('about', 5), submit.click()]);
    await modal.waitFor({ state: 'detached' });
    await page.locator('.ephemeral', { hasText: 'thank you' }).waitFor();
    const values = sent.data.components.map(
      (entry) => entry.component?.value ?? entry.component?.values,
    );
    assert.deepEqual(values, [undefined, 'Maple', 'Once\nupon', ['g'], [ember]]);
  });

  test('modals may be closed without a word; their boxes and groups', async () => {
    bot.answer('form', {
      type: 9,
      data: {
        custom_id: 'boxes',
        title: 'Boxes',
        components: [
          {
            type: 18,
            label: 'One',
            component: {
              type: 21,
              custom_id: 'one',
              options: [
                { label: 'A', value: 'a' },
                { label: 'B', value: 'b' },
              ],
            },
          },
          {
            type: 18,
            label: 'Some',
            component: {
              type: 22,
              custom_id: 'some',
              required: false,
              min_values: 0,
              options: [
                { label: 'X', value: 'x' },
                { label: 'Y', value: 'y', default: true },
              ],
            },
          },
          { type: 18, label: 'Agreed', component: { type: 23, custom_id: 'agreed' } },
          {
            type: 18,
            label: 'Proof',
            component: { type: 19, custom_id: 'proof', required: false },
          },
        ],
      },
    });
    bot.answer('boxes', { type: 4, data: { content: 'boxed', flags: EPHEMERAL } });
    await openCommand(page, 'form');
    await page.keyboard.press('Enter');
    const modal = page.getByRole('dialog', { name: 'Boxes' });
    await modal.waitFor();
    await page.keyboard.press('Escape');
    await modal.waitFor({ state: 'detached' });
    await openCommand(page, 'form');
    await page.keyboard.press('Enter');
    await modal.getByRole('button', { name: 'Submit' }).click();
    await modal.locator('.field-error', { hasText: 'required' }).waitFor();
    await modal.getByLabel('B', { exact: true }).check();
    await modal.getByLabel('X', { exact: true }).check();
    await modal.getByLabel('Agreed').check();
    await modal
      .locator('input[type=file]')
      .setInputFiles({ name: 'proof.txt', mimeType: 'text/plain', buffer: Buffer.from('proof') });
    const [sent] = await Promise.all([
      bot.next('boxes', 5),
      modal.getByRole('button', { name: 'Submit' }).click(),
    ]);
    const part = (id) =>
      sent.data.components.map((entry) => entry.component).find((one) => one.custom_id === id);
    assert.equal(part('one').value, 'b');
    assert.deepEqual(part('some').values, ['x', 'y']);
    assert.equal(part('agreed').value, true);
    assert.equal(sent.data.resolved.attachments[part('proof').values[0]].filename, 'proof.txt');
    await modal.waitFor({ state: 'detached' });
  });

  test("menus on messages and people run the applications' commands", async () => {
    bot.answer('Quote', { type: 4, data: { content: 'quoted', flags: EPHEMERAL } });
    bot.answer('Inspect', { type: 4, data: { content: 'inspected', flags: EPHEMERAL } });
    const { message } = await sandbox.act(ember, 'send', { channel_id: here, content: 'quote me' });
    await on(message, '.content').click({ button: 'right' });
    await browser.shot(page, 'menu');
    const [quoted] = await Promise.all([
      bot.next('Quote'),
      page.getByRole('menuitem', { name: 'Quote' }).click(),
    ]);
    assert.equal(quoted.data.target_id, message.id);
    // By keyboard: a message of the list, its menu, down to the entry.
    await page.locator('.message-list').focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('Escape');
    await page.locator(`.members [data-profile="${ember}"]`).click({ button: 'right' });
    const [inspected] = await Promise.all([
      bot.next('Inspect'),
      page.getByRole('menuitem', { name: 'Inspect' }).click(),
    ]);
    assert.equal(inspected.data.target_id, ember);
    await page.locator('.ephemeral', { hasText: 'inspected' }).waitFor();
  });

  test('on a phone: a command, a select and a button work', async () => {
    const phone = await browser.as(sandbox.base, ember, here, { viewport: PHONE, hasTouch: true });
    bot.answer('tap', { type: 7, data: { content: 'tapped', components: [] } });
    const message = await bot.post(here, {
      content: 'tap it',
      components: [
        row(
          ...[1, 2, 3, 4, 5].map((hour) => button(hour === 1 ? 'tap' : `h${hour}`, `${hour} pm`)),
        ),
      ],
    });
    await browser.shot(phone, 'phone-buttons');
    await phone.locator(`[data-message="${message.id}"] [data-custom-id=tap]`).tap();
    await phone.locator('.content', { hasText: 'tapped' }).waitFor();
    await phone.locator('#composer-input').fill('/play');
    await phone.locator('.suggest [role=option]', { hasText: '/play' }).tap();
    await phone.locator('.command-bar').waitFor();
    await phone.locator('.suggest [role=option]', { hasText: 'Chess' }).tap();
    await browser.shot(phone, 'phone-command');
    const [interaction] = await Promise.all([
      bot.next('play', 2),
      phone.getByRole('button', { name: 'Send' }).tap(),
    ]);
    assert.deepEqual(interaction.data.options, [{ name: 'what', type: 3, value: 'chess' }]);
    await phone.context().close();
  });

  test('no rule of Discord was broken and the browser saw no error', async () => {
    await until('the last answers', async () => (await sandbox.violations()).total === 0);
    assert.deepEqual(browser.wrong, []);
  });
});
