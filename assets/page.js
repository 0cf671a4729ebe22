// Submits the form as the browser would, and shows the server's page without losing what was typed.

const find = (selector) => document.querySelector(selector);
const findAll = (selector) => document.querySelectorAll(selector);
const isBusy = (form) => form.getAttribute("aria-busy") === "true";

/** Whether the link contained everything that the form needs from it. */
let linkIsComplete = false;

/** Fills in the user id and the code from the link, and removes them from the address bar and the tab's history. */
function takeLink() {
  // Our e-mails put them into the fragment, those of existing exchanges into the query. Their "d1", the URL of a
  // gateway, is ignored: the password is only sent to this page's own origin.
  const parameters = new URLSearchParams(`${location.search}&${location.hash.slice(1)}`);
  const link = new Map(Array.from(parameters, ([name, value]) => [name.toLowerCase(), value.trim()]));
  if (link.size > 0) history.replaceState(null, "", location.pathname);
  let form = find("form");
  const codeName = find("[name$=Code]")?.name ?? ""; // PendingCode or LockCode
  const code = link.get(codeName.toLowerCase()) ?? link.get("verifycode") ?? "";
  const userId = link.get("userid") ?? "";
  if (!codeName || !(userId || code)) return;
  // An earlier attempt of this user may have changed the password, and voided this link.
  const earlier = form.elements.UserId.value === userId && (isBusy(form) || form.elements.EarlierAttempt?.value);
  if (isBusy(form) && form.elements[codeName].value !== code) {
    // Abandons the call for another link: the response to a form that is gone is ignored.
    wait(form, false);
    form.reset();
    form.replaceWith((form = form.cloneNode(true)));
  }
  const values = { UserId: userId, [codeName]: code, EarlierAttempt: earlier ? "unclear" : "" };
  for (const name in values) Object.assign(form.elements[name] ?? {}, { value: values[name] });
  linkIsComplete = Boolean(userId && code);
  removeProblem();
  enhance();
}

function removeProblem() {
  find("main > #problem")?.remove();
  const field = find("[aria-invalid]");
  field?.removeAttribute("aria-invalid");
  field?.setAttribute("aria-describedby", field.getAttribute("aria-describedby").replace(/problem ?/, ""));
}

/** Hides the fields that the link has filled in, and shows the controls that need this script. */
function enhance() {
  for (const field of findAll("[data-from-link]")) field.hidden = linkIsComplete;
  find("[data-show-password]")?.removeAttribute("hidden");
}

function showPassword(shown) {
  find("#Password")?.setAttribute("type", shown ? "text" : "password");
  find("[data-show-password]")?.setAttribute("aria-pressed", String(shown));
}

/** Shows that the form is being submitted, or restores the button. */
function wait(form, waiting) {
  const button = form.querySelector("[data-wait]");
  button.dataset.label ??= button.textContent;
  button.disabled = waiting;
  button.textContent = waiting ? button.dataset.wait : button.dataset.label;
  form.querySelector("[role=status]").textContent = waiting ? button.dataset.wait : "";
  form.setAttribute("aria-busy", String(waiting));
}

/** Replaces this page with the server's, and keeps what was typed. */
function swapIn(page) {
  for (const field of page.querySelectorAll("input[id]")) field.value = find(`#${field.id}`)?.value ?? "";
  document.title = page.title;
  find("main").replaceWith(document.adoptNode(page.querySelector("main")));
  enhance();
  find("main [autofocus]")?.focus();
  find("main > #problem")?.scrollIntoView({ block: "nearest" });
}

/** Shows that no response arrived. The server may still have received the form. */
function showNoResponse(form) {
  find("[name=EarlierAttempt]")?.setAttribute("value", "unclear");
  wait(form, false);
  removeProblem();
  form.before(find("#no-response").content.cloneNode(true));
  find("main > #problem").focus();
}

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (isBusy(form)) return;
  // The browser would remember a visible password like any other text.
  showPassword(false);
  const body = new URLSearchParams(new FormData(form));
  wait(form, true);
  let response, page;
  try {
    // Detects a dead connection. Almost every response is faster; if one comes later, its outcome is unclear.
    response = await fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout?.(60_000) });
    page = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {} // No connection, or no response in time.
  if (!form.isConnected) return;
  if (response?.redirected) {
    location.replace(response.url); // The form stays busy until the next page replaces it.
  } else if (page && response.headers.has("X-Outcome")) {
    linkIsComplete &&= response.headers.get("X-Outcome") !== "invalid";
    swapIn(page);
  } else {
    showNoResponse(form);
  }
});

document.addEventListener("click", ({ target }) => {
  if (target.matches("[data-show-password]")) showPassword(target.getAttribute("aria-pressed") === "false");
});

// A password that was too short is a problem only until it is long enough. The server counts code points in NFC, too.
document.addEventListener("input", () => {
  const problem = find("#problem[data-min-length]");
  if (problem && [...find("#Password").value.normalize()].length >= problem.dataset.minLength) removeProblem();
});

// The back button must not show a secret, neither from the back/forward cache nor from restored form data.
addEventListener("pagehide", () => {
  showPassword(false);
  for (const field of findAll("input")) field.value = "";
  linkIsComplete = false;
  enhance();
});
// If the page is open already, another link changes only the fragment, and the browser doesn't load the page again.
addEventListener("hashchange", () => (find("form") ? takeLink() : location.reload()));
takeLink();
enhance();
