// Interactions the user started and what became of them: where to show "thinking", failures and
// modals.
import { api } from './api.js';
import { emit, store } from './store.js';

const places = new Map(); // interaction id -> place
const early = new Map(); // states that came before the answer that told the id
let number = 0;

/**
 * What is going on, newest last: {key, state: 'pending'|'failed', reason, kind, channel,
 * message?, customId?, label?}.
 */
export const running = [];

/**
 * Starts an interaction. `place` says where its progress shows: {kind:
 * 'command'|'component'|'modal', channel, message?, customId?, label?}. Resolves with the
 * simulator's answer; rejects with its refusal.
 */
export async function start(type, fields, place) {
  const entry = { ...place, key: ++number, state: 'pending', reason: '' };
  forget((other) => other.state === 'failed' && other.message && other.message === place.message);
  running.push(entry);
  emit('interactions', entry);
  try {
    const answer = await api.act(store.me, type, fields);
    entry.id = answer.interaction_id;
    if (entry.id) {
      places.set(entry.id, entry);
      if (early.has(entry.id)) settle(entry.id, early.get(entry.id));
    } else {
      finish(entry);
    }
    return answer;
  } catch (refusal) {
    finish(entry);
    throw refusal;
  }
}

/** INTERACTION_STATE. */
export function settle(id, { state, reason }) {
  const entry = places.get(id);
  if (!entry) {
    early.set(id, { state, reason });
    if (early.size > 100) early.delete(early.keys().next().value);
    return;
  }
  early.delete(id);
  if (state === 'pending') return;
  places.delete(id);
  if (state === 'failed') {
    entry.state = 'failed';
    entry.reason = reason ?? '';
    emit('interactions', entry);
    entry.onSettled?.(false, entry.reason);
    // A modal shows its failure itself.
    if (entry.kind === 'modal') finish(entry);
  } else {
    finish(entry);
    entry.onSettled?.(true, '');
  }
}

/** Takes an entry away: it worked, or its failure was read. */
export function finish(entry) {
  const at = running.indexOf(entry);
  if (at < 0) return;
  running.splice(at, 1);
  entry.state = entry.state === 'failed' ? 'failed' : 'done';
  emit('interactions', entry);
}

function forget(which) {
  for (const entry of running.filter(which)) finish(entry);
}

/** What runs or failed on one message's components. */
export const onMessage = (message) => running.filter((entry) => entry.message === message);
/** Commands of a channel that are not answered. */
export const inChannel = (channel) =>
  running.filter((entry) => entry.kind === 'command' && entry.channel === channel);

/** Another user: nothing of the old one's matters. */
export function forgetAll() {
  running.length = 0;
  places.clear();
  early.clear();
}
