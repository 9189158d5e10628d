// The pure parts of the sandbox page: markdown, option values, commands, wall clocks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  findInvocation,
  invocations,
  nestOptions,
  rank,
} from '../../tools/discord-sim/page/command_model.js';
import { onlyEmoji, parse } from '../../tools/discord-sim/page/markdown_parse.js';
import { readOption, wanted } from '../../tools/discord-sim/page/option_values.js';
import { fieldMoment, fieldText, momentOf, nextHour } from '../../tools/discord-sim/page/zones.js';

/** The tree in short: "b(text)". */
function short(nodes) {
  return nodes
    .map((node) => {
      if (node.t === 'text') return node.v;
      if (node.t === 'br') return '⏎';
      if (node.t === 'list')
        return `${node.ordered ? `ol${node.start}` : 'ul'}(${node.c.map(short).join('|')})`;
      if (node.t === 'h') return `h${node.level}(${short(node.c)})`;
      if (node.t === 'link') return `link(${node.url} ${short(node.c)})`;
      if (node.t === 'pre') return `pre[${node.lang}](${node.v})`;
      if (node.t === 'time') return `time(${node.seconds} ${node.style})`;
      if (node.t === 'emoji') return `emoji(${node.emoji.name} ${node.emoji.id})`;
      return `${node.t}(${node.c ? short(node.c) : (node.v ?? [node.name, node.id].filter(Boolean).join(' '))})`;
    })
    .join('');
}

const markdown = [
  ['plain', 'plain'],
  ['**bold** *it* _it_ __u__ ~~s~~ ||sp||', 'b(bold) i(it) i(it) u(u) s(s) spoiler(sp)'],
  ['***both***', 'i(b(both))'],
  ['**a *b* c**', 'b(a i(b) c)'],
  ['*a **b***', 'i(a b(b))'],
  ['__**x**__', 'u(b(x))'],
  ['snake_case_name', 'snake_case_name'],
  ['2 * 3 * 4', '2 * 3 * 4'],
  ['**open', '**open'],
  ['\\*not\\* `*nor* this`', '*not* code(*nor* this)'],
  ['``a ` b``', 'code(a ` b)'],
  ['```js\nlet a;\n```\nafter', 'pre[js](let a;)after'],
  ['```just text```', 'pre[](just text)'],
  ['> a\n> b\nout', 'quote(a⏎b)out'],
  ['>>> a\nb', 'quote(a⏎b)'],
  ['>no quote', '>no quote'],
  ['# One\n## Two\n### Three\n#### four', 'h1(One)h2(Two)h3(Three)#### four'],
  ['-# small', 'small(small)'],
  ['- a\n- b\n  - c\nend', 'ul(a|bul(c))end'],
  ['3. a\n4. b', 'ol3(a|b)'],
  ['[text](https://a.b/c?d=1)', 'link(https://a.b/c?d=1 text)'],
  ['[text](javascript:alert(1))', '[text](javascript:alert(1))'],
  [
    '[https://good.example](https://bad.example)',
    '[link(https://good.example https://good.example)](link(https://bad.example https://bad.example))',
  ],
  [
    'see https://x.y/z(1). <https://q.r>',
    'see link(https://x.y/z(1) https://x.y/z(1)). link(https://q.r https://q.r)',
  ],
  [
    '<@1> <@!2> <@&3> <#4> </a b:5> <:n:6> <a:m:7>',
    'user(1) user(2) role(3) channel(4) command(a b 5) emoji(n 6) emoji(m 7)',
  ],
  ['<t:1700000000> <t:-5:R> <t:1:s> <t:1:X>', 'time(1700000000 f) time(-5 R) time(1 s) <t:1:X>'],
  ['@everyone @here @heretic', 'everyone(@everyone) everyone(@here) @heretic'],
  ['a\n\nb', 'a⏎⏎b'],
  ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
];

test('markdown: each form as Discord draws it', () => {
  for (const [text, tree] of markdown) assert.equal(short(parse(text)), tree, text);
});

test('markdown: text is never lost or invented', () => {
  for (const text of [
    'a*b',
    '_x',
    '||',
    '<@',
    '``',
    '[a](b',
    '1.',
    '-',
    '# ',
    '> ',
    '\\',
    '\n',
    ' ** ',
  ]) {
    assert.equal(
      short(parse(text))
        .replaceAll('⏎', '\n')
        .replace(/^(quote|ul)\((.*)\)$/s, '$2'),
      text.replace(/^> $/, ''),
      JSON.stringify(text),
    );
  }
});

test('markdown: hostile texts cost little', () => {
  const pieces = [
    '*',
    '**a',
    '||*_',
    '[',
    '> ',
    '`',
    '<@',
    '- ',
    '_a*b',
    '[a](https://',
    '\n',
    '```a',
    '1. a\n',
    '> a\n',
    'h',
    '***',
    '~~_**',
    '<t:1',
    '\\',
  ];
  const before = process.cpuUsage();
  for (const piece of pieces)
    assert.ok(Array.isArray(parse(piece.repeat(Math.ceil(4000 / piece.length)))));
  // Quadratic would be minutes; this is a few milliseconds each.
  assert.ok(process.cpuUsage(before).user < 3e6);
});

test('markdown: only emoji are drawn large', () => {
  for (const [text, big] of [
    ['👍', true],
    ['👍🔥 <:n:1>', true],
    ['👨‍👩‍👧', true],
    ['a 👍', false],
    ['1', false],
    ['', false],
    ['👍'.repeat(28), false],
  ])
    assert.equal(onlyEmoji(parse(text)), big, text);
});

test('option values: bounds, lists, kinds', () => {
  const list = [
    { value: 'c', label: 'Chess' },
    { value: 'g', label: 'Go' },
  ];
  const cases = [
    [{ type: 4, min_value: 1, max_value: 5 }, '3', { value: 3 }],
    [{ type: 4, min_value: 1, max_value: 5 }, '0', { error: 'Must be at least 1.' }],
    [{ type: 4, min_value: 1, max_value: 5 }, '6', { error: 'Must be at most 5.' }],
    [{ type: 4 }, '1.5', { error: 'Give a whole number.' }],
    [{ type: 4 }, '9007199254740992', { error: 'That number is too large.' }],
    [{ type: 10 }, '-1.5e2', { value: -150 }],
    [{ type: 10 }, 'x', { error: 'Give a number.' }],
    [{ type: 3, min_length: 3 }, '👍👍', { error: 'Must have at least 3 characters.' }],
    [{ type: 3, max_length: 2 }, '👍👍', { value: '👍👍' }],
    [{ type: 3, max_length: 2 }, 'abc', { error: 'Must have at most 2 characters.' }],
    [{ type: 3, required: true }, ' ', { error: 'This option is required. Give a value.' }],
    [{ type: 3 }, '', {}],
    [{ type: 3, choices: list }, 'chess', { value: 'c' }, list],
    [{ type: 3, choices: list }, 'poker', { error: 'Choose one of the list.' }, list],
    [{ type: 6 }, '<@42>', { value: '42' }, [{ value: '42', label: 'Ann' }]],
    [{ type: 8 }, 'mods', { value: '7' }, [{ value: '7', label: '@Mods' }]],
  ];
  for (const [option, typed, result, entries] of cases)
    assert.deepEqual(
      readOption(option, { typed, picked: null }, entries ?? null),
      result,
      `${JSON.stringify(option)} ${typed}`,
    );
  assert.deepEqual(readOption({ type: 3 }, { typed: 'Chess', picked: list[0] }, list), {
    value: 'c',
  });
  assert.equal(wanted({ type: 4, min_value: 1, max_value: 5 }), 'a whole number from 1 to 5');
});

test('commands: one entry per thing to run, nested as Discord nests options', () => {
  const all = invocations(
    [
      { id: '1', name: 'zeta', description: 'last' },
      {
        id: '2',
        name: 'mod',
        options: [
          {
            type: 2,
            name: 'channel',
            options: [
              { type: 1, name: 'set', description: 'Sets', options: [{ type: 7, name: 'to' }] },
            ],
          },
          { type: 1, name: 'see', name_localizations: { fr: 'voir' } },
        ],
      },
      { id: '3', name: 'Info', type: 2 },
    ],
    'fr',
  );
  assert.deepEqual(
    all.map((one) => one.title),
    ['mod channel set', 'mod voir', 'zeta'],
  );
  assert.deepEqual(nestOptions(all[0], [{ name: 'to', type: 7, value: '9' }]), [
    {
      name: 'channel',
      type: 2,
      options: [{ name: 'set', type: 1, options: [{ name: 'to', type: 7, value: '9' }] }],
    },
  ]);
  assert.equal(findInvocation(all, '2', 'mod see').title, 'mod voir');
  assert.deepEqual(
    ['mod', 'set', 'mo se', 'hann', 'see', 'xyz'].map((typed) => rank(all[0], typed)),
    [0, 1, 1, 2, 4, 4],
  );
});

test('wall clocks: both switches of summer time, days that change', () => {
  const at = (text) => Date.parse(text);
  // The hour that does not exist moves forward, the one that exists twice is the first.
  assert.equal(momentOf(at('2026-03-29T02:30Z'), 'Europe/Paris'), at('2026-03-29T01:30Z'));
  assert.equal(momentOf(at('2026-10-25T02:30Z'), 'Europe/Paris'), at('2026-10-25T00:30Z'));
  assert.equal(
    nextHour(at('2026-11-20T15:00Z'), 7, 'America/Los_Angeles'),
    at('2026-11-21T15:00Z'),
  );
  assert.equal(
    nextHour(at('2026-11-20T14:59Z'), 7, 'America/Los_Angeles'),
    at('2026-11-20T15:00Z'),
  );
  assert.equal(nextHour(at('2026-12-31T20:00Z'), 7, 'Asia/Kolkata'), at('2027-01-01T01:30Z'));
  assert.equal(fieldText(at('2026-11-20T23:30Z'), 'Europe/Paris'), '2026-11-21T00:30');
  assert.equal(fieldMoment('2026-11-21T00:30', 'Europe/Paris'), at('2026-11-20T23:30Z'));
  assert.equal(fieldMoment('tomorrow', 'UTC'), null);
});
