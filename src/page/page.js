// The two forms, answered without leaving the page. Without this script they are posted, and work as well.
//
// Everything that is shown stands in the page already, in its language: a <template data-problem> for each refusal, found
// by the answer's errorcode and a part of its detail, and a <template data-done>.
"use strict";

(() => {
  // Longer than the slowest answer; a connection that has died is noticed at last.
  const TIMEOUT_MILLISECONDS = 60_000;

  /** What the link says, by names in lower case. It leaves the address bar and the history at once. */
  function takeLink() {
    const link = new Map();
    // The e-mails of other senders have a query, ours a fragment. "d1", a gateway's URL, is read by nobody: the password
    // goes to this page's own origin.
    for (const part of [location.search, location.hash]) {
      for (const [name, value] of new URLSearchParams(part.slice(1))) {
        link.set(name.toLowerCase(), value.trim());
      }
    }
    if (link.size > 0) {
      history.replaceState(null, "", location.pathname);
    }
    return { UserId: link.get("userid"), PendingCode: link.get("pendingcode") ?? link.get("verifycode") };
  }

  const link = takeLink();

  const form = document.querySelector("form");
  if (!form) {
    return;
  }
  const main = document.querySelector("main");
  const problem = document.getElementById("problem");
  const problems = [...document.querySelectorAll("template[data-problem]")];
  const done = document.querySelector("template[data-done]");
  const fields = [...form.querySelectorAll("input")];
  const password = form.elements.Password;
  const toggle = form.querySelector("[data-show-password]");
  const submit = form.querySelector("button[data-wait]");
  const status = form.querySelector("[role=status]");
  const label = submit.textContent;

  /** An answer was lost, or could not tell: the link may be dead because the password is changed. */
  let unclear = false;

  function named(name) {
    return problems.find((template) => template.dataset.problem === name);
  }

  function showLinkFields(shown) {
    for (const part of form.querySelectorAll("[data-from-link]")) {
      part.hidden = !shown;
    }
  }

  function fillIn({ UserId, PendingCode }) {
    const { elements } = form;
    if (elements.PendingCode && (UserId || PendingCode)) {
      elements.UserId.value = UserId ?? "";
      elements.PendingCode.value = PendingCode ?? "";
      // What a broken link lacks can be pasted.
      showLinkFields(!(UserId && PendingCode));
      unclear = false;
      hideProblem();
    }
  }

  function clear() {
    for (const field of fields) {
      field.value = "";
    }
    showPassword(false);
    showLinkFields(true);
  }

  function showPassword(shown) {
    if (toggle) {
      password.type = shown ? "text" : "password";
      toggle.setAttribute("aria-pressed", String(shown));
    }
  }

  function describedBy(field, ids) {
    if (ids.length > 0) {
      field.setAttribute("aria-describedby", ids.join(" "));
    } else {
      field.removeAttribute("aria-describedby");
    }
  }

  function hints(field) {
    return (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== problem.id);
  }

  function hideProblem() {
    problem.hidden = true;
    problem.replaceChildren();
    for (const field of fields) {
      field.removeAttribute("aria-invalid");
      describedBy(field, hints(field));
    }
  }

  /** Shows a problem, and takes the user to the field that can be mended, else to the problem itself. */
  function showProblem(content, field) {
    hideProblem();
    problem.append(content);
    problem.hidden = false;
    if (field) {
      field.setAttribute("aria-invalid", "true");
      describedBy(field, [problem.id, ...hints(field)]);
      field.focus();
      // The field has the focus; what is wrong with it stands above.
      problem.scrollIntoView({ block: "nearest" });
    } else {
      problem.focus();
    }
  }

  function show(template, field = form.elements[template.dataset.field]) {
    if (template.dataset.problem === "invalid") {
      showLinkFields(true);
    }
    showProblem(template.content.cloneNode(true), field);
  }

  function showWaiting(waiting) {
    submit.disabled = waiting;
    submit.textContent = waiting ? submit.dataset.wait : label;
    status.textContent = waiting ? submit.dataset.wait : "";
    form.setAttribute("aria-busy", String(waiting));
  }

  function showDone() {
    clear();
    main.replaceChildren(done.content.cloneNode(true));
    const heading = main.querySelector("h1");
    document.title = heading.textContent;
    heading.focus();
  }

  /** What can be said before the call: a field is empty, or the password too short. */
  function refuseEarly() {
    const empty = fields.find((field) => field !== password && field.value.trim() === "");
    if (empty) {
      show(named("invalid") ?? named("invalid-user-name"), empty);
    } else if (password && [...password.value.normalize()].length < password.minLength) {
      show(named("too-short"));
    } else {
      return false;
    }
    return true;
  }

  function refuse(answer) {
    const detail = String(answer.detail ?? "");
    const template = problems.find(({ dataset }) =>
      Number(dataset.errorcode) === answer.errorcode && detail.toLowerCase().includes(dataset.detail));
    if (template?.dataset.problem === "link-dead" && unclear) {
      show(named("unclear"));
    } else if (template) {
      unclear ||= template.dataset.problem === "unclear";
      show(template);
    } else if (detail) {
      const paragraph = document.createElement("p");
      paragraph.textContent = detail;
      showProblem(paragraph);
    } else {
      noAnswer();
    }
  }

  function noAnswer() {
    unclear = true;
    show(named("no-answer"));
  }

  async function call() {
    const payload = {};
    for (const field of fields) {
      payload[field.name] = field === password ? field.value : field.value.trim();
    }
    const response = await fetch(form.dataset.call, {
      method: "POST",
      body: JSON.stringify(payload),
      signal: AbortSignal.timeout?.(TIMEOUT_MILLISECONDS),
    });
    return response.json();
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    // Shown, it would be kept by the browser as any other text.
    showPassword(false);
    if (submit.disabled || refuseEarly()) {
      return;
    }
    hideProblem();
    showWaiting(true);
    let answer;
    try {
      answer = await call();
    } catch {
      // No connection, or not our JSON.
    }
    showWaiting(false);
    if (answer?.result === true) {
      showDone();
    } else if (answer) {
      refuse(answer);
    } else {
      noAnswer();
    }
  });

  toggle?.addEventListener("click", () => showPassword(toggle.getAttribute("aria-pressed") === "false"));

  // No secret is there again when the user comes back: neither from the browser's cache of pages nor from its memory of
  // what was typed into them.
  addEventListener("pagehide", clear);
  addEventListener("pageshow", ({ persisted }) => persisted && clear());

  // Another link that is put into the address bar of this page does not load it anew.
  addEventListener("hashchange", () => {
    if (form.isConnected) {
      fillIn(takeLink());
    } else {
      location.reload();
    }
  });

  form.noValidate = true;
  if (toggle) {
    toggle.hidden = false;
  }
  fillIn(link);
})();
