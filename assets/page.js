// Submits the form as the browser would, and swaps in the page that the server responds with. What was typed stays in the
// browser, and the page works without this script.
"use strict";

(() => {
  // Longer than the slowest response, so that a dead connection is noticed.
  const TIMEOUT_MILLISECONDS = 60_000;

  const find = (selector) => document.querySelector(selector);
  const findAll = (selector) => document.querySelectorAll(selector);

  /** Whether the link had everything that the form needs from it. */
  let linkIsComplete = false;

  /** Takes the user id and the code out of the address, which then no longer shows them. */
  function takeLink() {
    const link = new Map();
    // Our mails put them into the fragment, those of existing exchanges into the query. Their "d1", the URL of a gateway,
    // is ignored: the password only goes to this page's own origin.
    for (const part of [location.search, location.hash]) {
      for (const [name, value] of new URLSearchParams(part.slice(1))) {
        link.set(name.toLowerCase(), value.trim());
      }
    }
    if (link.size > 0) history.replaceState(null, "", location.pathname);
    return { UserId: link.get("userid") ?? "", PendingCode: link.get("pendingcode") ?? link.get("verifycode") ?? "" };
  }

  function fillIn({ UserId, PendingCode }) {
    const { elements } = find("form");
    if (!elements.PendingCode || !(UserId || PendingCode)) return;
    elements.UserId.value = UserId;
    elements.PendingCode.value = PendingCode;
    elements.EarlierAttempt.value = "";
    linkIsComplete = Boolean(UserId && PendingCode);
    find("main > #problem")?.remove();
    enhance();
  }

  /** Hides what the link has filled in, and shows what needs this script. */
  function enhance() {
    for (const field of findAll("[data-from-link]")) field.hidden = linkIsComplete;
    for (const toggle of findAll("[data-show-password]")) toggle.hidden = false;
  }

  function showPassword(shown) {
    const toggle = find("[data-show-password]");
    if (!toggle) return;
    find("#Password").type = shown ? "text" : "password";
    toggle.setAttribute("aria-pressed", String(shown));
  }

  /** Says that the call is in progress, or restores the button. */
  function wait(form, waiting) {
    const button = form.querySelector("[data-wait]");
    button.dataset.label ??= button.textContent;
    button.disabled = waiting;
    button.textContent = waiting ? button.dataset.wait : button.dataset.label;
    form.querySelector("[role=status]").textContent = waiting ? button.dataset.wait : "";
    form.setAttribute("aria-busy", String(waiting));
  }

  /** Shows the server's page, with what was typed still in its fields. */
  function swapIn(page, form) {
    for (const field of page.querySelectorAll("form input:not([type=hidden])")) {
      field.value = form.elements[field.name]?.value ?? "";
    }
    document.title = page.title;
    find("main").replaceWith(document.adoptNode(page.querySelector("main")));
    enhance();
    find("main [autofocus]")?.focus();
    find("main > #problem")?.scrollIntoView({ block: "nearest" });
  }

  /** Says that no response arrived: the call may have taken effect. */
  function showNoResponse(form) {
    const { EarlierAttempt } = form.elements;
    if (EarlierAttempt) EarlierAttempt.value = "unclear";
    find("main > #problem")?.remove();
    form.before(find("#no-response").content.cloneNode(true));
    find("main > #problem").focus();
  }

  async function submit(form) {
    // While it is shown, the browser would remember the password like any other text.
    showPassword(false);
    const body = new URLSearchParams(new FormData(form));
    wait(form, true);
    let response, page;
    try {
      response = await fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout?.(TIMEOUT_MILLISECONDS) });
      page = new DOMParser().parseFromString(await response.text(), "text/html");
    } catch {
      // No connection, or no response in time.
    }
    wait(form, false);
    if (response?.redirected) {
      location.replace(response.url);
    } else if (page && response.headers.has("X-Outcome")) {
      linkIsComplete &&= response.headers.get("X-Outcome") !== "invalid";
      swapIn(page, form);
    } else {
      showNoResponse(form);
    }
  }

  document.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.target.getAttribute("aria-busy") !== "true") submit(event.target);
  });

  document.addEventListener("click", ({ target }) => {
    if (target.matches("[data-show-password]")) showPassword(target.getAttribute("aria-pressed") === "false");
  });

  // No secret is left when the user comes back, neither in the browser's page cache nor in its form history.
  addEventListener("pagehide", () => {
    showPassword(false);
    for (const field of findAll("input")) field.value = "";
    linkIsComplete = false;
  });
  addEventListener("pageshow", enhance);

  // A second link opened in this tab doesn't reload the page.
  addEventListener("hashchange", () => (find("form") ? fillIn(takeLink()) : location.reload()));

  fillIn(takeLink());
  enhance();
})();
