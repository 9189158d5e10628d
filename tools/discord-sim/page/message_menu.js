// What one can do with a message or a person: menus by right click, long press, the menu key, or
// their buttons.
import { act, openDm } from './actions.js';
import { become } from './actions.js';
import { emit, findMessage, store } from './store.js';
import { commandsHere, displayName, guildOf, may, MANAGE_MESSAGES } from './lookup.js';
import { start } from './interactions.js';
import { menu } from './popover.js';
import { pickEmoji } from './emoji_picker.js';
import { addReaction } from './reactions.js';
import { icon } from './dom.js';
import { complain, toast } from './toasts.js';

const EPHEMERAL = 64;
const USER_COMMAND = 2;
const MESSAGE_COMMAND = 3;

export function openMessageMenu(anchor, message) {
  const guild = guildOf(message.channel_id);
  const mine = message.author.id === store.me;
  const ephemeral = Boolean(message.flags & EPHEMERAL);
  const where = { channel_id: message.channel_id, message_id: message.id };
  menu(
    anchor,
    [
      !ephemeral && {
        label: 'Add a reaction',
        icon: icon('smile', 18),
        run: () => pickEmoji(anchor, (emoji) => addReaction(message, emoji)),
      },
      !ephemeral && {
        label: 'Reply',
        icon: icon('reply', 18),
        run: () => emit('compose', { reply: message }),
      },
      mine && {
        label: 'Edit message',
        icon: icon('pencil', 18),
        run: () => emit('compose', { edit: message }),
      },
      message.content && { label: 'Copy text', run: () => copy(message.content) },
      { label: 'Copy message ID', run: () => copy(message.id) },
      ...commandEntries(MESSAGE_COMMAND, message.channel_id, message.id),
      (mine || ephemeral || may(guild, MANAGE_MESSAGES)) && '-',
      ephemeral
        ? { label: 'Dismiss message', run: () => act('delete', where) }
        : (mine || may(guild, MANAGE_MESSAGES)) && {
            label: 'Delete message',
            icon: icon('trash', 18),
            danger: true,
            run: () => act('delete', where),
          },
    ].filter(Boolean),
    'Message',
  );
}

function openPersonMenu(anchor, id) {
  const self = id === store.me;
  const bot = store.users.get(id)?.bot;
  menu(
    anchor,
    [
      { label: 'Profile', run: () => emit('profile', { id, anchor }) },
      { label: 'Mention', icon: icon('at', 18), run: () => emit('compose', { mention: id }) },
      !self && { label: 'Message', icon: icon('chat', 18), run: () => openDm(id) },
      !self &&
        !bot && {
          label: 'Become this person',
          icon: icon('swap', 18),
          run: () => become(id).catch(complain),
        },
      { label: 'Copy user ID', run: () => copy(id) },
      ...commandEntries(USER_COMMAND, store.place.channel, id),
    ].filter(Boolean),
    displayName(store.guilds.get(store.place.guild), id),
  );
}

/** The applications' own entries for a target. */
export function commandEntries(type, channel, target) {
  const commands = commandsHere().filter((command) => command.type === type);
  if (!commands.length || !channel) return [];
  return [
    '-',
    { heading: 'Apps' },
    ...commands.map((command) => ({
      label: command.name_localized ?? command.name,
      hint:
        command.application_name ??
        displayName(store.guilds.get(store.place.guild), command.application_id),
      run: () =>
        start(
          'command',
          { channel_id: channel, command_id: command.id, options: [], target_id: target },
          {
            kind: 'command',
            channel,
            label: command.name_localized ?? command.name,
            bot: command.application_id,
          },
        ).catch(complain),
    })),
  ];
}

function copy(text) {
  navigator.clipboard?.writeText(text).then(
    () => toast('Copied.'),
    () => toast('The browser does not allow copying here.'),
  );
}

/** Menus by right click and the menu key, and by a long press on touch screens. */
export function installMenus(root) {
  const target = (event) => {
    const person = event.target.closest('[data-profile], [data-person]');
    if (person) return { person: person.dataset.profile ?? person.dataset.person };
    const node = event.target.closest('[data-message]');
    if (!node || event.target.closest('a, input, textarea, video')) return null;
    const message = findMessage(node.dataset.channel, node.dataset.message);
    return message ? { message } : null;
  };
  root.addEventListener('contextmenu', (event) => {
    const found = target(event);
    // Selected text keeps the browser's own menu.
    if (!found || String(getSelection()) !== '') return;
    event.preventDefault();
    const box = event.target.getBoundingClientRect();
    const anchor =
      event.clientX || event.clientY
        ? { x: event.clientX, y: event.clientY }
        : { x: box.left + 24, y: box.top + 12 };
    if (found.person) openPersonMenu(anchor, found.person);
    else openMessageMenu(anchor, found.message);
  });
}
