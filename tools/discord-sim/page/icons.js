// The page's own line drawings, as paths on a 24 by 24 grid.

const SVG = 'http://www.w3.org/2000/svg';

const PATHS = {
  hash: 'M9 3 7 21M17 3l-2 18M4 9h17M3 15h17',
  voice: 'M4 9v6h4l5 5V4L8 9zM16.5 8.5a5 5 0 0 1 0 7M19 6a9 9 0 0 1 0 12',
  voiceOff: 'M4 9v6h4l5 5V4L8 9zM16 9.5l5 5M21 9.5l-5 5',
  stage: 'M12 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM7 20c0-3 2-5 5-5s5 2 5 5M5.5 14a8 8 0 1 1 13 0',
  megaphone: 'M4 10v4h3l9 5V5l-9 5zM19 9a4 4 0 0 1 0 6M8 15l1 5h3',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  chevron: 'M6 9l6 6 6-6',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-4 3-6 6.5-6s6.5 2 6.5 6M16 4.5a3.5 3.5 0 0 1 0 6.2M18 14.5c2.3.8 3.5 2.8 3.5 5.5',
  menu: 'M4 6h16M4 12h16M4 18h16',
  flask: 'M9 3h6M10 3v6L4.5 18.5A1.7 1.7 0 0 0 6 21h12a1.7 1.7 0 0 0 1.5-2.5L14 9V3M7.5 14.5h9',
  leave: 'M3 14c5-5 13-5 18 0l-2.5 3-4-1.5v-3c-1.5-.6-3.5-.6-5 0v3L5.5 17z',
  smile:
    'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14.5c1 1.3 2.1 2 3.5 2s2.5-.7 3.5-2M9 9.5v.5M15 9.5v.5',
  send: 'M4 12 3 4l18 8-18 8zM4 12h9',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  pencil: 'M4 20l1-5L16 4l4 4L9 19zM14 6l4 4',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13',
  close: 'M6 6l12 12M18 6 6 18',
  check: 'M5 12.5 10 17.5 19.5 7',
  swap: 'M4 8h14l-4-4M20 16H6l4 4',
  link: 'M14 5h5v5M19 5l-8 8M17 14v5H5V7h5',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  crown: 'M4 18h16M4 15 3 7l5 3.5L12 5l4 5.5L21 7l-1 8z',
  chat: 'M4 5h16v11H10l-4 4v-4H4z',
  slash: 'M6 3h12a3 3 0 0 1 3 3v12a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3zM14.5 8l-5 8',
  reply: 'M10 6 4 12l6 6v-4c5 0 8 1.5 10 5 0-6-4-9-10-9z',
  plus: 'M12 5v14M5 12h14',
  down: 'M12 5v14M6 13l6 6 6-6',
  at: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM16 8v5.5a2.5 2.5 0 0 0 5 0V12a9 9 0 1 0-4 7.5',
  mic: 'M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3zM6 12a6 6 0 0 0 12 0M12 18v3',
  micOff:
    'M4 4l16 16M15 12V6a3 3 0 0 0-5.8-1M9 9v3a3 3 0 0 0 4.5 2.6M6 12a6 6 0 0 0 9 5.2M12 18v3M18 12a6 6 0 0 1-.5 2.3',
};

/** A line drawing; names are the keys of PATHS. Decorative: hidden from screen readers. */
export function icon(name, size = 20) {
  const svg = document.createElementNS(SVG, 'svg');
  for (const [key, value] of Object.entries({
    viewBox: '0 0 24 24',
    width: size,
    height: size,
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': 2,
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    'aria-hidden': 'true',
    focusable: 'false',
  }))
    svg.setAttribute(key, value);
  svg.classList.add('icon', `icon-${name}`);
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}
