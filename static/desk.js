/* Names for a screen reader what Django's widgets leave without a name, asks them for what fits, and
   puts the keyboard where a page has something to say. It only adds comfort: nothing on a page waits for it. */
"use strict";

(() => {
  function labelOf(select) {
    const label = select.id && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    const words = label ? label.textContent : select.getAttribute("aria-label") || select.dataset.placeholder;
    return (words || "").trim().replace(/:$/, "");
  }

  // The autocomplete: a box that says what it is for and what is chosen in it.
  function nameChoices(select) {
    const words = labelOf(select);
    const shown = select.nextElementSibling;
    const box = shown && shown.querySelector(".select2-selection");
    if (!words || !box) return;
    const chosen = box.querySelector(".select2-selection__rendered");
    box.setAttribute("aria-label", words);
    if (chosen && chosen.tagName === "SPAN") {
      box.id ||= `${select.id}-choice`;
      box.setAttribute("aria-labelledby", `${box.id} ${chosen.id}`);
      // It holds words, not a text box of its own.
      chosen.removeAttribute("role");
      chosen.removeAttribute("aria-readonly");
    }
    for (const field of box.querySelectorAll(".select2-search__field")) field.setAttribute("aria-label", words);
  }

  // The field one types into and the list of what is found, which exist while it is open.
  function opened(select) {
    const words = labelOf(select);
    const list = document.querySelector(".select2-container--open .select2-results__options");
    const below = list && list.closest(".select2-container");
    if (!words || !below) return;
    below.setAttribute("role", "region");
    for (const part of [below, list, below.querySelector(".select2-search__field")]) {
      if (part) part.setAttribute("aria-label", words);
    }
    const box = select.nextElementSibling.querySelector("[role=combobox]");
    if (box) box.setAttribute("aria-controls", list.id);
  }

  function everywhere(root) {
    for (const select of root.querySelectorAll("select.select2-hidden-accessible")) nameChoices(select);
  }

  // After a post: to what came of it. The next Tab goes on from there, not from the header.
  function begin() {
    const said = document.querySelector(".errornote, .messagelist");
    if (!said || document.querySelector(".desk-lead[autofocus]")) return;
    said.tabIndex = -1;
    said.focus();
  }

  // The terms that a pledge is offered are those of its person, once they are chosen.
  function ofPerson(asked) {
    const person = document.getElementById("id_person");
    const isOfTerm = /(^|&)model_name=pledge&field_name=term(&|$)/.test(asked.data);
    if (isOfTerm && person && person.value) asked.data += `&person=${encodeURIComponent(person.value)}`;
  }

  window.addEventListener("load", begin);
  const jQuery = window.django && window.django.jQuery;
  if (!jQuery) return;
  // Django makes its autocompletes when jQuery is ready, and asked for that before.
  jQuery(() => everywhere(document));
  jQuery.ajaxPrefilter(ofPerson);
  jQuery(document).on("select2:open", (event) => opened(event.target));
  document.addEventListener("formset:added", (event) => {
    // The autocomplete of a new row is made by another listener of the same event.
    setTimeout(() => everywhere(event.target), 0);
  });
})();
