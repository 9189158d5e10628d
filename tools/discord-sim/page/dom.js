// Building DOM without ever parsing text as markup: everything a guild says becomes text nodes and attributes.

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Makes an element. `attrs`: class, on {event: handler}, style {property: value} (also --variables), dataset,
 * prop {name: value} for DOM properties; true/false/null for present/absent; the rest by setAttribute.
 * Children: nodes, strings, numbers, arrays; null and false are left out.
 */
export function el(tag, attrs = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'on') for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    else if (name === 'style') for (const [key, text] of Object.entries(value)) node.style.setProperty(key, text);
    else if (name === 'dataset') Object.assign(node.dataset, value);
    else if (name === 'prop') Object.assign(node, value);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  append(node, children);
  return node;
}

/** Appends children as `el` takes them. */
export function append(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

/** Replaces what is inside. */
export function fill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

/** Text of unknown direction that must not disturb its surroundings (right-to-left marks and overrides). */
export function isolated(text, attrs = {}) {
  return el('bdi', attrs, text);
}

/** Only what a browser may safely open; null for anything else. */
export function safeUrl(text) {
  if (typeof text !== 'string' || text.length > 2048) return null;
  try {
    const url = new URL(text, location.origin);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
  } catch {
    return null;
  }
}

/** A picture of this server. Others are not loaded: the sandbox has no outside. */
export function ownUrl(text) {
  const url = safeUrl(text);
  if (!url) return null;
  const parsed = new URL(url);
  // The simulator may call itself 127.0.0.1 while the page was opened as localhost.
  const loopback = (host) => host === '127.0.0.1' || host === 'localhost' || host === '[::1]';
  if (parsed.port === location.port && loopback(parsed.hostname) && loopback(location.hostname))
    return location.origin + parsed.pathname + parsed.search;
  return parsed.origin === location.origin ? url : null;
}

/** A link that leaves the page without telling where from. */
export function link(url, attrs, ...children) {
  return el('a', { href: url, target: '_blank', rel: 'noopener noreferrer nofollow', title: url, ...attrs }, ...children);
}

/** A line drawing; names are the keys of PATHS. Decorative: hidden from screen readers. */
export function icon(name, size = 20) {
  const svg = document.createElementNS(SVG, 'svg');
  for (const [key, value] of Object.entries({
    viewBox: '0 0 24 24', width: size, height: size, fill: 'none', stroke: 'currentColor', 'stroke-width': 2,
    'stroke-linecap': 'round', 'stroke-linejoin': 'round', 'aria-hidden': 'true', focusable: 'false',
  })) svg.setAttribute(key, value);
  svg.classList.add('icon', `icon-${name}`);
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}

const PATHS = {
  hash: 'M9 3 7 21M17 3l-2 18M4 9h17M3 15h17',
  voice: 'M4 9v6h4l5 5V4L8 9zM16.5 8.5a5 5 0 0 1 0 7M19 6a9 9 0 0 1 0 12',
  stage: 'M12 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM7 20c0-3 2-5 5-5s5 2 5 5M5.5 14a8 8 0 1 1 13 0',
  megaphone: 'M4 10v4h3l9 5V5l-9 5zM19 9a4 4 0 0 1 0 6M8 15l1 5h3',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  chevron: 'M6 9l6 6 6-6',
  people: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-4 3-6 6.500-6s6.500 2 6.500 6M16 4.500a3.500 3.500 0 0 1 0 6.200M18 14.500c2.300.8 3.500 2.800 3.500 5.500',
  menu: 'M4 6h16M4 12h16M4 18h16',
  flask: 'M9 3h6M10 3v6L4.500 18.500A1.700 1.700 0 0 0 6 21h12a1.700 1.700 0 0 0 1.500-2.500L14 9V3M7.500 14.500h9',
  leave: 'M3 14c5-5 13-5 18 0l-2.500 3-4-1.500v-3c-1.500-.6-3.500-.6-5 0v3L5.500 17z',
  smile: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.500 14.500c1 1.300 2.100 2 3.500 2s2.500-.7 3.500-2M9 9.500v.500M15 9.500v.500',
  send: 'M4 12 3 4l18 8-18 8zM4 12h9',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  pencil: 'M4 20l1-5L16 4l4 4L9 19zM14 6l4 4',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13',
  close: 'M6 6l12 12M18 6 6 18',
  check: 'M5 12.500 10 17.500 19.500 7',
  swap: 'M4 8h14l-4-4M20 16H6l4 4',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.500 2',
  plug: 'M8 3v5M16 3v5M5 8h14v3a7 7 0 0 1-14 0zM12 18v3',
  link: 'M14 5h5v5M19 5l-8 8M17 14v5H5V7h5',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  crown: 'M4 18h16M4 15 3 7l5 3.500L12 5l4 5.500L21 7l-1 8z',
  chat: 'M4 5h16v11H10l-4 4v-4H4z',
  search: 'M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM15.500 15.500 20 20',
  slash: 'M6 3h12a3 3 0 0 1 3 3v12a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3zM14.500 8l-5 8',
  reply: 'M10 6 4 12l6 6v-4c5 0 8 1.500 10 5 0-6-4-9-10-9z',
  plus: 'M12 5v14M5 12h14',
  down: 'M12 5v14M6 13l6 6 6-6',
  at: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM16 8v5.500a2.500 2.500 0 0 0 5 0V12a9 9 0 1 0-4 7.500',
  mic: 'M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3zM6 12a6 6 0 0 0 12 0M12 18v3',
  micOff: 'M4 4l16 16M15 12V6a3 3 0 0 0-5.800-1M9 9v3a3 3 0 0 0 4.500 2.600M6 12a6 6 0 0 0 9 5.200M12 18v3M18 12a6 6 0 0 1-.5 2.300',
};

/** Runs `work` once, soon, however often it is asked for before; returns the asking function. */
export function coalesced(work) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    queueMicrotask(() => { asked = false; work(); });
  };
}
