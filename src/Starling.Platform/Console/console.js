// The console works without this. With it, what is live is fetched again and patched in place, forms answer without leaving the page,
// and the theme can be chosen.
(() => {
  'use strict';
  const root = document.documentElement;
  const stored = () => { try { return localStorage.getItem('starling-theme'); } catch { return null; } };
  if (stored()) root.dataset.theme = stored();

  let paused = false;
  let busy = false;

  // Patches one element into another and leaves what is the same alone, so that focus, selection and scrolling stay.
  function patch(from, to) {
    if (from.nodeType !== to.nodeType || from.nodeName !== to.nodeName) { from.replaceWith(to.cloneNode(true)); return; }
    if (from.nodeType !== Node.ELEMENT_NODE) { if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue; return; }
    for (const name of from.getAttributeNames()) if (!to.hasAttribute(name) && name !== 'open') from.removeAttribute(name);
    for (const name of to.getAttributeNames()) if (name !== 'open' && from.getAttribute(name) !== to.getAttribute(name)) from.setAttribute(name, to.getAttribute(name));
    if (from.dataset.keyed !== undefined) { patchKeyed(from, to); return; }
    const old = [...from.childNodes], fresh = [...to.childNodes];
    fresh.forEach((node, i) => old[i] ? patch(old[i], node) : from.append(node.cloneNode(true)));
    old.slice(fresh.length).forEach(node => node.remove());
  }

  // A list whose members have ids: what is open stays open when others come above it.
  function patchKeyed(from, to) {
    const wanted = new Set([...to.children].map(node => node.id));
    for (const node of [...from.children]) if (!wanted.has(node.id)) node.remove();
    let place = from.firstElementChild;
    for (const node of to.children) {
      const here = document.getElementById(node.id);
      if (!here) { from.insertBefore(node.cloneNode(true), place); continue; }
      patch(here, node);
      if (here !== place) from.insertBefore(here, place);
      place = here.nextElementSibling;
    }
  }

  function take(text, which) {
    const page = new DOMParser().parseFromString(text, 'text/html');
    for (const node of page.querySelectorAll(which)) {
      const here = node.id && document.getElementById(node.id);
      if (here) patch(here, node);
    }
    document.title = page.title || document.title;
  }

  async function load(url, init, which) {
    const offline = document.getElementById('offline');
    try {
      const answer = await fetch(url, init);
      if (answer.headers.get('content-type')?.startsWith('text/html')) take(await answer.text(), which);
      else say(await answer.json());
      offline.hidden = true;
    } catch {
      offline.hidden = false;
    }
  }

  // What is refused before a page is made of it comes as problem+json.
  function say(problem) {
    const box = document.createElement('div');
    box.className = 'report bad';
    box.textContent = `${problem.title} ${problem.detail}`;
    document.getElementById('result')?.replaceChildren(box);
  }

  async function refresh() {
    if (busy || paused || document.hidden) return;
    busy = true;
    await load(location.href, {}, '[data-live]');
    busy = false;
  }

  // Ticks beside resources write their paths into the form for several at once, which stays as it is from object to object of a device.
  function several() {
    const panel = document.querySelector('[data-several]');
    if (!panel) return;
    const text = panel.querySelector('textarea'), count = panel.querySelector('.badge'), key = 'starling-several ' + panel.dataset.several;
    const ticks = [...document.querySelectorAll('[data-tick]')];
    const lines = () => text.value.split('\n').map(line => line.trim()).filter(line => line);
    const pathOf = line => line.split('=')[0].trim();
    const show = () => {
      const paths = lines().map(pathOf);
      for (const tick of ticks) tick.checked = paths.includes(tick.dataset.tick);
      count.textContent = paths.length;
      count.hidden = paths.length === 0;
      try { sessionStorage.setItem(key, text.value); } catch { /* for this page only, then */ }
    };
    try { text.value = sessionStorage.getItem(key) ?? ''; } catch { /* nothing is kept */ }
    for (const tick of ticks) {
      tick.hidden = false;
      tick.addEventListener('change', () => {
        const others = lines().filter(line => pathOf(line) !== tick.dataset.tick);
        text.value = (tick.checked ? [...others, tick.dataset.tick] : others).join('\n');
        panel.open = true;
        show();
      });
    }
    text.addEventListener('input', show);
    show();
    panel.open = lines().length > 0;
  }

  document.addEventListener('DOMContentLoaded', () => {
    const every = Number(document.body.dataset.refresh);
    if (every > 0) setInterval(refresh, every);
    document.addEventListener('visibilitychange', refresh);

    document.getElementById('theme').addEventListener('click', () => {
      const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
      root.dataset.theme = dark ? 'light' : 'dark';
      try { localStorage.setItem('starling-theme', root.dataset.theme); } catch { /* for this page only, then */ }
    });

    several();

    // What is typed into a search narrows the list at once and stands in the address.
    for (const form of document.querySelectorAll('form[data-search]')) {
      let waiting;
      const search = () => {
        const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ''));
        const url = location.pathname + (query.size ? '?' + query : '');
        history.replaceState(null, '', url);
        load(url, {}, '[data-live]');
      };
      form.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(search, 200); });
      form.addEventListener('submit', event => { event.preventDefault(); clearTimeout(waiting); search(); });
    }
  });

  document.addEventListener('submit', async event => {
    const form = event.target;
    if (!form.matches('form[data-act]')) return;
    event.preventDefault();
    const body = new FormData(form, event.submitter);
    for (const [name, value] of new FormData(document.getElementById('settings') ?? undefined)) body.set(name, value);
    const result = document.getElementById('result');
    event.submitter?.setAttribute('aria-busy', 'true');
    if (result) result.setAttribute('aria-busy', 'true');
    // The list stays as it was searched for since the page came.
    const address = new URL(form.action);
    if (document.querySelector('form[data-search]')) address.search = location.search;
    await load(address, { method: 'POST', body }, '[data-result], [data-live]');
    event.submitter?.removeAttribute('aria-busy');
    if (result) result.removeAttribute('aria-busy');
  });

  document.addEventListener('click', async event => {
    const pause = event.target.closest('[data-pause]');
    if (pause) {
      paused = !paused;
      pause.setAttribute('aria-pressed', String(paused));
      pause.textContent = paused ? 'Go on' : 'Pause';
      refresh();
    }
    const copy = event.target.closest('[data-copy]');
    if (copy) {
      const answer = await fetch(copy.dataset.copy);
      const before = copy.textContent;
      try {
        await navigator.clipboard.writeText(await answer.text());
        copy.textContent = 'Copied';
      } catch {
        location.href = copy.dataset.copy;   // the browser lets nobody copy: show the text instead
      }
      setTimeout(() => { copy.textContent = before; }, 1500);
    }
  });
})();
