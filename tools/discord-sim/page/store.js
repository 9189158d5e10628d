// What the page knows right now, and who wants to hear of changes. No drawing, no network.
//
// Topics: who, world (guilds, channels, roles, members, commands), place, messages {channel, kind,
// message},
// people (presence, voice), unread, typing, clock, connection, bots, interactions {…}.

const listeners = new Map();

/** Calls `listener(detail)` at each `emit(topic, detail)`. */
export function on(topics, listener) {
  for (const topic of topics.split(' ')) {
    if (!listeners.has(topic)) listeners.set(topic, new Set());
    listeners.get(topic).add(listener);
  }
}

export function emit(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

export const store = {
  me: null, // user id, or null while nobody is chosen
  users: new Map(), // id -> {id, name, display_name, bot, avatar_color}
  guilds: new Map(), // id -> guild of /sim/state
  dms: [], // [{channel_id, with}]
  place: { guild: null, channel: null }, // guild null: direct messages
  messages: new Map(), // channel id -> {list: oldest first, complete: nothing older exists}
  typing: new Map(), // channel id -> Map(user id -> when it ends, performance.now())
  bots: new Map(), // application id -> online
  connected: false,
  clockOffset: 0, // the sandbox's time minus this computer's, ms
};

/** The sandbox's own time, Unix ms. */
export const now = () => Date.now() + store.clockOffset;

export function setClock(nowMs) {
  if (!Number.isFinite(nowMs)) return;
  store.clockOffset = nowMs - Date.now();
  emit('clock');
}

/** Takes an answer of /sim/state. */
export function takeState(state) {
  store.users = new Map(state.users.map((user) => [user.id, user]));
  if (state.guilds)
    store.guilds = new Map(state.guilds.map((guild) => [guild.id, normalGuild(guild)]));
  if (state.dms) store.dms = state.dms;
  if (state.now_ms !== undefined) setClock(state.now_ms);
  for (const application of state.applications ?? [])
    store.bots.set(application.id, application.online);
  emit('world');
  emit('bots');
}

/** Members get `presence: {status, activities}` whichever way it was said. */
function normalGuild(guild) {
  for (const member of guild.members) {
    const said = member.presence;
    member.presence =
      said && typeof said === 'object'
        ? { status: said.status ?? 'offline', activities: said.activities ?? [] }
        : { status: said ?? 'offline', activities: member.activities ?? [] };
  }
  guild.memberById = new Map(guild.members.map((member) => [member.user_id, member]));
  guild.roleById = new Map(guild.roles.map((role) => [role.id, role]));
  guild.emojis ??= [];
  guild.commands ??= [];
  return guild;
}

/** Messages of a channel; made empty when never looked at. */
export function messagesOf(channel) {
  if (!store.messages.has(channel))
    store.messages.set(channel, { list: [], complete: false, loaded: false });
  return store.messages.get(channel);
}

export function findMessage(channel, id) {
  return store.messages.get(channel)?.list.find((message) => message.id === id);
}

const later = (one, other) => BigInt(one) > BigInt(other);

/** Adds a message where its id belongs, or replaces the one there. Returns 'add' or 'change'. */
export function putMessage(message) {
  const { list } = messagesOf(message.channel_id);
  const found = list.findIndex((other) => other.id === message.id);
  if (found >= 0) {
    list[found] = { ...list[found], ...message };
    return 'change';
  }
  let at = list.length;
  while (at > 0 && later(list[at - 1].id, message.id)) at--;
  list.splice(at, 0, message);
  return 'add';
}

export function dropMessage(channel, id) {
  const known = store.messages.get(channel);
  const found = known?.list.findIndex((message) => message.id === id) ?? -1;
  if (found < 0) return null;
  return known.list.splice(found, 1)[0];
}

/** What this browser remembers; a browser that forbids it forgets. */
export const memory = {
  get(key, otherwise = null) {
    try {
      return JSON.parse(localStorage.getItem(`discord-sim.${key}`)) ?? otherwise;
    } catch {
      return otherwise;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(`discord-sim.${key}`, JSON.stringify(value));
    } catch {
      /* private mode or full: only comfort is lost */
    }
  },
};
