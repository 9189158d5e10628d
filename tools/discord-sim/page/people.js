// Small pictures of people used everywhere: avatar, name, status.
import { el, icon, isolated } from './dom.js';
import { avatarColor, displayName, member, nameColor, user } from './lookup.js';

const STATUS = {
  online: 'Online',
  idle: 'Idle',
  dnd: 'Do not disturb',
  offline: 'Offline',
  invisible: 'Offline',
};
export const statusName = (status) => STATUS[status] ?? status;

/** A round picture: the first letter on the person's colour. `status` adds its dot. */
export function avatar(id, guild, { size = 40, status = null, author = null } = {}) {
  const letter = [...displayName(guild, id, author).replace(/[^\p{L}\p{N}]/gu, '')][0] ?? '?';
  return el(
    'span',
    {
      class: 'avatar',
      style: { '--size': `${size}px`, '--color': avatarColor(id) },
      'aria-hidden': 'true',
    },
    letter.toUpperCase(),
    status && el('span', { class: `dot ${status}` }),
  );
}

/** Name in the colour of the highest role. */
export function nameElement(guild, id, { author = null, tag = 'span', attrs = {} } = {}) {
  const color = nameColor(guild, id);
  return el(
    tag,
    { class: 'name', ...attrs, style: color ? { '--name': color } : {} },
    isolated(displayName(guild, id, author)),
  );
}

export const botTag = (yes) => yes && el('span', { class: 'tag', title: 'An application' }, 'BOT');

/** "Playing Chess", "Custom status text", or ''. */
export function activityText(presence) {
  const verbs = ['Playing', 'Streaming', 'Listening to', 'Watching', '', 'Competing in'];
  const all = presence?.activities ?? [];
  const one = all.find((activity) => activity.type !== 4) ?? all[0];
  if (!one) return '';
  if (one.type === 4) return one.state ?? '';
  return `${verbs[one.type] ?? 'Playing'} ${one.name ?? ''}`;
}

export const statusOf = (guild, id) => member(guild, id)?.presence.status ?? 'offline';
export const isBot = (id, author = null) => Boolean(user(id)?.bot ?? author?.bot);
export const crown = (guild, id) =>
  guild?.owner_id === id &&
  el('span', { class: 'crown', title: 'Server owner' }, icon('crown', 14));
