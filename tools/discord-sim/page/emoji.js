// Emoji, custom and Unicode: how they are keyed, drawn and written.
import { el } from './dom.js';
import { cssColor, emojiOf } from './lookup.js';

/** Equal for equal emoji, also after a rename (discord-api 1.12: compare ids). */
export const emojiKey = (emoji) => (emoji?.id ? `id:${emoji.id}` : `char:${emoji?.name}`);

/** What `react` takes: the character, or name:id. */
export const emojiPath = (emoji) => (emoji.id ? `${emoji.name}:${emoji.id}` : emoji.name);

/** What is typed in a message. */
export const emojiMarkup = (emoji) =>
  emoji.id ? `<${emoji.animated ? 'a' : ''}:${emoji.name}:${emoji.id}>` : emoji.name;

export const emojiName = (emoji) =>
  emoji?.id ? `:${emoji.name ?? 'emoji'}:` : (emoji?.name ?? '');

/**
 * Draws an emoji {id, name}. The sandbox has no pictures of custom emoji: they are a badge with
 * the name's first letter, in the colour of the role of that name when there is one.
 */
export function emojiElement(emoji, attrs = {}) {
  if (!emoji?.id) return el('span', { class: 'emoji', ...attrs }, emoji?.name ?? '');
  const known = emojiOf(emoji.id);
  const name = known?.name ?? emoji.name ?? 'emoji';
  const role = known?.guild.roles.find(
    (one) => one.name.toLowerCase() === name.toLowerCase() && one.color,
  );
  return el(
    'span',
    {
      class: 'emoji custom',
      role: 'img',
      'aria-label': `:${name}:`,
      title: `:${name}:`,
      style: { '--badge': cssColor(role?.color) ?? `hsl(${hue(name)} 55% 45%)` },
      ...attrs,
    },
    [...name][0].toUpperCase(),
  );
}

function hue(text) {
  let sum = 0;
  for (const char of text) sum = (sum * 31 + char.codePointAt(0)) % 360;
  return sum;
}
