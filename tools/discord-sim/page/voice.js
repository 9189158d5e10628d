// Joining and leaving voice, and the bar that says where one is.
import { act, openChannel } from './actions.js';
import { el, fill, iconButton, isolated } from './dom.js';
import { member } from './lookup.js';
import { on, store } from './store.js';

/** {guild, channel, state} of the user's voice connection, or null. */
function myVoice() {
  for (const guild of store.guilds.values()) {
    const me = member(guild, store.me);
    if (!me?.voice_channel_id) continue;
    const channel = guild.channels.find((one) => one.id === me.voice_channel_id);
    return { guild, channel, state: me.voice ?? {} };
  }
  return null;
}

/** A press on a voice channel: joins it; when one is there already, opens its chat. */
export function joinVoice(channel) {
  if (myVoice()?.channel?.id === channel.id) return openChannel(channel.id);
  return act('voice_join', { channel_id: channel.id });
}

export function installVoiceBar(root) {
  on('people world who', () => {
    const now = store.me ? myVoice() : null;
    root.hidden = !now;
    fill(root, now && content(now));
  });
}

function content({ guild, channel, state }) {
  const muted = Boolean(state.self_mute);
  const mute = () => act('voice_flags', { self_mute: !muted });
  const leave = () => act('voice_leave', {});
  const where = [isolated(channel?.name ?? 'a hidden channel'), ' / ', isolated(guild.name)];
  return [
    el(
      'div',
      { class: 'voice-where' },
      el('div', { class: 'voice-state' }, 'Voice connected'),
      el('div', { class: 'muted small' }, where),
    ),
    iconButton('Mute', muted ? 'micOff' : 'mic', mute, {
      className: muted ? 'pressed' : '',
      'aria-pressed': String(muted),
    }),
    iconButton('Leave voice', 'leave', leave, { className: 'leave', id: 'leave-voice' }),
  ];
}
