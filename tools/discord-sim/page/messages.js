// The list of the open channel: draws what changed, keeps the place while reading, loads what is
// older.
import { atEnd, loadOlder } from './actions.js';
import { el, fill, icon } from './dom.js';
import { inChannel } from './interactions.js';
import { channel as findChannel, CHANNEL, displayName, hereGuild } from './lookup.js';
import { messageElement } from './message.js';
import { dayDivider, newDivider, pendingCommand } from './message_parts.js';
import { editField } from './edit.js';
import { avatar } from './people.js';
import { messagesOf, on, store } from './store.js';
import { dayName, sameDay } from './timestamps.js';
import { lineAfter } from './unread.js';

const NEAR_END = 60;
const NEAR_START = 300;

let host;
let list;
let jump;
let pending;
let editing = null; // id of the message being edited
let editor = null; // its field, kept over redraws
let stick = true; // the end stays in view
let shownChannel = null;

/** Builds the list inside `root`. */
export function installMessages(root) {
  host = root;
  list = el('div', {
    class: 'message-list',
    role: 'log',
    'aria-label': 'Messages',
    'aria-live': 'polite',
    tabindex: 0,
  });
  pending = el('div', { class: 'pending-list' });
  jump = el(
    'button',
    { type: 'button', class: 'jump', hidden: true, on: { click: toEnd } },
    icon('down', 16),
    ' New messages',
  );
  root.append(list, pending, jump);
  root.addEventListener('scroll', scrolled, { passive: true });
  new ResizeObserver(() => {
    if (stick) toEnd();
  }).observe(list);
  new ResizeObserver(() => {
    if (stick) toEnd();
  }).observe(root);
  list.addEventListener('keydown', keys);
  on('messages', (what) => {
    if (what.channel === store.place.channel) changed(what);
  });
  on('place', () => {
    if (store.place.channel !== shownChannel) reset();
  });
  on('world', () => redrawAll());
  on('interactions', (entry) => {
    if (entry.message) redraw(entry.message);
    drawPending();
  });
}

/** True when the end of that channel is before the user's eyes. */
export const isSeen = (channel) =>
  channel === store.place.channel && stick && document.visibilityState === 'visible';

export function toEnd() {
  stick = true;
  host.scrollTop = host.scrollHeight;
  jump.hidden = true;
  atEnd(store.place.channel);
}

function scrolled() {
  const left = host.scrollHeight - host.scrollTop - host.clientHeight;
  stick = left < NEAR_END;
  if (stick && !jump.hidden) {
    jump.hidden = true;
    atEnd(store.place.channel);
  }
  if (host.scrollTop < NEAR_START) fetchOlder();
}

function fetchOlder() {
  const known = messagesOf(store.place.channel ?? '');
  if (!known.loaded || known.complete || known.loading) return;
  host.setAttribute('aria-busy', 'true');
  loadOlder(store.place.channel).finally(() => host.removeAttribute('aria-busy'));
}

function reset() {
  shownChannel = store.place.channel;
  editing = editor = null;
  stick = true;
  jump.hidden = true;
  redrawAll();
  toEnd();
}

function changed({ kind, message }) {
  if (kind === 'reset' || kind === 'older') return redrawAll(kind === 'older');
  const keep = stick;
  if (kind === 'change') redraw(message.id);
  else if (kind === 'remove') {
    if (editing === message.id) editing = editor = null;
    redrawAll();
  } else added(message);
  drawPending();
  if (keep) toEnd();
  else if (kind === 'add' && message.author.id === store.me) toEnd();
  else if (kind === 'add') jump.hidden = false;
}

/** A new last message needs no redraw of the rest. */
function added(message) {
  const { list: all } = messagesOf(message.channel_id);
  if (all.at(-1) !== message) return redrawAll();
  const before = all.at(-2) ?? null;
  if (!before || !sameDay(Date.parse(before.timestamp), Date.parse(message.timestamp)))
    list.append(dayDivider(dayName(Date.parse(message.timestamp))));
  if (before && lineAfter(message.channel_id) === before.id && message.author.id !== store.me)
    list.append(newDivider());
  list.append(messageElement(message, before));
}

const rowOf = (id) => list.querySelector(`[data-message="${CSS.escape(id)}"]`);

/** Draws one message anew; the focus stays on the same button. */
function redraw(id) {
  const { list: all } = messagesOf(store.place.channel ?? '');
  const at = all.findIndex((message) => message.id === id);
  const old = rowOf(id);
  if (at < 0 || !old) return;
  const shown = [...old.querySelectorAll('.spoiler')].map((node) =>
    node.classList.contains('shown'),
  );
  const focus = focusWithin(old);
  const fresh = messageElement(
    all[at],
    continuesFrom(all, at),
    editing === id ? editFieldOf(all[at]) : null,
  );
  if (old.tabIndex === 0) fresh.tabIndex = 0;
  old.replaceWith(fresh);
  // What was uncovered stays so while the message keeps its shape.
  const covers = fresh.querySelectorAll('.spoiler');
  if (covers.length === shown.length)
    covers.forEach((node, index) => {
      if (shown[index]) node.click();
    });
  focus(fresh);
}

function continuesFrom(all, at) {
  return at > 0 && !startsBlock(all, at) ? all[at - 1] : null;
}

/** True when a divider stands above: the author is named again. */
function startsBlock(all, at) {
  const before = all[at - 1];
  return (
    !before ||
    !sameDay(Date.parse(before.timestamp), Date.parse(all[at].timestamp)) ||
    lineAfter(all[at].channel_id) === before.id
  );
}

function focusWithin(old) {
  const now = document.activeElement;
  if (!old.contains(now)) return () => {};
  const id = now.dataset?.customId;
  const reaction = now.dataset?.reaction;
  if (now === old) return (fresh) => fresh.focus({ preventScroll: true });
  if (editor?.contains(now)) return () => now.focus({ preventScroll: true });
  const selector = id
    ? `[data-custom-id="${CSS.escape(id)}"]`
    : reaction
      ? `[data-reaction="${CSS.escape(reaction)}"]`
      : null;
  return (fresh) => {
    const again = selector && fresh.querySelector(selector);
    if (again && !again.disabled) return again.focus({ preventScroll: true });
    fresh.tabIndex = -1;
    fresh.focus({ preventScroll: true });
  };
}

function redrawAll(older = false) {
  const id = store.place.channel;
  const known = id ? messagesOf(id) : { list: [], loaded: true, complete: true };
  const anchor = older ? host.scrollHeight - host.scrollTop : null;
  const focused = list.contains(document.activeElement)
    ? document.activeElement.closest('[data-message]')?.dataset.message
    : null;
  const restore = focused ? focusWithin(rowOf(focused)) : null;
  const nodes = [];
  if (known.complete && id) nodes.push(beginning(id));
  else if (id && known.loaded)
    nodes.push(el('div', { class: 'older muted' }, 'Loading older messages…'));
  known.list.forEach((message, at) => {
    const before = known.list[at - 1];
    if (!before || !sameDay(Date.parse(before.timestamp), Date.parse(message.timestamp)))
      nodes.push(dayDivider(dayName(Date.parse(message.timestamp))));
    if (before && lineAfter(id) === before.id) nodes.push(newDivider());
    nodes.push(
      messageElement(
        message,
        continuesFrom(known.list, at),
        editing === message.id ? editFieldOf(message) : null,
      ),
    );
  });
  // While messages are loaded or exchanged as a whole, they are not read out.
  list.setAttribute('aria-live', 'off');
  fill(list, nodes);
  list.setAttribute('aria-live', 'polite');
  if (focused && restore && rowOf(focused)) restore(rowOf(focused));
  drawPending();
  if (anchor !== null) host.scrollTop = host.scrollHeight - anchor;
  else if (stick) toEnd();
  if (!older && known.loaded && host.scrollHeight <= host.clientHeight) fetchOlder();
}

function beginning(id) {
  const channel = findChannel(id);
  if (!channel) return '';
  const guild = hereGuild();
  if (channel.type === CHANNEL.dm) {
    return el(
      'div',
      { class: 'beginning' },
      avatar(channel.with, null, { size: 72 }),
      el('h2', {}, el('bdi', {}, displayName(null, channel.with))),
      el('p', { class: 'muted' }, 'This is where your conversation begins.'),
    );
  }
  return el(
    'div',
    { class: 'beginning' },
    el('div', { class: 'big-hash' }, icon('hash', 36)),
    el('h2', {}, 'Welcome to #', el('bdi', {}, channel.name)),
    el(
      'p',
      { class: 'muted' },
      guild ? ['This is the start of the #', el('bdi', {}, channel.name), ' channel.'] : '',
    ),
  );
}

function drawPending() {
  const entries = inChannel(store.place.channel);
  fill(
    pending,
    entries.map((entry) => pendingCommand(entry, store.me, hereGuild())),
  );
  if (stick && entries.length) host.scrollTop = host.scrollHeight;
}

/** Opens or ends editing a message in its place. */
export function setEditing(id) {
  const old = editing;
  editing = id;
  editor = null;
  if (old) redraw(old);
  if (id) redraw(id);
}

function editFieldOf(message) {
  editor ??= editField(message, () => setEditing(null));
  return editor;
}

/** Up and down go from message to message; the menu key opens a message's menu. */
function keys(event) {
  if (event.target !== list && !event.target.matches?.('.message')) return;
  const rows = [...list.querySelectorAll('.message')];
  const at = rows.indexOf(document.activeElement);
  const to = {
    ArrowUp: at < 0 ? rows.length - 1 : at - 1,
    ArrowDown: at + 1,
    Home: 0,
    End: rows.length - 1,
  }[event.key];
  if (to === undefined || !rows[to]) return;
  event.preventDefault();
  rows[to].focus({ preventScroll: true });
  rows[to].scrollIntoView({ block: 'nearest' });
}

/** Brings a message into view, if it is loaded. */
export function jumpTo(id) {
  const row = rowOf(id);
  if (!row) return false;
  row.scrollIntoView({ block: 'center' });
  row.classList.remove('flash');
  requestAnimationFrame(() => row.classList.add('flash'));
  row.focus({ preventScroll: true });
  return true;
}
