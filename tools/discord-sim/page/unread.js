// Which channels have something new: the last message read per channel, kept in this browser per
// user.
import { emit, memory, store } from './store.js';
import { guildOf, pingsMe } from './lookup.js';

let read = {}; // channel id -> id of the last read message
const pings = new Map(); // channel id -> count since the page opened
/** Channel id -> last message read when it was opened: the NEW line goes below it. */
const marks = new Map();

const after = (one, other) => BigInt(one ?? 0) > BigInt(other ?? 0);

/** Another user: their own memory. Channels never seen count as read up to now. */
export function loadUnread() {
  read = memory.get(`read.${store.me}`, {});
  pings.clear();
  marks.clear();
  for (const guild of store.guilds.values())
    for (const channel of guild.channels) read[channel.id] ??= channel.last_message_id ?? '0';
  save();
}

const save = () => memory.set(`read.${store.me}`, read);

export const isUnread = (channel) =>
  after(channel.last_message_id, read[channel.id] ?? channel.last_message_id);
export const pingsIn = (id) => pings.get(id) ?? 0;
export const lineAfter = (id) => marks.get(id) ?? null;

/** A message came. Own ones and ones under the user's eyes are read at once. */
export function noteMessage(message, seen) {
  const guild = guildOf(message.channel_id);
  const channel = guild?.channels.find((one) => one.id === message.channel_id);
  if (channel) {
    read[channel.id] ??= channel.last_message_id ?? '0';
    channel.last_message_id = message.id;
  }
  if (seen || message.author?.id === store.me) return markRead(message.channel_id, message.id);
  if (!guild || pingsMe(message, guild))
    pings.set(message.channel_id, pingsIn(message.channel_id) + 1);
  emit('unread');
}

/** Everything up to `id` was seen. */
export function markRead(channel, id) {
  if (!id) return;
  if (after(id, read[channel])) {
    read[channel] = id;
    save();
  }
  pings.delete(channel);
  emit('unread');
}

/** The user turned to a channel: the line stays where reading stopped, also while they read on. */
export function markOpened(channel, lastId) {
  if (after(lastId, read[channel] ?? lastId)) marks.set(channel, read[channel]);
  else marks.delete(channel);
}
