/* Small comforts only: every page works without this file. */
(function () {
  "use strict";

  /* The error summary takes the focus, also in browsers that ignore `autofocus` outside of fields. */
  document.addEventListener("DOMContentLoaded", function () {
    var summary = document.getElementById("ringkasan-kesalahan");
    if (summary) {
      summary.focus();
    }
  });

  /* A fragment fetched by htmx may name the element that is to take the focus. */
  document.addEventListener("htmx:afterSwap", function (event) {
    var target = event.target.querySelector("[data-focus]");
    if (target) {
      target.focus();
    }
  });

  /* A second press on a slow line must not send the form twice. The server refuses repeats anyway. */
  document.addEventListener("submit", function (event) {
    var button = event.submitter;
    if (!button || event.target.method !== "post" || event.defaultPrevented) {
      return;
    }
    setTimeout(function () {
      button.disabled = true;
      button.setAttribute("aria-busy", "true");
    }, 0);
  });

  /* Coming back by the browser's own button: the form can be sent again. */
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) {
      document.querySelectorAll("button[aria-busy]").forEach(function (button) {
        button.disabled = false;
        button.removeAttribute("aria-busy");
      });
    }
  });

  /* In a form with several buttons Enter presses the one that `data-enter` of the nearest element names. */
  document.addEventListener("keydown", function (event) {
    var scope = event.target.matches("input") && event.target.closest("[data-enter]");
    if (event.key === "Enter" && scope && !event.isComposing) {
      event.preventDefault();
      document.getElementById(scope.dataset.enter).click();
    }
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) {
      window.print();
    }
  });
})();
