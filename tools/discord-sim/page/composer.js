// The message box: text with completion, files, replies, and slash commands (command_bar.js).
import { act } from './actions.js';
import { api } from './api.js';
import { CommandBar } from './command_bar.js';
import { findInvocation, invocations, rank } from './command_model.js';
import { completionAt, completionOptions, expand, noteCompletion } from './completion.js';
import { el, fill, icon, isolated } from './dom.js';
import { emojiMarkup } from './emoji.js';
import { pickEmoji } from './emoji_picker.js';
import { FILES_MAX, readFile } from './files.js';
import { autoGrow } from './grow.js';
import { start } from './interactions.js';
import { channel, CHANNEL, commandsHere, displayName, hereGuild } from './lookup.js';
import { avatar } from './people.js';
import { setEditing, toEnd } from './messages.js';
import { messagesOf, on, store } from './store.js';
import { Suggest } from './suggest.js';
import { complain } from './toasts.js';

const TYPING_EVERY_MS = 8000;
const LENGTH_MAX = 2000;
const drafts = new Map(); // channel -> text

let root;
let box;
let field;
let grow;
let suggest;
let bar = null;
let reply = null;
let files = [];
let typedAt = -TYPING_EVERY_MS;
let shown = null;

export function installComposer(node) {
  root = node;
  suggest = new Suggest();
  field = el('textarea', { id: 'composer-input', class: 'composer-input', rows: 1, maxlength: 6000, autocomplete: 'off', 'aria-label': 'Message' });
  grow = autoGrow(field);
  field.addEventListener('input', typed);
  field.addEventListener('keydown', keys);
  field.addEventListener('blur', () => suggest.hide());
  field.addEventListener('focus', () => offer());
  field.addEventListener('paste', (event) => {
    if (event.clipboardData?.files.length) { event.preventDefault(); addFiles([...event.clipboardData.files]); }
  });
  on('place who', draw);
  on('world', () => { if (box && store.place.channel === shown) drawRights(); });
  on('compose', take);
  document.addEventListener('click', (event) => {
    const used = event.target.closest('[data-use-command]');
    if (used) take({ command: used.dataset.useCommand, id: used.dataset.commandId });
  });
}

const where = () => channel(store.place.channel);
const locale = () => store.users.get(store.me)?.locale;

function draw() {
  if (shown === store.place.channel && root.children.length) return;
  if (shown) drafts.set(shown, bar ? '' : field.value);
  shown = store.place.channel;
  bar = null;
  reply = null;
  files = [];
  suggest.hide();
  field.value = drafts.get(shown) ?? '';
  const upload = el('input', { type: 'file', multiple: true, class: 'sr-only', tabindex: -1, 'aria-hidden': 'true', id: 'upload' });
  upload.addEventListener('change', () => { addFiles([...upload.files]); upload.value = ''; });
  box = el('div', { class: 'composer-box' });
  fill(root, suggest.node, el('div', { class: 'composer-top' }), box, upload);
  drawBox();
}

function drawBox() {
  const to = where();
  const may = Boolean(to) && to.can_send !== false && Boolean(store.me);
  root.classList.toggle('mute', !may);
  if (!may) return fill(box, el('div', { class: 'composer-no muted' }, to ? 'You do not have permission to send messages in this channel.' : 'No channel is open.'));
  field.placeholder = to.type === CHANNEL.dm ? `Message @${to.name}` : `Message #${to.name}`;
  field.setAttribute('aria-label', field.placeholder);
  fill(box, !bar && button('Add a file', 'plus', () => document.getElementById('upload').click()),
    bar ? bar.node : field,
    !bar && button('Choose an emoji', 'smile', (event) => pickEmoji(event.currentTarget, (emoji) => insert(emoji.id ? emojiMarkup(emoji) : emoji.name))),
    !bar && button('Run a command', 'slash', () => { field.value = '/'; field.focus(); typed(); }),
    bar && button('Leave the command', 'close', () => leaveBar('')),
    button('Send', 'send', () => (bar ? bar.send() : send()), 'send'));
  drawTop();
  grow();
}

const button = (label, name, run, extra = '') => el('button', { type: 'button', class: `icon-button ${extra}`, 'aria-label': label, title: label, on: { click: run } }, icon(name, 22));

function drawRights() {
  const may = where()?.can_send !== false && Boolean(where());
  if (root.classList.contains('mute') === may) drawBox();
}

function drawTop() {
  fill(root.querySelector('.composer-top'),
    reply && el('div', { class: 'reply-bar' }, 'Replying to ', el('strong', {}, isolated(displayName(hereGuild(), reply.author.id, reply.author))),
      button('Do not reply', 'close', () => { reply = null; drawTop(); field.focus(); })),
    files.length > 0 && el('div', { class: 'upload-strip' }, files.map((file) => el('span', { class: 'chip' }, icon('file', 14), isolated(file.filename),
      el('button', { type: 'button', class: 'chip-remove', 'aria-label': `Remove ${file.filename}`, on: { click: () => { files = files.filter((one) => one !== file); drawTop(); } } }, icon('close', 12))))));
}

async function addFiles(list) {
  for (const file of list) {
    if (files.length >= FILES_MAX) return complain(new Error(`At most ${FILES_MAX} files in one message.`));
    try {
      files.push(await readFile(file));
    } catch (wrong) {
      complain(wrong);
    }
  }
  drawTop();
  field.focus();
}

/** From elsewhere: {reply}, {edit}, {mention}, {command, id}. */
function take({ reply: to, edit, mention, command, id }) {
  if (edit) return setEditing(edit.id);
  if (command) {
    const found = findInvocation(invocations(commandsHere(), locale()), id, command);
    return found ? openBar(found) : complain(new Error('You may not use that command here.'));
  }
  if (bar) leaveBar('');
  if (to) reply = to;
  drawTop();
  field.focus();
  if (mention) {
    const label = `@${displayName(hereGuild(), mention)}`;
    noteCompletion(label, `<@${mention}>`);
    insert(`${label} `);
  }
  return undefined;
}

function insert(text) {
  const { selectionStart: from, selectionEnd: to } = field;
  field.setRangeText(text, from, to, 'end');
  field.focus();
  typed();
}

function typed() {
  grow();
  offer();
  if (field.value && !field.value.startsWith('/') && performance.now() - typedAt > TYPING_EVERY_MS) {
    typedAt = performance.now();
    // Only a courtesy to others: nothing to complain about when it fails.
    api.act(store.me, 'typing', { channel_id: store.place.channel }).catch(() => {});
  }
}

/** Shows completions for what stands before the caret. */
function offer() {
  const text = field.value;
  if (document.activeElement !== field) return suggest.hide();
  if (/^\/[^\n]*$/.test(text)) return offerCommands(text.slice(1));
  const at = completionAt(text, field.selectionStart);
  const options = at ? completionOptions(at) : [];
  if (!options.length) return suggest.hide();
  return suggest.show(field, options, {
    head: el('div', { class: 'suggest-title muted' }, at.title),
    onPick(option) {
      if (option.markup) noteCompletion(option.text, option.markup);
      field.setRangeText(`${option.text} `, at.from, field.selectionStart, 'end');
      suggest.hide();
      typed();
    },
  });
}

function offerCommands(typedText) {
  const all = invocations(commandsHere(), locale());
  const found = all.map((one) => ({ one, score: rank(one, typedText) })).filter(({ score }) => score < 4)
    .sort((one, other) => one.score - other.score).map(({ one }) => one);
  const apps = new Set(found.map((one) => one.command.application_id));
  const options = [];
  const option = (one) => ({
    key: one.key, value: one, label: isolated(`/${one.title}`), hint: one.description, note: appName(one.command),
    icon: avatar(one.command.application_id, hereGuild(), { size: 28 }),
  });
  if (typedText === '' && apps.size > 1) {
    for (const app of apps) {
      options.push({ heading: appName({ application_id: app }) }, ...found.filter((one) => one.command.application_id === app).map(option));
    }
  } else options.push(...found.slice(0, 60).map(option));
  suggest.show(field, options, {
    head: options.length ? el('div', { class: 'suggest-title muted' }, typedText ? 'Commands matching ' : 'Commands', typedText && isolated(`/${typedText}`)) : null,
    onPick: (picked) => openBar(picked.value), empty: 'No command of that name here',
  });
}

const appName = (command) => command.application_name ?? displayName(hereGuild(), command.application_id);

function openBar(invocation) {
  field.value = '';
  suggest.hide();
  bar = new CommandBar(invocation, {
    suggest,
    onCancel: leaveBar,
    async onSend({ options, files: attached }) {
      const { command, title } = invocation;
      leaveBar('');
      toEnd();
      try {
        await start('command', { channel_id: store.place.channel, command_id: command.id, options, ...(attached.length ? { files: attached } : {}) },
          { kind: 'command', channel: store.place.channel, label: `/${title}`, bot: command.application_id });
      } catch (refusal) {
        complain(refusal);
      }
    },
  });
  drawBox();
  bar.focus();
}

function leaveBar(text) {
  bar = null;
  suggest.hide();
  field.value = text;
  drawBox();
  field.focus();
  offer();
}

function keys(event) {
  if (event.isComposing) return;
  const { list } = suggest;
  if (suggest.open) {
    if (list.key(event)) return;
    if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && list.current) {
      event.preventDefault();
      list.pick();
      return;
    }
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      suggest.hide();
      return;
    }
  }
  if (event.key === 'Enter' && !event.shiftKey) {
    event.preventDefault();
    send();
  } else if (event.key === 'Escape' && reply) {
    reply = null;
    drawTop();
  } else if (event.key === 'ArrowUp' && field.value === '') {
    const mine = messagesOf(store.place.channel).list.filter((message) => message.author.id === store.me && message.type !== 7).at(-1);
    if (!mine) return;
    event.preventDefault();
    setEditing(mine.id);
  }
}

async function send() {
  const written = field.value;
  const content = expand(written).trim();
  if (content === '' && files.length === 0) return;
  if ([...content].length > LENGTH_MAX) return complain(new Error(`Too long by ${[...content].length - LENGTH_MAX} characters: ${LENGTH_MAX} are allowed.`));
  const before = { reply, files };
  field.value = '';
  reply = null;
  files = [];
  typedAt = -TYPING_EVERY_MS;
  drawTop();
  grow();
  suggest.hide();
  const sent = await act('send', {
    channel_id: store.place.channel, content, ...(before.reply ? { reply_to: before.reply.id } : {}), ...(before.files.length ? { files: before.files } : {}),
  });
  // What was refused stays to be corrected.
  if (!sent && field.value === '') {
    field.value = written;
    ({ reply, files } = before);
    drawTop();
    grow();
  }
  return undefined;
}
