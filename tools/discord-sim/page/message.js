// One message as it stands in the channel.
import { components } from './components.js';
import { el, icon } from './dom.js';
import { embed } from './embeds.js';
import { pickEmoji } from './emoji_picker.js';
import { guildOf, pingsMe } from './lookup.js';
import { markdown } from './markdown.js';
import { attachments } from './media.js';
import { openMessageMenu } from './message_menu.js';
import { context, edited, isEphemeral, notes, thinking, timeOf } from './message_parts.js';
import { avatar, botTag, isBot, nameElement } from './people.js';
import { addReaction, reactions } from './reactions.js';
import { clockTime, fullTime, messageTime, sameDay } from './timestamps.js';

const FLAG = { suppressEmbeds: 4, loading: 128, v2: 32768 };
const TOGETHER_MS = 7 * 60 * 1000;
/**
 * Message types that may be continued without a new head: said, replied, answered (discord-api
 * 4).
 */
const SPOKEN = [0, 19, 20, 23];
const JOINED = 7;
const SYSTEM = {
  6: 'pinned a message to this channel.',
  [JOINED]: 'joined the server.',
  8: 'boosted the server.',
  18: 'started a thread.',
};

const isLoading = (message) => Boolean(message.flags & FLAG.loading);
const at = (message) => Date.parse(message.timestamp);

/** True when `message` continues what the same author said just before. */
function continues(message, before) {
  if (!before || before.author.id !== message.author.id) return false;
  if (message.type !== 0 || !SPOKEN.includes(before.type) || message.message_reference)
    return false;
  return (
    isEphemeral(message) === isEphemeral(before) &&
    at(message) - at(before) < TOGETHER_MS &&
    sameDay(at(message), at(before))
  );
}

/**
 * Draws a message; `before` is the one above it, or null; `editing` stands in place of its text.
 */
export function messageElement(message, before, editing = null) {
  const guild = guildOf(message.channel_id);
  const first = !continues(message, before);
  const name = nameElement(guild, message.author.id, { author: message.author }).textContent;
  const classes = [
    'message',
    first ? 'first' : 'compact',
    pingsMe(message, guild) && 'pinged',
    isEphemeral(message) && 'ephemeral',
    SYSTEM[message.type] && 'system',
  ];
  const attrs = {
    class: classes,
    tabindex: -1,
    dataset: { message: message.id, channel: message.channel_id },
    'aria-label': `${name}, ${messageTime(at(message))}`,
  };
  if (SYSTEM[message.type]) return el('article', attrs, systemMessage(message, guild));
  const main = el(
    'div',
    { class: 'message-main' },
    first && head(message, guild),
    isLoading(message) ? thinking(guild, message.author) : (editing ?? body(message, guild)),
    extras(message),
    message.edited_timestamp && !message.content && edited(message),
    reactions(message),
    notes(message),
  );
  const side = first ? face(message, guild) : sideTime(message);
  return el('article', attrs, context(message, guild), side, main, toolbar(message));
}

function face(message, guild) {
  const { author } = message;
  const attrs = {
    type: 'button',
    class: 'avatar-button',
    dataset: { profile: author.id },
    tabindex: -1,
    'aria-hidden': 'true',
  };
  return el('button', attrs, avatar(author.id, guild, { author }));
}

function sideTime(message) {
  const attrs = {
    class: 'side-time',
    datetime: message.timestamp,
    title: fullTime(at(message)),
    'aria-hidden': 'true',
  };
  return el('time', attrs, clockTime(at(message)));
}

function head(message, guild) {
  const { author } = message;
  const attrs = { type: 'button', dataset: { profile: author.id } };
  return el(
    'h3',
    { class: 'message-head' },
    nameElement(guild, author.id, { author, tag: 'button', attrs }),
    botTag(isBot(author.id, author)),
    timeOf(message),
  );
}

function systemMessage(message, guild) {
  const { author, type } = message;
  return [
    el('span', { class: 'side-icon' }, icon(type === JOINED ? 'plus' : 'chat', 18)),
    el(
      'div',
      { class: 'message-main' },
      nameElement(guild, author.id, { author }),
      ` ${SYSTEM[type]} `,
      timeOf(message),
    ),
  ];
}

function body(message, guild) {
  if (!message.content) return null;
  const big = !message.embeds?.length;
  const text = markdown(message.content, { guild, everyone: message.mention_everyone, big });
  return el('div', { class: 'content' }, text, message.edited_timestamp && [' ', edited(message)]);
}

/** Attachments, embeds and components. */
function extras(message) {
  const files = message.attachments ?? [];
  const v2 = Boolean(message.flags & FLAG.v2);
  const embeds = message.flags & FLAG.suppressEmbeds ? [] : (message.embeds ?? []);
  // A picture that an embed shows is not shown again.
  const shown = new Set(embeds.flatMap((one) => [one.image?.url, one.thumbnail?.url]));
  const apart = files.filter(
    (file) => !shown.has(`attachment://${file.filename}`) && !shown.has(file.url),
  );
  const parts = components(message.components, message);
  return [
    // Version 2 shows attachments where a component names them (discord-api 3.5).
    !v2 && attachments(apart),
    embeds.map((one) => embed(one, files)),
    parts.length > 0 && el('div', { class: v2 ? 'components v2' : 'components' }, parts),
  ];
}

/** What one does with a message, at its right edge; the menu key opens the same menu. */
function toolbar(message) {
  if (isLoading(message)) return null;
  const tool = (label, drawing, click) => {
    const attrs = { type: 'button', class: 'tool', 'aria-label': label, title: label };
    return el('button', { ...attrs, tabindex: -1, on: { click } }, icon(drawing, 18));
  };
  const react = (event) => pickEmoji(event.currentTarget, (emoji) => addReaction(message, emoji));
  return el(
    'div',
    { class: 'toolbar', role: 'toolbar', 'aria-label': 'Message actions' },
    !isEphemeral(message) && tool('Add a reaction', 'smile', react),
    tool('More', 'more', (event) => openMessageMenu(event.currentTarget, message)),
  );
}
