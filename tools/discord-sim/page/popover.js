// Small windows beside what opened them: one at a time, closed by Escape, by a click elsewhere, or
// by who opened it.
import { el } from './dom.js';

const GAP = 6;
const EDGE = 8;
let current = null;

/**
 * Shows `content` beside `anchor` (an element, or {x, y}). Options: label, role, className,
 * placement 'below' | 'above' | 'side', width ('anchor' for the anchor's own), focus (element),
 * restore (false: focus stays where it is), onClose(reason). Returns {node, close(reason),
 * place()}.
 */
export function popover(anchor, content, options = {}) {
  current?.close('replaced');
  const host =
    (anchor instanceof Element && anchor.closest('dialog')) ||
    document.querySelector('dialog[open]') ||
    document.body;
  const node = el(
    'div',
    {
      class: `popover ${options.className ?? ''}`,
      role: options.role ?? 'dialog',
      'aria-label': options.label,
      tabindex: -1,
    },
    content,
  );
  host.append(node);
  const before = document.activeElement;
  const message = before?.closest?.('[data-message]')?.dataset.message;

  const place = () => {
    const box =
      anchor instanceof Element
        ? anchor.getBoundingClientRect()
        : { left: anchor.x, right: anchor.x, top: anchor.y, bottom: anchor.y, width: 0 };
    // An anchor that was redrawn away leaves the window where it was.
    if (anchor instanceof Element && !anchor.isConnected) return;
    if (options.width === 'anchor') node.style.setProperty('min-width', `${box.width}px`);
    const { offsetWidth: width, offsetHeight: height } = node;
    let left = options.placement === 'side' ? box.left - width - GAP : box.left;
    if (options.align === 'end') left = box.right - width;
    let top =
      options.placement === 'above'
        ? box.top - height - GAP
        : options.placement === 'side'
          ? box.top
          : box.bottom + GAP;
    if (top + height > innerHeight - EDGE && box.top - height - GAP > EDGE)
      top = box.top - height - GAP;
    if (top < EDGE && options.placement === 'above') top = box.bottom + GAP;
    left = Math.max(EDGE, Math.min(left, innerWidth - width - EDGE));
    top = Math.max(EDGE, Math.min(top, innerHeight - height - EDGE));
    node.style.setProperty('left', `${left}px`);
    node.style.setProperty('top', `${top}px`);
  };

  const self = {
    node,
    place,
    close(reason = 'closed') {
      if (current !== self) return;
      current = null;
      document.removeEventListener('pointerdown', outside, true);
      document.removeEventListener('keydown', keys, true);
      removeEventListener('resize', place);
      const hadFocus = node.contains(document.activeElement);
      node.remove();
      if (hadFocus && options.restore !== false)
        (before?.isConnected ? before : again(before, message))?.focus({ preventScroll: true });
      options.onClose?.(reason);
    },
  };
  const outside = (event) => {
    if (node.contains(event.target)) return;
    // A press on the anchor is for its own handler to judge.
    if (anchor instanceof Element && anchor.contains(event.target)) return;
    self.close('outside');
  };
  const keys = (event) => {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      self.close('escape');
    }
  };
  document.addEventListener('pointerdown', outside, true);
  document.addEventListener('keydown', keys, true);
  addEventListener('resize', place);
  current = self;
  place();
  (options.focus ?? (options.restore === false ? null : node))?.focus({ preventScroll: true });
  return self;
}

/** The same control in a message that was drawn anew meanwhile. */
function again(before, message) {
  const row = message && document.querySelector(`[data-message="${CSS.escape(message)}"]`);
  return (
    row?.querySelector(`[data-custom-id="${CSS.escape(before.dataset.customId ?? '')}"]`) ?? row
  );
}

/** A menu at `anchor` of [{label, icon?, run, danger?, disabled?}|'-'|{heading}]. */
export function menu(anchor, entries, label) {
  const items = entries.map((entry) => {
    if (entry === '-') return el('hr');
    if (entry.heading)
      return el('div', { class: 'menu-heading', role: 'presentation' }, entry.heading);
    return el(
      'button',
      {
        type: 'button',
        role: 'menuitem',
        class: `menu-item${entry.danger ? ' danger' : ''}`,
        tabindex: -1,
        disabled: entry.disabled,
        on: {
          click: () => {
            shown.close('picked');
            entry.run();
          },
        },
      },
      el('span', { class: 'menu-label' }, entry.label),
      entry.hint && el('span', { class: 'menu-hint' }, entry.hint),
      entry.icon,
    );
  });
  const shown = popover(anchor, items, { label, role: 'menu', className: 'menu' });
  const buttons = items.filter((item) => item.tagName === 'BUTTON' && !item.disabled);
  shown.node.addEventListener('keydown', (event) => {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1, Tab: null }[
      event.key
    ];
    if (to === undefined) return;
    event.preventDefault();
    if (to === null) return shown.close('tab');
    buttons.at(to % buttons.length)?.focus();
  });
  buttons[0]?.focus({ preventScroll: true });
  return shown;
}
