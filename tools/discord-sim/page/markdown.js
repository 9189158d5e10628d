// Draws parsed markdown. Mentions are named by the guild the message stands in.
import { el, isolated, link, safeUrl } from './dom.js';
import { emojiElement } from './emoji.js';
import {
  channel,
  commandById,
  cssColor,
  displayName,
  hereGuild,
  isVoice,
  member,
} from './lookup.js';
import { onlyEmoji, parse } from './markdown_parse.js';
import { store } from './store.js';
import { timeElement } from './timestamps.js';

/**
 * Nodes for a text. `options`: guild (default: the open one), blocks (see parse), everyone (true
 * when @everyone really pings), big (large emoji when there is nothing else).
 */
export function markdown(text, options = {}) {
  const nodes = parse(text, options);
  const context = { guild: hereGuild(), ...options };
  const drawn = nodes.map((node) => draw(node, context));
  return options.big && onlyEmoji(nodes) ? [el('span', { class: 'jumbo' }, drawn)] : drawn;
}

const inside = (node, context) => node.c.map((child) => draw(child, context));

function draw(node, context) {
  const make = drawers[node.t];
  return make ? make(node, context) : '';
}

const drawers = {
  text: ({ v }) => v,
  br: () => el('br'),
  b: (node, context) => el('strong', {}, inside(node, context)),
  i: (node, context) => el('em', {}, inside(node, context)),
  u: (node, context) => el('u', {}, inside(node, context)),
  s: (node, context) => el('s', {}, inside(node, context)),
  spoiler: (node, context) => spoiler(inside(node, context)),
  code: ({ v }) => el('code', { class: 'inline' }, v),
  pre: ({ v, lang }) =>
    el('pre', { tabindex: 0, 'aria-label': lang ? `Code, ${lang}` : 'Code' }, el('code', {}, v)),
  quote: (node, context) => el('blockquote', {}, inside(node, context)),
  h: (node, context) =>
    el(`h${node.level + 2}`, { class: `md-h${node.level}` }, inside(node, context)),
  small: (node, context) => el('small', { class: 'md-small' }, inside(node, context)),
  list: ({ ordered, start, c }, context) =>
    el(
      ordered ? 'ol' : 'ul',
      ordered ? { start } : {},
      c.map((item) =>
        el(
          'li',
          {},
          item.map((child) => draw(child, context)),
        ),
      ),
    ),
  link(node, context) {
    const url = safeUrl(node.url);
    return url
      ? link(url, { class: 'link' }, inside(node, context))
      : el('span', {}, inside(node, context));
  },
  user: ({ id }, { guild }) => userMention(id, guild),
  role({ id }, { guild }) {
    const role = guild?.roleById.get(id);
    const color = cssColor(role?.color);
    return el(
      'span',
      { class: 'mention role', style: color ? { '--role': color } : {} },
      isolated(role ? `@${role.name}` : '@deleted-role'),
    );
  },
  channel({ id }) {
    const found = channel(id);
    if (!found) return el('span', { class: 'mention' }, '# unknown');
    return el(
      'button',
      { type: 'button', class: 'mention', dataset: { openChannel: id } },
      isVoice(found) ? '🔊 ' : '#',
      isolated(found.name),
    );
  },
  command({ name, id }) {
    const known = commandById(id);
    return el(
      'button',
      {
        type: 'button',
        class: 'mention',
        dataset: { useCommand: name, commandId: id },
        disabled: !known,
      },
      `/${name}`,
    );
  },
  emoji: ({ emoji }) => emojiElement(emoji),
  time: ({ seconds, style }) => timeElement(seconds, style) ?? `<t:${seconds}>`,
  everyone: ({ v }, { everyone }) => (everyone ? el('span', { class: 'mention' }, v) : v),
  guide: ({ v }) => el('span', { class: 'mention' }, `# ${v.replace('-', ' ')}`),
};

/** A person's name as a button that shows their profile. */
export function userMention(id, guild) {
  const known = store.users.has(id) || member(guild, id);
  return el(
    'button',
    { type: 'button', class: `mention${id === store.me ? ' me' : ''}`, dataset: { profile: id } },
    isolated(known ? `@${displayName(guild, id)}` : `<@${id}>`),
  );
}

/** Content hidden until it is asked for. */
export function spoiler(content, tag = 'span') {
  const body = el('span', { class: 'spoiler-body', inert: true }, content);
  const cover = el(
    tag,
    {
      class: 'spoiler',
      role: 'button',
      tabindex: 0,
      'aria-label': 'Spoiler',
      'aria-expanded': 'false',
    },
    body,
  );
  const show = (event) => {
    if (cover.classList.contains('shown')) return;
    event.preventDefault();
    event.stopPropagation();
    cover.classList.add('shown');
    cover.setAttribute('aria-expanded', 'true');
    for (const name of ['role', 'aria-label', 'tabindex']) cover.removeAttribute(name);
    body.removeAttribute('inert');
  };
  cover.addEventListener('click', show, true);
  cover.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === ' ') show(event);
  });
  return cover;
}

/** A text without its marks, in one line: previews, titles of windows. */
export function plain(text, guild = hereGuild()) {
  const say = (nodes) =>
    nodes
      .map((node) => {
        switch (node.t) {
          case 'text':
          case 'code':
          case 'pre':
          case 'everyone':
            return node.v;
          case 'br':
            return ' ';
          case 'user':
            return `@${displayName(guild, node.id)}`;
          case 'role':
            return `@${guild?.roleById.get(node.id)?.name ?? 'deleted-role'}`;
          case 'channel':
            return `#${channel(node.id)?.name ?? 'unknown'}`;
          case 'command':
            return `/${node.name}`;
          case 'emoji':
            return `:${node.emoji.name}:`;
          case 'time':
            return timeElement(node.seconds, node.style)?.textContent ?? '';
          case 'spoiler':
            return '▮▮▮';
          case 'list':
            return node.c.map((item) => ` • ${say(item)}`).join('');
          default:
            return node.c ? say(node.c) : '';
        }
      })
      .join('');
  return say(parse(text)).replace(/\s+/g, ' ').trim();
}
