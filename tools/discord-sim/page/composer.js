// The message box: text with completion, files and replies, and slash commands (command_bar.js).
import { act } from './actions.js';
import { api } from './api.js';
import { CommandBar } from './command_bar.js';
import { commandHead, commandOptions, namedCommand } from './command_offers.js';
import { completionAt, completionOptions, expand, noteCompletion } from './completion.js';
import { Extras } from './composer_extras.js';
import { el, fill, iconButton } from './dom.js';
import { emojiMarkup } from './emoji.js';
import { pickEmoji } from './emoji_picker.js';
import { autoGrow } from './grow.js';
import { start } from './interactions.js';
import { channel, CHANNEL, displayName, hereGuild } from './lookup.js';
import { setEditing, toEnd } from './messages.js';
import { messagesOf, on, store } from './store.js';
import { Suggest } from './suggest.js';
import { complain } from './toasts.js';

const TYPING_EVERY_MS = 8000;
/** discord-api 4: "content<=2000 characters". */
const LENGTH_MAX = 2000;
const MEMBER_JOINED = 7;
const drafts = new Map(); // user and channel -> text

let root;
let box;
let upload;
let field;
let grow;
let suggest;
let extras;
let bar = null; // the command being filled in, instead of the field
let typedAt = -TYPING_EVERY_MS;
let shown = null; // user and channel

export function installComposer(node) {
  root = node;
  suggest = new Suggest();
  extras = new Extras(() => field.focus());
  field = el('textarea', {
    id: 'composer-input',
    class: 'composer-input',
    rows: 1,
    maxlength: 6000,
    autocomplete: 'off',
    'aria-label': 'Message',
    on: { input: typed, keydown: keys, blur: () => suggest.hide(), focus: offer, paste: pasted },
  });
  grow = autoGrow(field);
  upload = el('input', { type: 'file', multiple: true, id: 'upload', hidden: true });
  upload.addEventListener('change', () => {
    extras.addFiles([...upload.files]);
    upload.value = '';
  });
  box = el('div', { class: 'composer-box' });
  fill(root, suggest.node, extras.node, box, upload);
  on('place who', turn);
  on('world', () => {
    if (root.classList.contains('mute') === mayWrite()) drawBox();
    // Other commands, other people: what is offered may have changed.
    if (suggest.open && !bar) offer();
  });
  on('compose', take);
  document.addEventListener('click', (event) => {
    const used = event.target.closest('[data-use-command]');
    if (used) take({ command: used.dataset.useCommand, id: used.dataset.commandId });
  });
}

const where = () => channel(store.place.channel);
const mayWrite = () => Boolean(store.me && where()) && where().can_send !== false;

/** Another channel, or somebody else: what was begun stays as their draft. */
function turn() {
  const now = `${store.me}/${store.place.channel}`;
  if (shown === now) return;
  if (shown) drafts.set(shown, bar ? '' : field.value);
  shown = now;
  bar = null;
  extras.clear();
  suggest.hide();
  field.value = drafts.get(shown) ?? '';
  drawBox();
}

function drawBox() {
  root.classList.toggle('mute', !mayWrite());
  const to = where();
  if (!mayWrite()) {
    const why = to
      ? 'You do not have permission to send messages in this channel.'
      : 'No channel is open.';
    return fill(box, el('div', { class: 'composer-no muted' }, why));
  }
  field.placeholder = `Message ${to.type === CHANNEL.dm ? '@' : '#'}${to.name}`;
  field.setAttribute('aria-label', field.placeholder);
  const sender = iconButton('Send', 'send', () => (bar ? bar.send() : send()));
  if (bar) {
    const leave = iconButton('Leave the command', 'close', () => leaveBar(''));
    return fill(box, bar.node, leave, sender);
  }
  const emoji = (event) =>
    pickEmoji(event.currentTarget, (one) => insert(one.id ? emojiMarkup(one) : one.name));
  fill(
    box,
    iconButton('Add a file', 'plus', () => upload.click()),
    field,
    iconButton('Choose an emoji', 'smile', emoji),
    iconButton('Run a command', 'slash', () => write('/')),
    sender,
  );
  return grow();
}

/** From elsewhere: {reply}, {edit}, {mention}, {command, id}. */
function take({ reply, edit, mention, command, id }) {
  if (edit) return setEditing(edit.id);
  if (command) {
    const found = namedCommand(id, command);
    return found ? openBar(found) : complain(new Error('You may not use that command here.'));
  }
  if (bar) leaveBar('');
  if (reply) return extras.setReply(reply);
  const label = `@${displayName(hereGuild(), mention)}`;
  noteCompletion(label, `<@${mention}>`);
  return insert(`${label} `);
}

function write(text) {
  field.value = text;
  field.focus();
  typed();
}

function insert(text) {
  field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
  field.focus();
  typed();
}

function pasted(event) {
  if (!event.clipboardData?.files.length) return;
  event.preventDefault();
  extras.addFiles([...event.clipboardData.files]);
}

function typed() {
  grow();
  offer();
  const text = field.value;
  const now = performance.now();
  if (!text || text.startsWith('/') || now - typedAt <= TYPING_EVERY_MS) return;
  typedAt = now;
  // Only a courtesy to others: nothing to complain about when it fails.
  api.act(store.me, 'typing', { channel_id: store.place.channel }).catch(() => {});
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

function offerCommands(text) {
  const options = commandOptions(text);
  suggest.show(field, options, {
    head: options.length ? commandHead(text) : null,
    onPick: (picked) => openBar(picked.value),
    empty: 'No command of that name here',
  });
}

function openBar(invocation) {
  const { command, title } = invocation;
  field.value = '';
  suggest.hide();
  bar = new CommandBar(invocation, {
    suggest,
    onCancel: leaveBar,
    onSend({ options, files }) {
      leaveBar('');
      toEnd();
      const to = store.place.channel;
      const fields = { channel_id: to, command_id: command.id, options };
      start('command', files.length ? { ...fields, files } : fields, {
        kind: 'command',
        channel: to,
        label: `/${title}`,
        bot: command.application_id,
      }).catch(complain);
    },
  });
  drawBox();
  bar.focus();
}

function leaveBar(text) {
  bar = null;
  suggest.hide();
  drawBox();
  write(text);
}

function keys(event) {
  if (event.isComposing) return;
  const swallow = (work) => {
    event.preventDefault();
    event.stopPropagation();
    work();
  };
  const { list } = suggest;
  const plain = !event.shiftKey;
  const picks = plain && (event.key === 'Enter' || event.key === 'Tab');
  if (suggest.open && list.key(event)) return;
  if (suggest.open && picks && list.current) swallow(() => list.pick());
  else if (suggest.open && event.key === 'Escape') swallow(() => suggest.hide());
  else if (event.key === 'Enter' && plain) swallow(send);
  else if (event.key === 'Escape' && extras.reply) swallow(() => extras.setReply(null));
  else if (event.key === 'ArrowUp' && field.value === '') editLast(swallow);
}

function editLast(swallow) {
  const mine = messagesOf(store.place.channel).list.filter(
    (message) => message.author.id === store.me && message.type !== MEMBER_JOINED,
  );
  if (mine.length) swallow(() => setEditing(mine.at(-1).id));
}

async function send() {
  const written = field.value;
  const content = expand(written).trim();
  const { length } = [...content];
  if (content === '' && extras.files.length === 0) return;
  if (length > LENGTH_MAX) {
    complain(
      new Error(`Too long by ${length - LENGTH_MAX} characters: ${LENGTH_MAX} may be sent.`),
    );
    return;
  }
  const fields = { channel_id: store.place.channel, content, ...extras.fields() };
  const along = extras.clear();
  const from = shown;
  field.value = '';
  typedAt = -TYPING_EVERY_MS;
  grow();
  suggest.hide();
  const sent = await act('send', fields);
  // What was refused stays to be corrected.
  if (sent || shown !== from || field.value !== '') return;
  field.value = written;
  extras.restore(along);
  grow();
}
