// Names, colours and rights of what the store holds. Unknown ids give readable stand-ins, never
// errors.
import { store } from './store.js';

export const CHANNEL = {
  text: 0,
  dm: 1,
  voice: 2,
  category: 4,
  announcement: 5,
  stage: 13,
  forum: 15,
};
export const isVoice = (channel) =>
  channel?.type === CHANNEL.voice || channel?.type === CHANNEL.stage;

export const hereGuild = () => store.guilds.get(store.place.guild) ?? null;
export const user = (id) => store.users.get(id);

export function guildOf(channelId) {
  for (const guild of store.guilds.values())
    if (guild.channels.some((channel) => channel.id === channelId)) return guild;
  return null;
}

/** A guild's channel, or {id, type: 1, name, with} for a direct message. */
export function channel(id) {
  for (const guild of store.guilds.values()) {
    const found = guild.channels.find((one) => one.id === id);
    if (found) return found;
  }
  const dm = store.dms.find((one) => one.channel_id === id);
  return dm
    ? {
        id,
        type: CHANNEL.dm,
        name: displayName(null, withOf(dm)),
        with: withOf(dm),
        can_send: true,
      }
    : null;
}

/** The other side of a direct message. */
export function withOf(dm) {
  return typeof dm.with === 'object' && dm.with !== null ? dm.with.id : dm.with;
}

export const member = (guild, id) => guild?.memberById.get(id);

/**
 * Nick, then display name, then user name (discord-api 5). `author` helps for users not in the
 * state.
 */
export function displayName(guild, id, author = null) {
  const known = store.users.get(id);
  return (
    member(guild, id)?.nick ||
    known?.display_name ||
    author?.global_name ||
    known?.name ||
    author?.username ||
    `unknown-user-${String(id).slice(-4)}`
  );
}

/** Roles of a member, highest first, without @everyone. */
export function rolesOf(guild, id) {
  return (member(guild, id)?.roles ?? [])
    .map((role) => guild.roleById.get(role))
    .filter(Boolean)
    .sort(byRank);
}

/** Highest first; at equal positions the lower id ranks higher (discord-api 5). */
export function byRank(one, other) {
  return other.position - one.position || (BigInt(one.id) < BigInt(other.id) ? -1 : 1);
}

export const cssColor = (number) =>
  number ? `#${(number & 0xffffff).toString(16).padStart(6, '0')}` : null;

/** CSS colour of a member's highest coloured role, or null. */
export function nameColor(guild, id) {
  return cssColor(rolesOf(guild, id).find((role) => role.color)?.color);
}

export function avatarColor(id) {
  const said = store.users.get(id)?.avatar_color;
  if (typeof said === 'number') return cssColor(said) ?? '#5865f2';
  if (typeof said === 'string' && /^#[0-9a-f]{3,8}$/i.test(said)) return said;
  const palette = ['#5865f2', '#3ba55d', '#b8860b', '#d83c3e', '#9b59b6', '#1f8b9d'];
  return palette[Number(BigInt(/^\d+$/.test(id) ? id : 0) % 6n)];
}

export function emojiOf(id) {
  for (const guild of store.guilds.values()) {
    const found = guild.emojis.find((emoji) => emoji.id === id);
    if (found) return { ...found, guild };
  }
  return null;
}

export function commandById(id) {
  for (const guild of store.guilds.values()) {
    const found = guild.commands.find((command) => command.id === id);
    if (found) return found;
  }
  return null;
}

/**
 * Commands usable where the user is: the guild's, or in a direct message those of the bot there.
 */
export function commandsHere() {
  const guild = hereGuild();
  if (guild) return guild.commands;
  const other = channel(store.place.channel)?.with;
  const dm = store.dms.find((one) => one.channel_id === store.place.channel);
  if (dm?.commands) return dm.commands;
  const seen = new Map();
  for (const { commands } of store.guilds.values())
    for (const command of commands)
      if (
        !command.guild_id &&
        command.application_id === other &&
        (!command.contexts || command.contexts.includes(1))
      )
        seen.set(command.id, command);
  return [...seen.values()];
}

const ADMINISTRATOR = 1n << 3n;
export const MANAGE_MESSAGES = 1n << 13n;

/**
 * A guild-level permission of the user; overwrites of channels are left to the simulator's
 * answer.
 */
export function may(guild, bit) {
  if (!guild) return false;
  if (guild.owner_id === store.me) return true;
  const everyone = guild.roleById.get(guild.id);
  const bits = [everyone, ...rolesOf(guild, store.me)]
    .filter(Boolean)
    .reduce((sum, role) => sum | BigInt(role.permissions ?? 0), 0n);
  return (bits & ADMINISTRATOR) !== 0n || (bits & bit) !== 0n;
}

/** True when the message pings the user, directly, by a role or as everybody. */
export function pingsMe(message, guild) {
  if (message.author?.id === store.me) return false;
  if (message.mention_everyone || message.mentions?.some((one) => one.id === store.me)) return true;
  const mine = member(guild, store.me)?.roles ?? [];
  return Boolean(message.mention_roles?.some((id) => mine.includes(id)));
}
