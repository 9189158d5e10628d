// The user's own corner: name, status, what they play.
import { act } from './actions.js';
import { el, fill, icon, iconButton, isolated } from './dom.js';
import { displayName, hereGuild, member } from './lookup.js';
import { activityText, avatar, statusName } from './people.js';
import { popover } from './popover.js';
import { on, store } from './store.js';
import { openSwitcher } from './switcher.js';

const STATUSES = ['online', 'idle', 'dnd', 'invisible'];

const anyGuild = () => hereGuild() ?? [...store.guilds.values()][0];
const presenceNow = () =>
  member(anyGuild(), store.me)?.presence ?? { status: 'offline', activities: [] };

export function installYou(root) {
  on('world people who place', () => {
    if (!store.me) return;
    const guild = anyGuild();
    const presence = presenceNow();
    fill(
      root,
      el(
        'button',
        {
          type: 'button',
          class: 'you-card',
          'aria-label': `You are ${displayName(guild, store.me)}. Set your status`,
          title: 'Set your status',
          on: { click: (event) => openStatus(event.currentTarget) },
        },
        avatar(store.me, guild, { size: 32, status: presence.status }),
        el(
          'span',
          { class: 'member-text' },
          el('span', { class: 'you-name' }, isolated(displayName(guild, store.me))),
          el(
            'span',
            { class: 'muted small' },
            isolated(activityText(presence) || statusName(presence.status)),
          ),
        ),
      ),
      iconButton('Become somebody else', 'swap', () => openSwitcher(), { size: 18 }),
    );
  });
}

function openStatus(anchor) {
  const presence = presenceNow();
  const playing = presence.activities.find((one) => one.type === 0)?.name ?? '';
  const field = el('input', {
    type: 'text',
    id: 'playing',
    class: 'field',
    maxlength: 128,
    autocomplete: 'off',
    placeholder: 'A game',
  });
  field.value = playing;
  const send = (change) =>
    act('presence', { status: presence.status, activities: presence.activities, ...change });
  const save = () => {
    const name = field.value.trim();
    shown.close('picked');
    send({ activities: name ? [{ name, type: 0 }] : [] });
  };
  const shown = popover(
    anchor,
    [
      el('div', { class: 'list-heading' }, 'Status'),
      STATUSES.map((status) =>
        el(
          'button',
          {
            type: 'button',
            class: 'menu-item',
            on: {
              click: () => {
                shown.close('picked');
                send({ status });
              },
            },
          },
          el(
            'span',
            { class: 'menu-label' },
            el('span', { class: `dot inline ${status}` }),
            ' ',
            status === 'invisible' ? 'Invisible' : statusName(status),
          ),
          presence.status === status && icon('check', 16),
        ),
      ),
      el('hr'),
      el(
        'form',
        {
          class: 'playing-form',
          on: {
            submit: (event) => {
              event.preventDefault();
              save();
            },
          },
        },
        el('label', { class: 'label', for: 'playing' }, 'Playing'),
        field,
        el('button', { type: 'submit', class: 'button primary small' }, 'Set'),
      ),
    ],
    { label: 'Your status', className: 'menu' },
  );
}
