// What the user does to the page itself: becoming somebody, opening a channel, reading older
// messages.
import { api, EventStream } from './api.js';
import { apply } from './events.js';
import { forgetAll } from './interactions.js';
import { channel as findChannel, CHANNEL, guildOf } from './lookup.js';
import { emit, memory, messagesOf, putMessage, store, takeState } from './store.js';
import { loadUnread, markOpened, markRead } from './unread.js';
import { complain } from './toasts.js';

const PAGE = 50;
/** More than this is not kept while the user looks at the end of a channel. */
const KEPT_MAX = 300;

let stream = null;
let hooks = {};
let reloading = null;
let again = false;

/** `openModal(d)` and `isSeen(channel id)` come from the parts that draw. */
export function connectHooks(given) {
  hooks = { ...given, reload };
}

/** Asks for the whole state again; asked while one is under way, once more afterwards. */
export function reload() {
  if (reloading) {
    again = true;
    return reloading;
  }
  reloading = (async () => {
    do {
      again = false;
      const as = store.me;
      try {
        const state = await api.state(as);
        if (as === store.me) takeState(state);
      } catch (refusal) {
        complain(refusal);
      }
    } while (again);
    reloading = null;
    if (store.place.channel && !findChannel(store.place.channel)) openChannel(firstChannel());
  })();
  return reloading;
}

/** Becomes `id`: state, events and unread marks are theirs from now on. */
export async function become(id) {
  stream?.close();
  stream = null;
  store.me = id;
  store.messages.clear();
  store.typing.clear();
  forgetAll();
  const state = await api.state(id);
  if (store.me !== id) return;
  takeState(state);
  loadUnread();
  memory.set('as', id);
  emit('who');
  stream = new EventStream(id, {
    onFrame: (frame) => apply(frame, hooks),
    onConnected(first) {
      store.connected = true;
      emit('connection');
      // What was written between the first load and now came with neither.
      if (!first) refreshAll();
      else if (store.place.channel) load(store.place.channel);
    },
    onLost() {
      store.connected = false;
      emit('connection');
    },
  });
  const wanted = findChannel(store.place.channel) ? store.place.channel : memory.get(`at.${id}`);
  openChannel(findChannel(wanted) ? wanted : firstChannel());
}

/** Back after a lost connection: everything may have changed. */
function refreshAll() {
  reload();
  store.messages.forEach((known, id) => {
    if (id !== store.place.channel) store.messages.delete(id);
  });
  if (store.place.channel) load(store.place.channel);
}

/** The topmost channel one can write in, else any text channel. */
function firstChannel(
  guild = store.guilds.get(store.place.guild) ?? [...store.guilds.values()][0],
) {
  const texts = (guild?.channels ?? [])
    .filter((one) => one.type === CHANNEL.text || one.type === CHANNEL.announcement)
    .sort(
      (one, other) =>
        (one.parent_id ? 1 : 0) - (other.parent_id ? 1 : 0) || one.position - other.position,
    );
  return (
    (texts.find((one) => one.can_send !== false) ?? texts[0])?.id ??
    store.dms[0]?.channel_id ??
    null
  );
}

/** Turns to a channel (null: nowhere) and loads its end. */
export function openChannel(id) {
  const guild = id ? guildOf(id) : null;
  store.place = { guild: guild?.id ?? (id ? null : store.place.guild), channel: id };
  if (id) {
    memory.set(`at.${store.me}`, id);
    markOpened(id, findChannel(id)?.last_message_id);
  }
  emit('place');
  if (id) load(id);
}

/** Opens a guild where the user was last, or the direct messages (null). */
export function openGuild(id) {
  const guild = store.guilds.get(id);
  if (guild) return openChannel(firstChannel(guild));
  store.place = { guild: null, channel: store.dms[0]?.channel_id ?? null };
  emit('place');
  if (store.place.channel) load(store.place.channel);
}

async function load(id) {
  const known = messagesOf(id);
  if (known.loading) {
    known.stale = true; // asked for again: what is under way may be older than that
    return;
  }
  known.loading = true;
  const as = store.me;
  try {
    do {
      known.stale = false;
      const list = await api.messages(as, id, null, PAGE);
      if (as !== store.me || store.messages.get(id) !== known) return;
      known.list = list;
      known.complete = list.length < PAGE;
      known.loaded = true;
      emit('messages', { channel: id, kind: 'reset' });
    } while (known.stale);
    if (hooks.isSeen?.(id)) markRead(id, known.list.at(-1)?.id);
  } catch (refusal) {
    complain(refusal);
  } finally {
    known.loading = false;
  }
}

/** Fetches what came before the oldest message known. Resolves when it is in the store. */
export async function loadOlder(id) {
  const known = messagesOf(id);
  if (!known.loaded || known.complete || known.loading || known.list.length === 0) return;
  known.loading = true;
  const as = store.me;
  try {
    const list = await api.messages(as, id, known.list[0].id, PAGE);
    if (as !== store.me || store.messages.get(id) !== known) return;
    known.complete = list.length < PAGE;
    for (const message of list) putMessage(message);
    emit('messages', { channel: id, kind: 'older' });
  } catch (refusal) {
    complain(refusal);
  } finally {
    known.loading = false;
  }
}

/** The user is at the end of the channel: it is read, and very old messages need not be kept. */
export function atEnd(id) {
  const known = store.messages.get(id);
  if (!known?.loaded) return;
  markRead(id, known.list.at(-1)?.id);
  if (known.list.length > KEPT_MAX) {
    known.list = known.list.slice(-KEPT_MAX / 2);
    known.complete = false;
    emit('messages', { channel: id, kind: 'reset' });
  }
}

/** An act of the user; a refusal is shown and answered by null. */
export async function act(type, fields) {
  try {
    return await api.act(store.me, type, fields);
  } catch (refusal) {
    complain(refusal);
    return null;
  }
}

/** Opens the direct message with somebody. */
export async function openDm(userId) {
  const answer = await act('open_dm', { user_id: userId });
  if (!answer) return;
  await reload();
  const id =
    answer.channel_id ??
    answer.channel?.id ??
    store.dms.find((dm) => (dm.with?.id ?? dm.with) === userId)?.channel_id;
  if (id) openChannel(id);
}
