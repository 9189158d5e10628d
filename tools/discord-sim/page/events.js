// What the event stream tells, applied to the store.
import {
  dropMessage,
  emit,
  findMessage,
  messagesOf,
  now,
  putMessage,
  setClock,
  store,
} from './store.js';
import { emojiKey } from './emoji.js';
import { guildOf } from './lookup.js';
import { settle } from './interactions.js';
import { noteMessage } from './unread.js';

/** Typing shows that long after the last word of it (discord-api 2.6: "POST typing (10 s)"). */
const TYPING_MS = 10000;

/**
 * Applies one frame. `hooks`: reload() when the world's structure changed, openModal(d),
 * isSeen(channel id) true when the user looks at its end.
 */
export function apply({ t, d }, hooks) {
  // A load of this channel is under way: what it brings may be older than this.
  const loading = t.startsWith('MESSAGE_') && store.messages.get(d?.channel_id);
  if (loading?.loading) loading.stale = true;
  const known = handlers[t];
  if (known) known(d ?? {}, hooks);
  else if (/^(CHANNEL_|GUILD_|THREAD_|COMMANDS_|USER_)/.test(t)) hooks.reload();
}

const handlers = {
  MESSAGE_CREATE(message, hooks) {
    store.typing.get(message.channel_id)?.delete(message.author?.id);
    if (messagesOf(message.channel_id).loaded) {
      const kind = putMessage(message);
      emit('messages', { channel: message.channel_id, kind, message });
    }
    noteMessage(message, hooks.isSeen(message.channel_id));
    if (
      !guildOf(message.channel_id) &&
      !store.dms.some((dm) => dm.channel_id === message.channel_id)
    )
      hooks.reload();
    emit('typing');
  },

  MESSAGE_UPDATE(message) {
    if (!findMessage(message.channel_id, message.id)) return;
    // Reactions are their own events: an update that leaves them out takes none away.
    putMessage(message);
    emit('messages', {
      channel: message.channel_id,
      kind: 'change',
      message: findMessage(message.channel_id, message.id),
    });
  },

  MESSAGE_DELETE({ id, channel_id }) {
    const message = dropMessage(channel_id, id);
    if (message) emit('messages', { channel: channel_id, kind: 'remove', message });
  },

  MESSAGE_DELETE_BULK({ ids = [], channel_id }) {
    for (const id of ids) handlers.MESSAGE_DELETE({ id, channel_id });
  },

  MESSAGE_REACTION_ADD: (d) => react(d, 1),
  MESSAGE_REACTION_REMOVE: (d) => react(d, -1),

  MESSAGE_REACTION_REMOVE_ALL: (d) => changeReactions(d, () => []),
  MESSAGE_REACTION_REMOVE_EMOJI: (d) =>
    changeReactions(d, (list) => list.filter((one) => emojiKey(one.emoji) !== emojiKey(d.emoji))),

  VOICE_STATE_UPDATE({ guild_id, user_id, channel_id, ...state }, hooks) {
    const member = store.guilds.get(guild_id)?.memberById.get(user_id);
    if (!member) return hooks.reload();
    member.voice_channel_id = channel_id ?? null;
    member.voice = state;
    emit('people');
  },

  PRESENCE_UPDATE({ guild_id, user, status, activities }) {
    for (const guild of store.guilds.values()) {
      if (guild_id && guild.id !== guild_id) continue;
      const member = guild.memberById.get(user?.id);
      if (member) member.presence = { status: status ?? 'offline', activities: activities ?? [] };
    }
    emit('people');
  },

  TYPING_START({ channel_id, user_id }) {
    if (user_id === store.me) return;
    if (!store.typing.has(channel_id)) store.typing.set(channel_id, new Map());
    store.typing.get(channel_id).set(user_id, performance.now() + TYPING_MS);
    emit('typing');
  },

  INTERACTION_STATE: (d) => settle(d.interaction_id, d),
  MODAL_OPEN: (d, hooks) => hooks.openModal(d),
  TIME: ({ now_ms }) => setClock(now_ms ?? now()),

  BOT_STATUS({ application_id, online }) {
    store.bots.set(application_id, online);
    emit('bots');
  },
};

function react(d, by) {
  changeReactions(d, (list) => {
    const key = emojiKey(d.emoji);
    const mine = d.user_id === store.me;
    const found = list.find((one) => emojiKey(one.emoji) === key);
    // The stream may repeat what a load already told about ourselves.
    if (mine && by > 0 && found?.me) return list;
    if (mine && by < 0 && !found?.me) return list;
    if (!found) return by > 0 ? [...list, { count: 1, me: mine, emoji: d.emoji }] : list;
    const next = { ...found, count: found.count + by, me: mine ? by > 0 : found.me };
    return list.map((one) => (one === found ? next : one)).filter((one) => one.count > 0);
  });
}

function changeReactions({ channel_id, message_id }, change) {
  const message = findMessage(channel_id, message_id);
  if (!message) return;
  message.reactions = change(message.reactions ?? []);
  emit('messages', { channel: channel_id, kind: 'change', message });
}
