// Joining and leaving voice, and the bar that says where one is.
import { act, openChannel } from './actions.js';
import { el, fill, icon, isolated } from './dom.js';
import { member } from './lookup.js';
import { on, store } from './store.js';

/** {guild, channel, state} of the user's voice connection, or null. */
export function myVoice() {
  for (const guild of store.guilds.values()) {
    const me = member(guild, store.me);
    if (!me?.voice_channel_id) continue;
    return { guild, channel: guild.channels.find((one) => one.id === me.voice_channel_id), state: me.voice ?? {} };
  }
  return null;
}

/** A press on a voice channel: joins it; when one is there already, opens its chat. */
export function joinVoice(channel) {
  if (myVoice()?.channel?.id === channel.id) return openChannel(channel.id);
  return act('voice_join', { channel_id: channel.id });
}

export const leaveVoice = () => act('voice_leave', {});

export function installVoiceBar(root) {
  on('people world who', () => {
    const now = store.me && myVoice();
    root.hidden = !now;
    if (!now) return fill(root);
    const { state } = now;
    const flag = (key, label, off, on_) => el('button', {
      type: 'button', class: `icon-button${state[key] ? ' pressed' : ''}`, 'aria-pressed': String(Boolean(state[key])), 'aria-label': label, title: label,
      on: { click: () => act('voice_flags', { [key]: !state[key] }) },
    }, icon(state[key] ? on_ : off, 20));
    fill(root, el('div', { class: 'voice-where' }, el('div', { class: 'voice-state' }, 'Voice connected'),
      el('div', { class: 'muted small' }, isolated(now.channel?.name ?? 'a hidden channel'), ' / ', isolated(now.guild.name))),
    flag('self_mute', 'Mute', 'mic', 'micOff'),
    el('button', { type: 'button', class: 'icon-button leave', 'aria-label': 'Leave voice', title: 'Leave voice', id: 'leave-voice', on: { click: leaveVoice } }, icon('leave', 20)));
  });
}
