// Joining and leaving voice, the bar that says where one is, and how loud one hears it.
import { act, openChannel } from './actions.js';
import { el, fill, iconButton, isolated } from './dom.js';
import { allowSound, follow, onSound, sound } from './listen.js';
import { member } from './lookup.js';
import { on, store } from './store.js';

const METER_MS = 100;
const LOUD = 0.25; // of full scale: as far as the meter goes

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
  allowSound(); // within the press: a browser asks for one
  if (myVoice()?.channel?.id === channel.id) return openChannel(channel.id);
  return act('voice_join', { channel_id: channel.id });
}

export function installVoiceBar(root) {
  let drawn = '';
  const draw = () => {
    const now = store.me ? myVoice() : null;
    root.hidden = !now;
    follow(now ? store.me : null);
    // Others come and go often: what one holds (the slider) stays unless one's own place changed.
    const key = now && JSON.stringify([now.channel, now.guild.name, now.state.self_mute, look()]);
    if (key === drawn) return;
    drawn = key;
    fill(root, now && content(now));
  };
  on('people world who', draw);
  onSound(draw);
  setInterval(() => {
    const meter = root.querySelector('.voice-meter');
    if (meter) meter.value = Math.min(1, sound.loudness() / LOUD);
  }, METER_MS);
}

const look = () => [sound.allowed, sound.muted];

function content({ guild, channel, state }) {
  const muted = Boolean(state.self_mute);
  const mute = () => act('voice_flags', { self_mute: !muted });
  const leave = () => act('voice_leave', {});
  const where = [isolated(channel?.name ?? 'a hidden channel'), ' / ', isolated(guild.name)];
  return [
    el(
      'div',
      { class: 'voice-row' },
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
    ),
    sound.allowed ? loudness() : blocked(),
  ];
}

function loudness() {
  const toggle = () => sound.setMuted(!sound.muted);
  return el(
    'div',
    { class: 'voice-row' },
    iconButton('Silence what I hear', sound.muted ? 'voiceOff' : 'voice', toggle, {
      className: sound.muted ? 'pressed' : '',
      'aria-pressed': String(sound.muted),
    }),
    el('input', {
      type: 'range',
      class: 'voice-volume',
      min: 0,
      max: 100,
      value: sound.volume,
      'aria-label': 'Volume',
      on: { input: (event) => sound.setVolume(Number(event.target.value)) },
    }),
    el('meter', { class: 'voice-meter', min: 0, max: 1, value: 0, 'aria-label': 'Loudness' }),
  );
}

/** After a reload nobody has pressed anything yet. */
const blocked = () =>
  el(
    'button',
    { type: 'button', class: 'button success small', id: 'hear', on: { click: () => allowSound() } },
    'Hear this channel',
  );
