// What surrounds the text of a message: the line above it, notes below, dividers, commands without
// answer.
import { act } from './actions.js';
import { el, icon, isolated, textButton } from './dom.js';
import { finish, onMessage } from './interactions.js';
import { plain, userMention } from './markdown.js';
import { avatar, botTag, nameElement } from './people.js';
import { fullTime, messageTime } from './timestamps.js';

const SLASH_COMMAND = 1;
const COMMAND_INTERACTION = 2;
const REPLY = 19;
const EPHEMERAL = 64;

export const isEphemeral = (message) => Boolean(message.flags & EPHEMERAL);

/** Three dots that breathe. */
export const dots = () =>
  el('span', { class: 'dots', 'aria-hidden': 'true' }, el('i'), el('i'), el('i'));

/** When a message was written, the whole date on hover. */
export function timeOf(message) {
  const at = Date.parse(message.timestamp);
  const attrs = { class: 'muted small', datetime: message.timestamp, title: fullTime(at) };
  return el('time', attrs, messageTime(at));
}

export function edited(message) {
  const title = fullTime(Date.parse(message.edited_timestamp));
  return el('span', { class: 'edited', title }, '(edited)');
}

function usedLine(user, command, guild) {
  return el(
    'div',
    { class: 'context' },
    avatar(user.id, guild, { size: 16, author: user }),
    userMention(user.id, guild),
    ' used ',
    el('span', { class: 'used-command' }, isolated(command)),
  );
}

/** The line above: which command this is the answer to, or what it replies to. */
export function context(message, guild) {
  const used = message.interaction_metadata ?? message.interaction;
  if (used?.type === COMMAND_INTERACTION && message.type !== 0) {
    const slash = (used.command_type ?? SLASH_COMMAND) === SLASH_COMMAND ? '/' : '';
    const name = used.name ?? message.interaction?.name ?? 'a command';
    return usedLine(used.user, `${slash}${name}`, guild);
  }
  const other = message.referenced_message;
  if (message.type !== REPLY && !other) return null;
  if (!other) {
    const gone = ' Original message was deleted';
    return el('div', { class: 'context muted' }, icon('reply', 14), gone);
  }
  const text = plain(other.content, guild) || 'Select to see the message';
  const jump = { type: 'button', class: 'context-text', dataset: { jump: other.id } };
  return el(
    'div',
    { class: 'context' },
    avatar(other.author.id, guild, { size: 16, author: other.author }),
    nameElement(guild, other.author.id, { author: other.author }),
    el('button', jump, isolated(text)),
  );
}

/** "Hearth is thinking…" */
export function thinking(guild, author) {
  const name = nameElement(guild, author.id, { author }).textContent;
  return el('div', { class: 'thinking' }, dots(), ' ', isolated(name), ' is thinking…');
}

function failure(text, reason, away) {
  return el(
    'div',
    { class: 'failed', role: 'alert' },
    icon('close', 14),
    ` ${text}`,
    reason && el('span', { class: 'muted' }, ` · ${reason}`),
    textButton('Dismiss', away),
  );
}

/** Below the message: interactions that failed, and that nobody else sees it. */
export function notes(message) {
  const failed = onMessage(message.id).filter((entry) => entry.state === 'failed');
  const where = { channel_id: message.channel_id, message_id: message.id };
  return [
    failed.length > 0 &&
      failure('This interaction failed', failed.at(-1).reason, () => failed.forEach(finish)),
    isEphemeral(message) &&
      el(
        'div',
        { class: 'only-you' },
        'Only you can see this • ',
        textButton('Dismiss message', () => act('delete', where)),
      ),
  ];
}

/** The line between two days. */
export function dayDivider(text) {
  return el('div', { class: 'divider', role: 'separator' }, el('span', {}, text));
}

/** The line above what came since the user was here. */
export function newDivider() {
  const attrs = { class: 'divider new', role: 'separator', 'aria-label': 'New messages' };
  return el('div', attrs, el('span', {}, 'NEW'));
}

/** A command that has no answer yet, or never got one. */
export function pendingCommand(entry, me, guild) {
  const state =
    entry.state === 'failed'
      ? failure(entry.reason || 'The application did not respond', '', () => finish(entry))
      : el('div', { class: 'thinking' }, dots(), ' Sending command…');
  return el(
    'article',
    { class: 'message first pending', 'aria-label': entry.label },
    usedLine({ id: me }, entry.label, guild),
    avatar(entry.bot, guild),
    el(
      'div',
      { class: 'message-main' },
      el('h3', { class: 'message-head' }, nameElement(guild, entry.bot), botTag(true)),
      state,
    ),
  );
}
