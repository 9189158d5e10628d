// @people, @roles, #channels and :emoji: while a message is written: shown by name, sent as
// Discord's markup.
import { channelOptions, roleOptions, userOptions } from './entities.js';
import { emojiElement, emojiMarkup } from './emoji.js';
import { allEmoji } from './emoji_picker.js';
import { filterOptions } from './listbox.js';
import { hereGuild } from './lookup.js';

const SHOWN_MAX = 10;
const noted = new Map(); // what stands in the text -> what is sent

/** What is being completed before the caret: {sign, typed, from, title}, or null. */
export function completionAt(text, caret) {
  const m = /(?:^|[\s(])([@#:])([\p{L}\p{N}\p{M}_.'-]{0,32})$/u.exec(text.slice(0, caret));
  if (!m || (m[1] === ':' && m[2].length < 2)) return null;
  return {
    sign: m[1],
    typed: m[2],
    from: caret - m[2].length - 1,
    title: { '@': 'Members and roles', '#': 'Channels', ':': 'Emoji' }[m[1]],
  };
}

/** Options with `text` to write and `markup` to send. */
export function completionOptions({ sign, typed }) {
  const guild = hereGuild();
  if (sign === ':') {
    return filterOptions(
      allEmoji().map(({ emoji, name }) => ({
        key: name,
        label: `:${name}:`,
        search: name,
        icon: emojiElement(emoji),
        text: emoji.id ? `:${name}:` : emoji.name,
        markup: emoji.id ? emojiMarkup(emoji) : null,
      })),
      typed,
      SHOWN_MAX,
    );
  }
  if (sign === '#') {
    return filterOptions(
      channelOptions(guild)
        .filter((option) => guild.channels.find((one) => one.id === option.key).type !== 4)
        .map((option) => ({ ...option, text: `#${option.label}`, markup: `<#${option.value}>` })),
      typed,
      SHOWN_MAX,
    );
  }
  const people = userOptions(guild).map((option) => ({
    ...option,
    text: `@${option.label}`,
    markup: `<@${option.value}>`,
  }));
  const roles = guild
    ? roleOptions(guild, false).map((option) => ({
        ...option,
        search: option.label.slice(1),
        text: option.label,
        markup: `<@&${option.value}>`,
      }))
    : [];
  const all = guild
    ? ['@everyone', '@here'].map((text) => ({
        key: text,
        label: text,
        search: text.slice(1),
        text,
        hint: 'Notify everybody',
      }))
    : [];
  return filterOptions([...people, ...roles, ...all], typed, SHOWN_MAX);
}

/** Remembers that `text` in a message means `markup`. */
export function noteCompletion(text, markup) {
  noted.set(text, markup);
  if (noted.size > 200) noted.delete(noted.keys().next().value);
}

/** The message as it is sent. Longer names first: "@Ann Lee" is not "@Ann" and more. */
export function expand(text) {
  const keys = [...noted.keys()]
    .filter((key) => text.includes(key))
    .sort((one, other) => other.length - one.length);
  let out = text;
  if (keys.length) {
    const pattern = new RegExp(
      keys.map((key) => key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'),
      'g',
    );
    out = out.replace(pattern, (key) => noted.get(key));
  }
  // :name: typed by hand; one inside <:name:id> is complete already.
  return out.replace(/(?<!<a?):(\w{2,32}):(?!\d)/g, (whole, name) => {
    const found = allEmoji().find((one) => one.name === name);
    return found ? emojiMarkup(found.emoji) : whole;
  });
}
