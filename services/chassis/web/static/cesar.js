/* Improves pages that already work without it. */
(() => {
  "use strict";
  const text = (name, values = {}) =>
    (document.body.dataset["text" + name] || "").replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const locale = document.documentElement.lang;
  const clock = () => new Date().toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  document.documentElement.classList.add("js");

  /* Toasts */
  function toast(message) {
    const close = make("button", { type: "button", className: "icon-button", textContent: "×", ariaLabel: text("Close") });
    const box = make("div", { className: "toast" }, make("span", { textContent: message }), close);
    close.onclick = () => box.remove();
    document.getElementById("toasts")?.append(box);
    setTimeout(() => box.matches(":hover, :focus-within") || box.remove(), 8000);
  }

  /* Replacing parts of the page */
  async function fetchPage(url, options = {}) {
    const response = await fetch(url, { headers: { "X-Requested-With": "fetch" }, ...options });
    if (!response.ok) throw new Error(response.status);
    return new DOMParser().parseFromString(await response.text(), "text/html");
  }

  // A region in which someone is typing, or has a window open, waits for the next time.
  const busy = (region) =>
    region.contains(document.activeElement) && document.activeElement.matches("input, textarea, select") ||
    region.querySelector("dialog[open]");

  const drawn = {}; // by id, what the server last sent: the page itself is changed by enhance()

  function replaceRegion(id, page) {
    const old = document.getElementById(id);
    const fresh = page.getElementById(id);
    if (!old || !fresh || busy(old) || drawn[id] === fresh.outerHTML) return;
    drawn[id] = fresh.outerHTML;
    all("details[id][open]", old).forEach((open) => fresh.querySelector("#" + CSS.escape(open.id))?.setAttribute("open", ""));
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceWith(fresh);
    enhance(fresh);
    if (focused) all("a, button, summary", fresh).find((same) => same.outerHTML === focused.outerHTML)?.focus();
  }

  /* data-poll=SECONDS on an element with an id: regions that keep themselves up to date while they can be seen. */
  function poll(failures = 0) {
    const periods = all("[data-poll][id]").map((region) => Number(region.dataset.poll));
    if (!periods.length) return;
    setTimeout(async () => {
      try {
        if (!document.hidden) {
          const page = await fetchPage(location.href);
          all("[data-poll][id]").forEach((region) => replaceRegion(region.id, page));
        }
        poll();
      } catch {
        poll(failures + 1);
      }
    }, Math.max(Math.min(...periods), 0.5) * 1000 * Math.min(2 ** failures, 30));
  }

  /* form[data-autosave=URL] */
  const unsaved = new Set();

  function autosave(form) {
    const status = form.querySelector("[data-autosave-status]") ||
      form.appendChild(make("p", { className: "autosave" }));
    status.classList.add("autosave");
    status.setAttribute("role", "status");
    const say = (state, message) => {
      status.dataset.state = state;
      if (status.textContent !== message) status.textContent = message;
    };
    let timer = 0;
    let edits = 0; // counts edits, so that what is typed during a save is saved again
    let saving = false;
    let delay = 2000;

    const later = (milliseconds) => {
      clearTimeout(timer);
      timer = setTimeout(save, milliseconds);
    };
    async function save(keepalive = false) {
      clearTimeout(timer);
      if (saving || !unsaved.has(form)) return;
      saving = true;
      const saved = edits;
      const body = [...new FormData(form)].filter(([, value]) => typeof value === "string"); // files go on submit
      say("saving", text("Saving"));
      try {
        const response = await fetch(form.dataset.autosave, {
          method: "POST",
          headers: { "X-Requested-With": "autosave" },
          body: new URLSearchParams(body),
          keepalive: keepalive === true,
        });
        if (response.status === 401 || (response.redirected && response.url.includes("/sign-in"))) {
          say("failed", text("Expired"));
        } else if (response.status >= 500 || response.status === 429) {
          throw new Error(response.status);
        } else if (!response.ok) {
          say("failed", text("Refused"));
        } else {
          delay = 2000;
          if (saved === edits) unsaved.delete(form);
          say("saved", text(chosenFiles(form).length ? "SavedWithoutFiles" : "Saved", { time: clock() }));
          // The answer may carry fresh parts: progress, questions that now apply.
          const ids = (form.dataset.autosaveRefresh || "").split(" ").filter(Boolean);
          if (ids.length && (response.headers.get("Content-Type") || "").includes("html")) {
            const page = new DOMParser().parseFromString(await response.text(), "text/html");
            ids.forEach((id) => replaceRegion(id, page));
          }
        }
      } catch {
        say("failed", text("Offline"));
        later(delay);
        delay = Math.min(delay * 2, 30000);
      }
      saving = false;
      if (saved !== edits) later(800);
    }
    const edited = (event) => {
      edits += 1;
      unsaved.add(form);
      say("unsaved", text("Unsaved"));
      later(event.type === "change" ? 200 : 1000);
    };
    form.addEventListener("input", edited);
    form.addEventListener("change", edited);
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      unsaved.delete(form);
    });
    addEventListener("online", () => save());
    // On a phone, leaving often means switching to another application: save at once.
    document.addEventListener("visibilitychange", () => document.hidden && save(true));
  }

  /* form[data-keep]: it saves nothing by itself, so that leaving it is asked about. */
  function keep(form) {
    form.addEventListener("input", () => unsaved.add(form));
    form.addEventListener("submit", () => unsaved.delete(form));
  }

  addEventListener("beforeunload", (event) => {
    const forgotten = all("form[method=post]").some((form) => !form.dataset.sent && chosenFiles(form).length);
    if (unsaved.size || forgotten) event.preventDefault();
  });

  /* input[type=file]: what is too large (data-largest=BYTES for each file) is told before it is sent in vain. */
  const chosenFiles = (form) => all("input[type=file]", form).flatMap((input) => [...input.files]);

  function checkSize(input) {
    const note = make("p", { className: "field__error", hidden: true });
    note.setAttribute("role", "alert");
    input.before(note);
    const megabytes = (bytes) => Math.floor(bytes / 2 ** 20);
    input.addEventListener("change", () => {
      const most = Number(document.body.dataset.largestRequest);
      const largest = Number(input.dataset.largest || most);
      const large = [...input.files].find((file) => file.size > largest);
      const total = chosenFiles(input.form).reduce((sum, file) => sum + file.size, 0);
      note.textContent = large
        ? text("FileTooLarge", { name: large.name, size: megabytes(large.size), most: megabytes(largest) })
        : total > most ? text("FilesTooLarge", { most: megabytes(most) }) : "";
      note.hidden = !note.textContent;
      input.toggleAttribute("aria-invalid", !note.hidden);
      if (note.textContent) input.value = "";
    });
  }

  /* form[data-filter]: the list in #results follows the form, and the address follows the list. */
  let filtering = null;

  async function showResults(url, remember = true) {
    const results = document.getElementById("results");
    if (!results) return location.assign(url);
    filtering?.abort();
    filtering = new AbortController();
    results.setAttribute("aria-busy", "true");
    try {
      const page = await fetchPage(url, { signal: filtering.signal });
      if (!page.getElementById("results")) return location.assign(url);
      if (remember) history.pushState({ results: true }, "", url);
      replaceRegion("results", page);
      document.getElementById("results").removeAttribute("aria-busy");
    } catch (error) {
      if (error.name !== "AbortError") location.assign(url);
    }
  }

  function filter(form) {
    const show = () => {
      const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
      const sort = new URLSearchParams(location.search).get("sort");
      if (sort) query.set("sort", sort);
      showResults(form.action.split("?")[0] + (String(query) && "?" + query));
    };
    let timer = 0;
    form.addEventListener("input", (event) => {
      clearTimeout(timer);
      timer = setTimeout(show, event.target.matches("[type=search], [type=text]") ? 300 : 0);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(timer);
      show();
    });
  }

  /* input[data-look-up=URL]: fourteen digits fill in the fields of the form that nobody has filled in.
     The hidden field from_register keeps, by name, what was filled in and gives way to the next company. */
  function lookUp(input) {
    const fields = input.form.elements;
    const note = input.form.querySelector("[data-look-up-note]");
    const kept = fields.from_register;
    let asked = "";
    input.addEventListener("input", async () => {
      const digits = input.value.replace(/\D/g, "");
      if (digits.length !== 14 || digits === asked) return;
      asked = digits;
      const response = await fetch(input.dataset.lookUp + digits, { headers: { Accept: "application/json" } }).catch(() => null);
      const answer = response && (await response.json().catch(() => null));
      if (asked !== digits || !answer) return;
      note.textContent = answer.message || answer.detail || "";
      const before = JSON.parse(kept.value || "{}");
      const blank = Object.fromEntries(Object.keys(before).map((name) => [name, ""]));
      const filled = {};
      for (const [name, value] of Object.entries({ ...blank, ...answer.fields })) {
        if (!fields[name] || (fields[name].value && fields[name].value !== before[name])) continue;
        fields[name].value = filled[name] = value;
      }
      kept.value = JSON.stringify(filled);
    });
  }

  /* Dialogs */
  function ask(question, danger) {
    return new Promise((resolve) => {
      const yes = make("button", { className: "button button--" + (danger ? "danger" : "primary"), value: "yes", textContent: text("Continue") });
      const no = make("button", { className: "button button--quiet", value: "no", autofocus: true, textContent: text("Cancel") });
      const title = make("h2", { id: "ask-title", textContent: text("Confirm") });
      const form = make("form", { method: "dialog", className: "actions" }, no, yes);
      const box = make("dialog", { className: "dialog" }, title, make("p", { id: "ask-text", textContent: question }), form);
      box.setAttribute("aria-labelledby", "ask-title");
      box.setAttribute("aria-describedby", "ask-text");
      box.addEventListener("close", () => {
        box.remove();
        resolve(box.returnValue === "yes");
      });
      document.body.append(box);
      box.showModal();
    });
  }

  // "{accept}" in a question is how many of the form's choices are "accept" now.
  const counted = (question, form) =>
    question.replace(/\{(\w+)\}/g, (_, value) => all("select", form).filter((chosen) => chosen.value === value).length);

  // The capture phase: nothing else may see a form before the person has said yes, nor see it twice.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const submitter = event.submitter;
    if (form.dataset.sent) {
      event.preventDefault();
      return event.stopImmediatePropagation();
    }
    const source = submitter?.dataset.confirm ? submitter : form;
    if (source.dataset.confirm && !form.dataset.confirmed) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (await ask(counted(source.dataset.confirm, form), source.dataset.confirmKind === "danger")) {
        form.dataset.confirmed = "yes";
        form.requestSubmit(submitter);
        delete form.dataset.confirmed;
      }
      return;
    }
    if (form.method !== "post") return;
    form.dataset.sent = "yes";
    submitter?.setAttribute("aria-disabled", "true");
    // A download leaves the page where it is: the form must be usable again.
    setTimeout(() => release(form), 10000);
  }, true);

  function release(form) {
    delete form.dataset.sent;
    all("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
  }
  addEventListener("pageshow", () => all("form[data-sent]").forEach(release));

  /* One listener for every small thing that is pressed. */
  document.addEventListener("click", async (event) => {
    const pressed = event.target.closest("a, button");
    if (!pressed) {
      if (event.target.matches("dialog")) event.target.close(); // the backdrop
      return;
    }
    const data = pressed.dataset;
    if ("dismiss" in data) pressed.closest("[data-dismissible]")?.remove();
    if ("back" in data) {
      event.preventDefault();
      history.back();
    }
    if ("close" in data) pressed.closest("dialog")?.close();
    if (data.dialog) {
      event.preventDefault();
      document.getElementById(data.dialog)?.showModal();
    }
    if (data.copy !== undefined) {
      navigator.clipboard.writeText(data.copy).then(() => toast(text("Copied")), () => toast(text("NotCopied")));
    }
    if ("themeSwitch" in data) switchTheme();
    if ("results" in data && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      await showResults(pressed.href);
      document.getElementById("results")?.scrollIntoView({ block: "start" });
    }
  });

  addEventListener("popstate", () => document.querySelector("form[data-filter]") && location.reload());
  const closeMenus = (inside) => all("details.menu[open]").forEach((menu) => menu.contains(inside) || (menu.open = false));
  document.addEventListener("keydown", (event) => event.key === "Escape" && closeMenus(null));
  document.addEventListener("click", (event) => closeMenus(event.target));

  /* Theme: in a cookie, so that the server draws the first pixel right. */
  const root = document.documentElement;
  const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  function nameTheme() {
    all("[data-theme-switch] span").forEach((label) => (label.textContent = text(dark() ? "Light" : "Dark")));
  }
  function switchTheme() {
    root.dataset.theme = dark() ? "light" : "dark";
    document.cookie = `cesar_theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
    nameTheme();
  }

  function enhance(scope) {
    all("[data-dismiss], [data-copy], [data-theme-switch]", scope).forEach((button) => (button.hidden = false));
    all("form[data-autosave]", scope).forEach(autosave);
    all("form[data-keep]", scope).forEach(keep);
    all("form[data-filter]", scope).forEach(filter);
    all("input[type=file]", scope).forEach(checkSize);
    all("input[data-look-up]", scope).forEach(lookUp);
  }
  enhance(document);
  poll();
  nameTheme();
  document.querySelector("[data-focus]")?.focus();
})();
