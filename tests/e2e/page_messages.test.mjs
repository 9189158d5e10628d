// The sandbox page in Chromium: messages, as a member reads and writes them; hostile names and
// texts.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Sandbox } from '../support/sandbox.mjs';
import { startBot } from './page_bot.mjs';
import { PHONE, startBrowser } from './page_browser.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFUlEQVR42mP8z8BQz0AEYBxVSF+FAP5FDvcfRYWgAAAAAElFTkSuQmCC',
  'base64',
);
const RLO = '\u202e';
const ZALGO = `Z${'\u0301\u0316\u0330\u0342'.repeat(40)}algo`;
const HOSTILE = `<img src=x onerror=alert(1)>${RLO}txt.exe`;

/** The demo world with one more member, whose every name is an attack. */
async function hostileWorld(folder) {
  const file = path.join(folder, 'world.toml');
  const demo = await readFile(path.join(root, 'config/sim/demo.toml'), 'utf8');
  const text = (value) => JSON.stringify(value);
  await writeFile(
    file,
    `${demo}
  [[guild.role]]
  name = ${text('"><script>alert(2)</script>')}
  hoist = true
  [[guild.channel]]
  name = ${text('<b onmouseover=alert(3)>loud')}
  topic = ${text(`${RLO}<svg/onload=alert(4)>`)}
  in = ""
  [[guild.member]]
  user = "mallory"
  nick = ${text(HOSTILE)}
  roles = [${text('"><script>alert(2)</script>')}]
[[user]]
name = "mallory"
display = ${text(ZALGO)}
status = "online"
playing = "<iframe src=javascript:alert(5)>"
`,
  );
  return file;
}

describe('page: messages', { timeout: 240000 }, () => {
  let folder;
  let sandbox;
  let bot;
  let browser;
  let cast;
  let general;
  let maple;
  let ember;
  let page;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'page-test-'));
    sandbox = await Sandbox.start(
      '--world',
      await hostileWorld(folder),
      '--identify-interval-ms',
      '0',
    );
    bot = await startBot(sandbox.base);
    browser = await startBrowser();
    cast = await sandbox.cast();
    general = cast.channels.general.id;
    const id = (name) => cast.users.find((user) => user.name === name).id;
    [maple, ember] = [id('maple'), id('ember')];
    page = await browser.as(sandbox.base, maple, general);
  });
  after(async () => {
    await browser?.close();
    bot?.close();
    await sandbox?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const write = async (as, content, more = {}) =>
    (await sandbox.act(as, 'send', { channel_id: general, content, ...more })).message;
  const row = (message, on = page) => on.locator(`[data-message="${message.id}"]`);

  test('a message shows author, colour of the top role, time and text', async () => {
    const message = await write(ember, 'good evening');
    const shown = row(message);
    await shown.locator('.content', { hasText: 'good evening' }).waitFor();
    assert.equal(await shown.locator('.message-head .name').textContent(), 'Ember');
    const colour = await shown
      .locator('.message-head .name')
      .evaluate((node) => getComputedStyle(node).color);
    assert.match(colour, /0\.9\d+ 0\.3\d+|rgb\(23\d, /, 'the red of Admin, a little lighter');
    assert.match(await shown.locator('.message-head time').getAttribute('title'), /20\d\d/);
    assert.equal(await shown.locator('.tag').count(), 0);
    const next = await write(ember, 'again');
    await row(next).waitFor();
    assert.equal(
      await row(next).locator('.message-head').count(),
      0,
      'the same author is not named twice',
    );
    const said = await bot.post(general, { content: 'I am a bot' });
    assert.equal(await row(said).locator('.tag').textContent(), 'BOT');
  });

  test('markdown, mentions, emoji and times are drawn', async () => {
    const role = cast.guild.roles.find((one) => one.name === 'Mod');
    const emoji = cast.guild.emojis.find((one) => one.name === 'Diamond');
    const message = await write(
      ember,
      [
        '**b** *i* __u__ ~~s~~ `code` ||hidden||',
        '# Title',
        '> quoted',
        '- item',
        '```cpp\nint x;\n```',
        `<@${maple}> <@&${role.id}> <#${general}> <:Diamond:${emoji.id}> [masked](https://example.org/x) <t:1700000000:t> <t:1700000000:F>`,
      ].join('\n'),
    );
    const shown = row(message);
    for (const [selector, text] of [
      ['strong', 'b'],
      ['em', 'i'],
      ['u', 'u'],
      ['s', 's'],
      ['code.inline', 'code'],
      ['.md-h1', 'Title'],
      ['blockquote', 'quoted'],
      ['li', 'item'],
      ['pre', 'int x;'],
      ['a.link', 'masked'],
      ['.mention.role', '@Mod'],
      ['.mention.me', '@Maple'],
    ])
      assert.equal((await shown.locator(selector).first().textContent()).trim(), text, selector);
    assert.equal(await shown.locator('a.link').getAttribute('rel'), 'noopener noreferrer nofollow');
    assert.equal(await shown.locator('.emoji.custom').getAttribute('aria-label'), ':Diamond:');
    // 2023-11-14 22:13:20 UTC in the viewer's zone, Europe/Paris.
    assert.deepEqual(await shown.locator('time.stamp').allTextContents(), [
      '11:13 PM',
      'Tuesday, November 14, 2023 at 11:13 PM',
    ]);
    assert.match(
      await shown.locator('time.stamp').first().getAttribute('title'),
      /November 14, 2023/,
    );
    assert.ok(
      await shown.evaluate((node) => node.classList.contains('pinged')),
      'a message that pings stands out',
    );
    await shown.locator('.spoiler').click();
    assert.ok(await shown.locator('.spoiler').evaluate((node) => node.classList.contains('shown')));
    await shown.locator('.mention', { hasText: '#general' }).click();
    await shown.locator('.mention.me').click();
    await page.locator('.profile h2', { hasText: 'Maple' }).waitFor();
    await page.keyboard.press('Escape');
    await browser.shot(page, 'markdown');
    const colette = cast.users.find((user) => user.name === 'colette').id;
    const french = await browser.as(sandbox.base, colette, general);
    const times = french.locator(`[data-message="${message.id}"] time.stamp`);
    assert.equal(await times.first().textContent(), '23:13', 'as her client writes it');
    await french.context().close();
  });

  test('relative times follow the sandbox clock', async () => {
    const { now_ms } = await sandbox.call('GET', '/sim/time');
    const message = await write(ember, `starts <t:${Math.round(now_ms / 1000) + 7200}:R>`);
    await row(message).locator('time', { hasText: 'in 2 hours' }).waitFor();
    await sandbox.call('POST', '/sim/time', { advance_ms: 3600000 });
    await row(message).locator('time', { hasText: 'in 1 hour' }).waitFor();
  });

  test('embeds show every part, bar and grid', async () => {
    const body = new FormData();
    body.append(
      'payload_json',
      JSON.stringify({
        embeds: [
          {
            title: 'The **title**',
            url: 'https://example.org',
            description: 'Described with `code`',
            color: 0xf39c12,
            timestamp: '2026-01-02T03:04:05.000Z',
            author: { name: 'An author', url: 'https://example.org/a' },
            footer: { text: 'The footer' },
            image: { url: 'attachment://chart.png' },
            thumbnail: { url: 'https://example.org/t.png' },
            fields: [
              { name: 'one', value: '1', inline: true },
              { name: 'two', value: `<@${ember}>`, inline: true },
              { name: 'three', value: '3', inline: true },
              { name: 'wide', value: '<:x:1> - item' },
            ],
          },
        ],
      }),
    );
    body.append('files[0]', new Blob([PNG], { type: 'image/png' }), 'chart.png');
    const message = await bot.post(general, body);
    const shown = row(message).locator('.embed');
    await shown.waitFor();
    assert.equal(
      await shown.evaluate((node) => getComputedStyle(node).borderLeftColor),
      'rgb(243, 156, 18)',
    );
    assert.equal(
      await shown.locator('.embed-title a').getAttribute('href'),
      'https://example.org/',
    );
    assert.equal(await shown.locator('.embed-author').textContent(), 'An author');
    assert.match(await shown.locator('.embed-footer').textContent(), /The footer • .*26/);
    const boxes = await shown
      .locator('.embed-field')
      .evaluateAll((nodes) => nodes.map((node) => node.getBoundingClientRect()));
    assert.ok(
      boxes[0].top === boxes[1].top && boxes[1].top === boxes[2].top && boxes[3].top > boxes[2].top,
      'three inline fields share a row',
    );
    assert.ok(boxes[0].left < boxes[1].left && boxes[1].left < boxes[2].left);
    const image = shown.locator('.embed-image img');
    await image.scrollIntoViewIfNeeded();
    await page.waitForFunction(
      (node) => node.complete && node.naturalWidth === 2,
      await image.elementHandle(),
    );
    assert.equal(
      await row(message).locator('.attachments').count(),
      0,
      'a picture of an embed is not shown twice',
    );
    assert.equal(
      await shown.locator('.embed-thumbnail').getAttribute('href'),
      'https://example.org/t.png',
      'foreign pictures are links',
    );
    await browser.shot(page, 'embed');
  });

  test('files are sent and shown: pictures inline, others to download', async () => {
    await page.setInputFiles('#upload', [
      { name: 'dot.png', mimeType: 'image/png', buffer: PNG },
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') },
    ]);
    await page.locator('.upload-strip .chip', { hasText: 'notes.txt' }).waitFor();
    await page.locator('#composer-input').fill('two files');
    await page.keyboard.press('Enter');
    const shown = page.locator('.message', { hasText: 'two files' }).last();
    await page.waitForFunction(
      (node) => node.complete && node.naturalWidth === 2,
      await shown.locator('.attachments img').elementHandle(),
    );
    const file = shown.locator('.file a');
    assert.equal(await file.textContent(), 'notes.txt');
    assert.equal(await (await fetch(await file.getAttribute('href'))).text(), 'hello');
  });

  test('reactions: added with the picker, toggled by a press, live from others', async () => {
    const message = await write(ember, 'react to me');
    const shown = row(message);
    await shown.hover();
    await shown.getByRole('button', { name: 'Add a reaction' }).first().click();
    await page.getByRole('textbox', { name: 'Search emoji' }).fill('fire');
    await page.keyboard.press('Enter');
    const fire = shown.locator('.reaction', { hasText: '🔥' });
    await fire.locator('.count', { hasText: '1' }).waitFor();
    assert.equal(await fire.getAttribute('aria-pressed'), 'true');
    await sandbox.act(ember, 'react', { channel_id: general, message_id: message.id, emoji: '🔥' });
    await fire.locator('.count', { hasText: '2' }).waitFor();
    await fire.click();
    await fire.locator('.count', { hasText: '1' }).waitFor();
    assert.equal(await fire.getAttribute('aria-pressed'), 'false');
    await sandbox.act(ember, 'unreact', {
      channel_id: general,
      message_id: message.id,
      emoji: '🔥',
    });
    await fire.waitFor({ state: 'detached' });
  });

  test('writing: completion sends markup, editing and deleting, replies', async () => {
    const box = page.locator('#composer-input');
    await box.fill('hello @emb');
    await page.locator('.suggest [role=option]', { hasText: 'Ember' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type('and :thumbs');
    await page.locator('.suggest [role=option]', { hasText: ':thumbsup:' }).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    const mine = page.locator('.message', { hasText: 'hello @Ember and 👍' }).last();
    await mine.waitFor();
    const sent = (await sandbox.messages(maple, general)).at(-1);
    assert.equal(sent.content, `hello <@${ember}> and 👍`);
    // The last own message is edited by the up key.
    await page.keyboard.press('ArrowUp');
    await page.locator('.edit-field').fill('changed');
    await page.keyboard.press('Enter');
    await row(sent).locator('.edited').waitFor();
    assert.equal(await row(sent).locator('.content').textContent(), 'changed (edited)');
    await row(sent).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Reply' }).click();
    await page.keyboard.type('my answer');
    await page.keyboard.press('Enter');
    const answer = page.locator('.message', { hasText: 'my answer' }).last();
    assert.equal(await answer.locator('.context-text').textContent(), 'changed');
    await row(sent).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Delete message' }).click();
    await row(sent).waitFor({ state: 'detached' });
  });

  test('typing, unread marks, the NEW line and mentions', async () => {
    await sandbox.act(ember, 'typing', { channel_id: general });
    await page.locator('.typing', { hasText: 'Ember is typing…' }).waitFor();
    await page.locator('[data-channel-row]', { hasText: 'lfg' }).click();
    await page.locator('.beginning h2', { hasText: 'lfg' }).waitFor();
    await write(ember, 'you missed this');
    const line = page.locator('[data-channel-row]', { hasText: 'general' });
    await page.locator('[data-channel-row].unread', { hasText: 'general' }).waitFor();
    await write(ember, `<@${maple}> and this`);
    await line.locator('.badge', { hasText: '1' }).waitFor();
    await line.click();
    await page.locator('.divider.new').waitFor();
    const after = await page.locator('.divider.new + .message .content').textContent();
    assert.equal(after, 'you missed this');
    await page.waitForFunction(() => !document.querySelector('[data-channel-row].unread'));
  });

  test('scrolling up loads older messages and keeps the place', async () => {
    const lfg = cast.channels.lfg.id;
    for (let number = 1; number <= 120; number++)
      await sandbox.act(ember, 'send', { channel_id: lfg, content: `line ${number}` });
    await page.locator('[data-channel-row]', { hasText: 'lfg' }).click();
    await page.locator('.content', { hasText: /^line 120$/ }).waitFor();
    assert.equal(await page.locator('.content', { hasText: /^line 60$/ }).count(), 0);
    for (const first of [60, 1]) {
      await page
        .locator('.message')
        .first()
        .evaluate((node) => node.scrollIntoView());
      await page
        .locator('.content', { hasText: new RegExp(`^line ${first}$`) })
        .waitFor({ state: 'attached' });
    }
    await page.locator('.beginning').waitFor({ state: 'attached' });
    assert.equal(await page.locator('.content', { hasText: /^line \d+$/ }).count(), 120);
    // Reading up there, a new message does not move the text; a note leads down.
    await page
      .locator('.message')
      .first()
      .evaluate((node) => node.scrollIntoView());
    await sandbox.act(ember, 'send', { channel_id: lfg, content: 'down here' });
    await page.locator('.jump').click();
    await page.locator('.content', { hasText: 'down here' }).waitFor();
    await page.locator('[data-channel-row]', { hasText: 'general' }).click();
  });

  test('hostile names and texts stay text, inside the page', async () => {
    const mallory = cast.users.find((user) => user.name === 'mallory').id;
    const word = 'W'.repeat(2000);
    const first = await write(mallory, word);
    await write(
      mallory,
      `${HOSTILE} ${ZALGO} </div><script>alert(6)</script> [x](javascript:alert(7)) <https://a.b/"onclick=alert(8)>`,
    );
    const last = await bot.post(general, {
      content: '"><img src=x onerror=alert(9)>',
      embeds: [
        {
          title: HOSTILE,
          description: `${word}${ZALGO}`,
          fields: [
            { name: '<b>n</b>', value: word.slice(0, 1000), inline: true },
            { name: RLO, value: '<script>alert(10)</script>', inline: true },
          ],
          footer: { text: word.slice(0, 1500) },
        },
      ],
      components: [
        {
          type: 1,
          components: [
            { type: 2, style: 1, label: '<i>label</i>', custom_id: '"]<script>' },
            { type: 2, style: 2, label: 'W'.repeat(80), custom_id: '\'\\"' },
          ],
        },
      ],
    });
    const narrow = await browser.as(sandbox.base, maple, general, { viewport: PHONE });
    for (const [name, on] of [
      ['desktop', page],
      ['phone', narrow],
    ]) {
      await row(last, on).waitFor();
      assert.equal(
        await on.evaluate(
          () =>
            document.querySelectorAll(
              'script:not([src="app.js"]), iframe, [onerror], [onclick], [onload], [onmouseover], main b, main i:not(.dots i)',
            ).length,
        ),
        0,
      );
      assert.ok(
        await on.evaluate(
          () =>
            document.documentElement.scrollWidth <= innerWidth &&
            document.getElementById('messages').scrollWidth <=
              document.getElementById('messages').clientWidth,
        ),
        `${name}: no sideways scrolling`,
      );
      assert.equal(await row(first, on).locator('.message-head .name').textContent(), HOSTILE);
      assert.equal(await row(first, on).locator('.content').textContent(), word);
      await browser.shot(on, `hostile-${name}`);
    }
    // The override in the name does not turn what follows it: the time stands to the right.
    const [name, time] = await row(first)
      .locator('.message-head > *')
      .evaluateAll((nodes) => [
        nodes[0].getBoundingClientRect().right,
        nodes.at(-1).getBoundingClientRect().left,
      ]);
    assert.ok(time >= name);
    await page.locator('[data-channel-row]', { hasText: 'loud' }).click();
    await page.locator('.beginning h2', { hasText: '<b onmouseover=alert(3)>loud' }).waitFor();
    await page.locator('.members [data-profile]', { hasText: '<img' }).click();
    await page.locator('.profile', { hasText: '<iframe' }).waitFor();
    await browser.shot(page, 'hostile-profile');
    await page.keyboard.press('Escape');
    await narrow.context().close();
  });

  test('the browser saw no error, no dialog and no broken policy', () =>
    assert.deepEqual(browser.wrong, []));
});
