// The strip of servers: oneself (to become somebody else), direct messages, one round button per
// guild.
import { openGuild } from './actions.js';
import { el, fill, icon, isolated } from './dom.js';
import { guildOf } from './lookup.js';
import { avatar } from './people.js';
import { on, store } from './store.js';
import { openSwitcher } from './switcher.js';
import { isUnread, pingsIn } from './unread.js';

export function installRail(root) {
  const draw = () => fill(root, store.me ? items() : []);
  on('world place unread who', draw);
}

const badge = (count) =>
  count > 0 && el('span', { class: 'badge', 'aria-label': `${count} mentions` }, String(count));

function items() {
  const dmPings = store.dms.reduce((sum, dm) => sum + pingsIn(dm.channel_id), 0);
  const inDms = store.place.guild === null;
  return [
    el(
      'button',
      {
        type: 'button',
        class: 'rail-you',
        title: 'Become somebody else',
        'aria-label': 'Become somebody else',
        id: 'become',
        on: { click: () => openSwitcher() },
      },
      avatar(store.me, null, { size: 44 }),
      el('span', { class: 'rail-swap' }, icon('swap', 14)),
    ),
    el('hr'),
    el(
      'button',
      {
        type: 'button',
        class: 'rail-item',
        title: 'Direct messages',
        'aria-label': 'Direct messages',
        'aria-current': inDms ? 'true' : null,
        on: { click: () => openGuild(null) },
      },
      icon('chat', 24),
      badge(dmPings),
    ),
    [...store.guilds.values()].map((guild) => {
      const pings = guild.channels.reduce((sum, channel) => sum + pingsIn(channel.id), 0);
      const fresh = guild.channels.some(isUnread);
      return el(
        'button',
        {
          type: 'button',
          class: `rail-item${fresh ? ' unread' : ''}`,
          title: guild.name,
          'aria-label': `${guild.name}${fresh ? ', unread messages' : ''}`,
          'aria-current': store.place.guild === guild.id ? 'true' : null,
          on: {
            click: () => {
              if (guildOf(store.place.channel)?.id !== guild.id) openGuild(guild.id);
            },
          },
        },
        isolated(initials(guild.name)),
        badge(pings),
      );
    }),
  ];
}

const initials = (name) =>
  name
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => [...word][0])
    .slice(0, 3)
    .join('');
