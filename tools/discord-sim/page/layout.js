// The frame: on narrow screens the two sides are drawers over the chat; on wide ones the members
// can be put away.
import { emit, memory } from './store.js';

const narrow = matchMedia('(max-width: 760px)');
const medium = matchMedia('(max-width: 1080px)');
let app;
let opener = null;

/** Which side is open as a drawer: 'left', 'members', 'drawer' or null. */
let side = null;
let membersShown = memory.get('members', true);

export function installLayout() {
  app = document.getElementById('app');
  document.getElementById('shade').addEventListener('click', closeDrawers);
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && side && !event.defaultPrevented) closeDrawers();
  });
  for (const query of [narrow, medium])
    query.addEventListener('change', () => {
      side = null;
      apply();
    });
  swipes();
  apply();
}

/** Opens or closes a side; on wide screens `members` only takes its place beside the chat. */
export function toggleSide(name) {
  if (name === 'members' && !medium.matches) {
    membersShown = !membersShown;
    memory.set('members', membersShown);
  } else {
    opener = document.activeElement;
    side = side === name ? null : name;
  }
  apply();
  if (side)
    document.getElementById(side).querySelector('button, input, a')?.focus({ preventScroll: true });
}

export function closeDrawers() {
  if (!side) return;
  side = null;
  apply();
  if (opener?.isConnected) opener.focus({ preventScroll: true });
}

export const isOpen = (name) =>
  side === name || (name === 'members' && !medium.matches && membersShown);

function apply() {
  app.dataset.side = side ?? '';
  app.dataset.members = String(membersShown);
  const over = (name) => side === name && (name !== 'drawer' || narrow.matches);
  document.getElementById('shade').hidden = !(side && (side !== 'drawer' || narrow.matches));
  // What lies under a drawer or beside the screen cannot be reached by keyboard.
  document.getElementById('left').inert = narrow.matches && side !== 'left';
  document.getElementById('members').inert = !isOpen('members');
  document.getElementById('main').inert = ['left', 'members', 'drawer'].some((name) => over(name));
  document.getElementById('drawer').hidden = side !== 'drawer';
  emit('layout');
}

/** A finger moved sideways opens what lies there. */
function swipes() {
  let from = null;
  app.addEventListener(
    'touchstart',
    (event) => {
      const touch = event.touches[0];
      from =
        event.touches.length === 1 && !event.target.closest('pre, input, textarea, .gallery')
          ? { x: touch.clientX, y: touch.clientY }
          : null;
    },
    { passive: true },
  );
  app.addEventListener(
    'touchend',
    (event) => {
      if (!from || !narrow.matches) return;
      const touch = event.changedTouches[0];
      const across = touch.clientX - from.x;
      if (Math.abs(across) < 70 || Math.abs(touch.clientY - from.y) > 60) return;
      if (side) closeDrawers();
      else toggleSide(across > 0 ? 'left' : 'members');
    },
    { passive: true },
  );
}
