/* Sends one large file in pieces, so that a broken line costs one piece. Without this file the form sends it whole. */
(function () {
  "use strict";

  var PIECE = 4 * 1024 * 1024;
  var TRIES = 100;

  function send(form, file, token) {
    var bar = form.querySelector("[data-progress]");
    var headers = { "X-CSRFToken": token };

    function show(received) {
      bar.hidden = false;
      bar.firstElementChild.value = Math.floor((received * 100) / file.size);
    }

    function next(page, received, tries) {
      show(received);
      if (received >= file.size) {
        window.location.assign(page);
        return;
      }
      fetch(page + "piece/", {
        method: "PUT",
        body: file.slice(received, received + PIECE),
        headers: Object.assign({ "Upload-Offset": String(received) }, headers),
      })
        .then(function (answer) {
          return answer.json();
        })
        .then(function (told) {
          if (typeof told.received !== "number") {
            throw new Error("refused");
          }
          next(page, told.received, TRIES);
        })
        .catch(function () {
          /* The line is gone for a moment: the same piece again. After some minutes the page says how far it came. */
          if (tries) {
            setTimeout(next, 3000, page, received, tries - 1);
          } else {
            window.location.assign(page);
          }
        });
    }

    var about = new FormData();
    about.append("file_name", file.name);
    about.append("size", file.size);
    fetch(form.dataset.pieces, { method: "POST", body: about, headers: headers })
      .then(function (answer) {
        if (!answer.ok) {
          throw new Error("refused");
        }
        return answer.json();
      })
      .then(function (told) {
        next(told.page, told.received, TRIES);
      })
      .catch(function () {
        form.submit();
      });
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    var chosen = form.dataset.pieces && form.querySelector("input[type=file]").files;
    if (chosen && chosen.length === 1 && chosen[0].size > PIECE && /\.zip$/i.test(chosen[0].name)) {
      event.preventDefault();
      send(form, chosen[0], form.querySelector("[name=csrfmiddlewaretoken]").value);
    }
  });
})();
