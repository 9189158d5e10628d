// Starts the page: puts the parts together, finds out who the user is, keeps the address in step.
import { atEnd, become, connectHooks, openChannel } from './actions.js';
import { api } from './api.js';
import { installChannels } from './channels.js';
import { installComposer } from './composer.js';
import { installDrawer } from './drawer.js';
import { closeDrawers, installLayout } from './layout.js';
import { installMembers } from './members.js';
import { installMenus } from './message_menu.js';
import { installMessages, isSeen, jumpTo } from './messages.js';
import { openModal } from './modal.js';
import { installProfiles } from './profile.js';
import { installRail } from './rail.js';
import { channel as findChannel } from './lookup.js';
import { memory, on, store, takeState } from './store.js';
import { openSwitcher } from './switcher.js';
import { refreshRelative } from './timestamps.js';
import { complain, toast } from './toasts.js';
import { installTop } from './top.js';
import { installTyping } from './typing.js';
import { installVoiceBar } from './voice.js';
import { installYou } from './you.js';

const BEAT_MS = 1000;
const part = (id) => document.getElementById(id);

/** "#as=ID&at=CHANNEL": who, and where. */
function readAddress() {
  const said = new URLSearchParams(location.hash.slice(1));
  return { as: said.get('as'), at: said.get('at') };
}

function writeAddress() {
  if (!store.me) return;
  const said = new URLSearchParams({ as: store.me });
  if (store.place.channel) said.set('at', store.place.channel);
  const wanted = `#${said}`;
  if (location.hash !== wanted) history.replaceState(null, '', wanted);
}

async function followAddress() {
  const { as, at } = readAddress();
  if (as && as !== store.me && store.users.has(as)) {
    if (at) store.place.channel = at;
    await become(as);
  } else if (at && at !== store.place.channel && findChannel(at)) openChannel(at);
  writeAddress();
}

function install() {
  installLayout();
  installRail(part('rail'));
  installChannels(part('guild-head'), part('channels'));
  installVoiceBar(part('voice-bar'));
  installYou(part('you'));
  installTop(part('top'), part('banner'));
  installMessages(part('messages'));
  installTyping(part('typing'));
  installComposer(part('composer'));
  installMembers(part('members'));
  installDrawer(part('drawer'));
  installMenus(document.body);
  installProfiles(document.body);
  connectHooks({ openModal, isSeen });
  on('place', () => {
    writeAddress();
    closeDrawers();
  });
  on('clock', () => refreshRelative());
  setInterval(() => refreshRelative(), BEAT_MS);
  addEventListener('hashchange', () => followAddress().catch(complain));
  document.addEventListener('visibilitychange', () => {
    if (
      document.visibilityState === 'visible' &&
      store.place.channel &&
      isSeen(store.place.channel)
    )
      atEnd(store.place.channel);
  });
  document.body.addEventListener('click', (event) => {
    const where = event.target.closest('[data-open-channel]');
    if (where) openChannel(where.dataset.openChannel);
    const jump = event.target.closest('[data-jump]');
    if (jump && !jumpTo(jump.dataset.jump)) toast('That message is further up.');
  });
}

async function boot() {
  install();
  takeState(await api.state());
  const { as, at } = readAddress();
  const wanted = [as, memory.get('as')].find(
    (id) => id && store.users.has(id) && !store.users.get(id).bot,
  );
  if (at) store.place.channel = at;
  if (wanted) await become(wanted);
  else openSwitcher({ must: true });
}

boot().catch(complain);
