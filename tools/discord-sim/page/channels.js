// The list of channels by category, who sits in which voice channel, and the direct messages.
import { openChannel } from './actions.js';
import { el, fill, icon, isolated } from './dom.js';
import { channelIcon, sidebarOrder } from './entities.js';
import { CHANNEL, displayName, hereGuild, isVoice, withOf } from './lookup.js';
import { closeDrawers } from './layout.js';
import { avatar, nameElement, statusOf } from './people.js';
import { emit, memory, on, store } from './store.js';
import { isUnread, pingsIn } from './unread.js';
import { joinVoice } from './voice.js';

const folded = new Set(memory.get('folded', []));

export function installChannels(head, root) {
  const draw = () => {
    const guild = hereGuild();
    fill(head, el('h1', {}, isolated(guild?.name ?? 'Direct messages')));
    const focused = root.contains(document.activeElement)
      ? document.activeElement.dataset.key
      : null;
    fill(root, guild ? guildChannels(guild) : directMessages());
    if (focused)
      root.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  };
  on('world place people unread who', draw);
  root.addEventListener('keydown', (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    const rows = [...root.querySelectorAll('button.channel, button.category')];
    const at = rows.indexOf(document.activeElement);
    if (at < 0) return;
    event.preventDefault();
    rows[at + by]?.focus();
  });
}

function guildChannels(guild) {
  const rows = [];
  let hidden = false;
  for (const channel of sidebarOrder(guild.channels)) {
    if (channel.type === CHANNEL.category) {
      // A category of which the user sees nothing is not shown.
      if (!guild.channels.some((one) => one.parent_id === channel.id)) continue;
      hidden = folded.has(channel.id);
      rows.push(category(channel));
    } else if (
      !hidden ||
      channel.id === store.place.channel ||
      (isUnread(channel) && pingsIn(channel.id) > 0) ||
      !channel.parent_id
    ) {
      rows.push(isVoice(channel) ? voiceChannel(channel, guild) : textChannel(channel));
    }
  }
  return rows;
}

function category(channel) {
  const closed = folded.has(channel.id);
  return el(
    'button',
    {
      type: 'button',
      class: 'category',
      'aria-expanded': String(!closed),
      dataset: { key: channel.id },
      on: {
        click: () => {
          if (closed) folded.delete(channel.id);
          else folded.add(channel.id);
          memory.set('folded', [...folded]);
          emit('unread');
        },
      },
    },
    icon('chevron', 12),
    isolated(channel.name),
  );
}

function textChannel(channel) {
  const here = channel.id === store.place.channel;
  const fresh = isUnread(channel) && !here;
  const pings = pingsIn(channel.id);
  return el(
    'button',
    {
      type: 'button',
      class: `channel${here ? ' here' : ''}${fresh ? ' unread' : ''}`,
      'aria-current': here ? 'page' : null,
      'aria-label': [channel.name, fresh && 'unread', pings > 0 && `${pings} mentions`]
        .filter(Boolean)
        .join(', '),
      title: channel.topic || channel.name,
      dataset: { key: channel.id, channelRow: channel.id },
      on: {
        click: () => {
          openChannel(channel.id);
          closeDrawers();
        },
      },
    },
    channelIcon(channel),
    el('span', { class: 'channel-name' }, isolated(channel.name)),
    pings > 0 && el('span', { class: 'badge' }, String(pings)),
  );
}

function voiceChannel(channel, guild) {
  const inside = guild.members
    .filter((member) => member.voice_channel_id === channel.id)
    .sort((one, other) =>
      displayName(guild, one.user_id).localeCompare(displayName(guild, other.user_id)),
    );
  const here = channel.id === store.place.channel;
  const joined = inside.some((member) => member.user_id === store.me);
  const two = (number) => String(number).padStart(2, '0');
  return el(
    'div',
    { class: 'voice-channel' },
    el(
      'div',
      { class: 'channel-line' },
      el(
        'button',
        {
          type: 'button',
          class: ['channel voice', joined && 'joined', here && 'here'],
          dataset: { key: channel.id, voiceRow: channel.id },
          'aria-label': [
            channel.name,
            'voice channel',
            `${inside.length} inside`,
            ...(joined ? ['you are here'] : []),
          ].join(', '),
          'aria-disabled': channel.can_connect === false ? 'true' : null,
          title:
            channel.can_connect === false
              ? 'You may not connect here'
              : joined
                ? 'You are connected'
                : 'Join this voice channel',
          on: { click: () => joinVoice(channel) },
        },
        channelIcon(channel),
        el('span', { class: 'channel-name' }, isolated(channel.name)),
        channel.user_limit > 0 &&
          el('span', { class: 'limit' }, `${two(inside.length)}/${two(channel.user_limit)}`),
      ),
      el(
        'button',
        {
          type: 'button',
          class: 'channel-side',
          title: 'Open its chat',
          'aria-label': `Open the chat of ${channel.name}`,
          on: {
            click: () => {
              openChannel(channel.id);
              closeDrawers();
            },
          },
        },
        icon('chat', 16),
      ),
    ),
    inside.length > 0 &&
      el(
        'ul',
        { class: 'voice-people', 'aria-label': `In ${channel.name}` },
        inside.map((member) =>
          el(
            'li',
            {},
            el(
              'button',
              {
                type: 'button',
                class: 'voice-person',
                dataset: { profile: member.user_id, inVoice: member.user_id },
              },
              avatar(member.user_id, guild, { size: 24 }),
              nameElement(guild, member.user_id),
              (member.voice?.self_mute || member.voice?.mute) && icon('micOff', 14),
            ),
          ),
        ),
      ),
  );
}

function directMessages() {
  if (store.dms.length === 0)
    return el(
      'p',
      { class: 'muted padded' },
      'Nobody yet. Open a person’s profile and choose “Message”.',
    );
  const guild = [...store.guilds.values()][0];
  return store.dms.map((dm) => {
    const id = withOf(dm);
    const here = dm.channel_id === store.place.channel;
    const pings = pingsIn(dm.channel_id);
    return el(
      'button',
      {
        type: 'button',
        class: `channel dm${here ? ' here' : ''}${pings ? ' unread' : ''}`,
        'aria-current': here ? 'page' : null,
        dataset: { key: dm.channel_id, person: id },
        on: {
          click: () => {
            openChannel(dm.channel_id);
            closeDrawers();
          },
        },
      },
      avatar(id, null, { size: 32, status: statusOf(guild, id) }),
      el('span', { class: 'channel-name' }, isolated(displayName(null, id))),
      pings > 0 && el('span', { class: 'badge' }, String(pings)),
    );
  });
}
