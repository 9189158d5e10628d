// People, roles and channels as options of selects, slash options and completion.
import { el, icon } from './dom.js';
import { avatar } from './people.js';
import { byRank, CHANNEL, cssColor, displayName, isVoice } from './lookup.js';
import { store } from './store.js';

/** Everybody of the guild (or of the direct message), in the order of their names. */
export function userOptions(guild) {
  const ids = guild ? guild.members.map((member) => member.user_id) : dmPeople();
  return ids
    .map((id) => {
      const name = store.users.get(id)?.name ?? '';
      const label = displayName(guild, id);
      return {
        key: id,
        value: id,
        kind: 'user',
        label,
        hint: name === label ? '' : name,
        search: `${label} ${name}`,
        icon: avatar(id, guild, { size: 24 }),
      };
    })
    .sort((one, other) => one.label.localeCompare(other.label));
}

function dmPeople() {
  const dm = store.dms.find((one) => one.channel_id === store.place.channel);
  return [store.me, dm && (dm.with?.id ?? dm.with)].filter(Boolean);
}

/** Roles, highest first; `everyone` includes @everyone. */
export function roleOptions(guild, everyone = true) {
  return [...(guild?.roles ?? [])]
    .sort(byRank)
    .filter((role) => everyone || role.id !== guild.id)
    .map((role) => ({
      key: role.id,
      value: role.id,
      kind: 'role',
      label: role.id === guild.id ? '@everyone' : `@${role.name}`,
      hint: '',
      icon: el('span', {
        class: 'swatch',
        style: { '--swatch': cssColor(role.color) ?? 'var(--muted)' },
      }),
    }));
}

/** Channels of the given types (none given: all), in the order of the sidebar. */
export function channelOptions(guild, types) {
  const wanted = types?.length ? new Set(types) : null;
  return sidebarOrder(guild?.channels ?? [])
    .filter((channel) => !wanted || wanted.has(channel.type))
    .map((channel) => ({
      key: channel.id,
      value: channel.id,
      kind: 'channel',
      label: channel.name,
      hint: guild.channels.find((one) => one.id === channel.parent_id)?.name ?? '',
      icon: channelIcon(channel, 18),
    }));
}

/** Channels without category first, then each category with its own; text before voice. */
export function sidebarOrder(channels) {
  const under = (parent) =>
    channels
      .filter((one) => (one.parent_id ?? null) === parent && one.type !== CHANNEL.category)
      .sort(
        (one, other) =>
          Number(isVoice(one)) - Number(isVoice(other)) || one.position - other.position,
      );
  const categories = channels
    .filter((one) => one.type === CHANNEL.category)
    .sort((one, other) => one.position - other.position);
  const known = new Set(categories.map((one) => one.id));
  const orphans = channels.filter(
    (one) => one.parent_id && !known.has(one.parent_id) && one.type !== CHANNEL.category,
  );
  return [
    ...under(null),
    ...orphans,
    ...categories.flatMap((category) => [category, ...under(category.id)]),
  ];
}

/** The sign before a channel's name. */
export function channelIcon(channel, size = 20) {
  const name =
    {
      [CHANNEL.voice]: 'voice',
      [CHANNEL.stage]: 'stage',
      [CHANNEL.announcement]: 'megaphone',
      [CHANNEL.category]: 'chevron',
      [CHANNEL.forum]: 'chat',
      [CHANNEL.dm]: 'at',
    }[channel.type] ?? 'hash';
  return icon(channel.can_connect === false && isVoice(channel) ? 'lock' : name, size);
}

/** Options for a select's component type or a slash option's type; null for free text. */
export function entityOptions(kind, guild, channelTypes) {
  switch (kind) {
    case 'user':
      return userOptions(guild);
    case 'role':
      return roleOptions(guild);
    case 'mentionable':
      return [...userOptions(guild), ...roleOptions(guild)];
    case 'channel':
      return channelOptions(guild, channelTypes);
    default:
      return null;
  }
}
