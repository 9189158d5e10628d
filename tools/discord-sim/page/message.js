// One message: head, text, embeds, attachments, components, reactions, and what only the user sees about it.
import { act } from './actions.js';
import { components } from './components.js';
import { el, icon, isolated } from './dom.js';
import { embed } from './embeds.js';
import { finish, onMessage } from './interactions.js';
import { guildOf, pingsMe } from './lookup.js';
import { markdown, plain, userMention } from './markdown.js';
import { attachments } from './media.js';
import { openMessageMenu } from './message_menu.js';
import { avatar, botTag, isBot, nameElement } from './people.js';
import { pickEmoji } from './emoji_picker.js';
import { addReaction, reactions } from './reactions.js';
import { clockTime, fullTime, messageTime, sameDay } from './timestamps.js';

const FLAG = { suppressEmbeds: 4, ephemeral: 64, loading: 128, v2: 32768 };
const TOGETHER_MS = 7 * 60 * 1000;
const SYSTEM = { 6: 'pinned a message to this channel.', 7: 'joined the server.', 8: 'boosted the server.', 18: 'started a thread.' };

export const isEphemeral = (message) => Boolean(message.flags & FLAG.ephemeral);
const isLoading = (message) => Boolean(message.flags & FLAG.loading);

/** True when `message` continues what the same author said just before. */
export function continues(message, before) {
  return Boolean(before) && before.author.id === message.author.id && message.type === 0 && [0, 19, 20, 23].includes(before.type)
    && !message.message_reference && isEphemeral(message) === isEphemeral(before)
    && Date.parse(message.timestamp) - Date.parse(before.timestamp) < TOGETHER_MS
    && sameDay(Date.parse(message.timestamp), Date.parse(before.timestamp));
}

/** Draws a message; `before` is the one above it, or null. `editing` replaces its text by the given field. */
export function messageElement(message, before, editing = null) {
  const guild = guildOf(message.channel_id);
  const at = Date.parse(message.timestamp);
  const author = message.author;
  const first = !continues(message, before);
  const classes = ['message', first ? 'first' : 'compact', pingsMe(message, guild) && 'pinged', isEphemeral(message) && 'ephemeral'];
  const node = el('article', {
    class: classes.filter(Boolean).join(' '), tabindex: -1, dataset: { message: message.id, channel: message.channel_id },
    'aria-label': `${plainName(guild, author)}, ${messageTime(at)}`,
  });
  if (SYSTEM[message.type]) return systemMessage(node, message, guild, at);
  node.append(
    ...[context(message, guild)].filter(Boolean),
    first ? el('button', { type: 'button', class: 'avatar-button', dataset: { profile: author.id }, tabindex: -1, 'aria-hidden': 'true' }, avatar(author.id, guild, { author }))
      : el('time', { class: 'side-time', datetime: message.timestamp, title: fullTime(at), 'aria-hidden': 'true' }, clockTime(at)),
    el('div', { class: 'message-main' },
      first && el('h3', { class: 'message-head' },
        nameElement(guild, author.id, { author, tag: 'button', attrs: { type: 'button', dataset: { profile: author.id } } }),
        botTag(isBot(author.id, author)),
        el('time', { class: 'muted small', datetime: message.timestamp, title: fullTime(at) }, messageTime(at))),
      isLoading(message) ? thinking(guild, author) : editing ?? body(message, guild),
      extras(message),
      reactions(message),
      notes(message)),
    toolbar(message));
  return node;
}

const plainName = (guild, author) => nameElement(guild, author.id, { author }).textContent;

function systemMessage(node, message, guild, at) {
  node.classList.add('system');
  node.append(el('span', { class: 'side-icon' }, icon(message.type === 7 ? 'plus' : 'chat', 18)), el('div', { class: 'message-main' },
    nameElement(guild, message.author.id, { author: message.author }), ` ${SYSTEM[message.type]} `,
    el('time', { class: 'muted small', datetime: message.timestamp, title: fullTime(at) }, messageTime(at))));
  return node;
}

function body(message, guild) {
  const text = message.content ? markdown(message.content, { guild, everyone: message.mention_everyone, big: !message.embeds?.length }) : [];
  const edited = message.edited_timestamp && el('span', { class: 'edited', title: fullTime(Date.parse(message.edited_timestamp)) }, '(edited)');
  return (text.length > 0 || edited) && el('div', { class: 'content' }, text, edited && text.length > 0 ? ' ' : null, edited);
}

function extras(message) {
  const files = message.attachments ?? [];
  const v2 = Boolean(message.flags & FLAG.v2);
  const embeds = message.flags & FLAG.suppressEmbeds ? [] : message.embeds ?? [];
  const parts = components(message.components, message);
  return [
    // Version 2 shows attachments where a component names them (discord-api 3.5).
    !v2 && attachments(files.filter((file) => !embeds.some((one) => [one.image?.url, one.thumbnail?.url].includes(`attachment://${file.filename}`)))),
    embeds.map((one) => embed(one, files)),
    parts.length > 0 && el('div', { class: v2 ? 'components v2' : 'components' }, parts),
  ];
}

/** The line above: what this answers, or which command it is the answer to. */
function context(message, guild) {
  const used = message.interaction_metadata ?? message.interaction;
  if (used?.type === 2 && message.type !== 0) {
    const slash = (used.command_type ?? 1) === 1;
    return el('div', { class: 'context' }, avatar(used.user.id, guild, { size: 16, author: used.user }), userMention(used.user.id, guild),
      ' used ', el('span', { class: 'used-command' }, isolated(`${slash ? '/' : ''}${used.name ?? message.interaction?.name ?? 'a command'}`)));
  }
  if (message.type !== 19 && !message.referenced_message) return null;
  const other = message.referenced_message;
  if (!other) return el('div', { class: 'context muted' }, icon('reply', 14), ' Original message was deleted');
  return el('div', { class: 'context' }, avatar(other.author.id, guild, { size: 16, author: other.author }),
    nameElement(guild, other.author.id, { author: other.author }),
    el('button', { type: 'button', class: 'context-text', dataset: { jump: other.id } }, isolated(plain(other.content, guild) || 'Select to see the message')));
}

function thinking(guild, author) {
  return el('div', { class: 'thinking' }, el('span', { class: 'dots', 'aria-hidden': 'true' }, el('i'), el('i'), el('i')),
    ' ', isolated(plainName(guild, author)), ' is thinking…');
}

/** Below the message: failed interactions, and that nobody else sees it. */
function notes(message) {
  const failed = onMessage(message.id).filter((entry) => entry.state === 'failed');
  return [
    failed.length > 0 && el('div', { class: 'failed', role: 'alert' }, icon('close', 14), ' This interaction failed',
      failed.at(-1).reason && el('span', { class: 'muted' }, ` · ${failed.at(-1).reason}`),
      el('button', { type: 'button', class: 'text-button', on: { click: () => failed.forEach(finish) } }, 'Dismiss')),
    isEphemeral(message) && el('div', { class: 'only-you' }, 'Only you can see this • ',
      el('button', { type: 'button', class: 'text-button', on: { click: () => act('delete', { channel_id: message.channel_id, message_id: message.id }) } }, 'Dismiss message')),
  ];
}

function toolbar(message) {
  if (isLoading(message)) return '';
  const tool = (label, name, run) => el('button', { type: 'button', class: 'tool', 'aria-label': label, title: label, tabindex: -1, on: { click: run } }, icon(name, 18));
  return el('div', { class: 'toolbar', role: 'toolbar', 'aria-label': 'Message actions' },
    !isEphemeral(message) && tool('Add a reaction', 'smile', (event) => pickEmoji(event.currentTarget, (emoji) => addReaction(message, emoji))),
    tool('More', 'more', (event) => openMessageMenu(event.currentTarget, message)));
}

/** The line between two days. */
export function dayDivider(text) {
  return el('div', { class: 'divider', role: 'separator' }, el('span', {}, text));
}

export function newDivider() {
  return el('div', { class: 'divider new', role: 'separator', 'aria-label': 'New messages' }, el('span', {}, 'NEW'));
}

/** A command that has no answer yet, or never got one. */
export function pendingCommand(entry, me, guild) {
  const failed = entry.state === 'failed';
  return el('article', { class: 'message first pending', 'aria-label': `/${entry.label}` },
    el('div', { class: 'context' }, avatar(me, guild, { size: 16 }), userMention(me, guild), ' used ', el('span', { class: 'used-command' }, isolated(entry.label))),
    avatar(entry.bot, guild), el('div', { class: 'message-main' },
      el('h3', { class: 'message-head' }, nameElement(guild, entry.bot), botTag(true)),
      failed ? el('div', { class: 'failed', role: 'alert' }, icon('close', 14), ` ${entry.reason || 'The application did not respond'}`,
        el('button', { type: 'button', class: 'text-button', on: { click: () => finish(entry) } }, 'Dismiss'))
        : el('div', { class: 'thinking' }, el('span', { class: 'dots', 'aria-hidden': 'true' }, el('i'), el('i'), el('i')), ' Sending command…')));
}

