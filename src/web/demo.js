// The buttons of the demo page. Calls made before the widget has loaded wait in
// the queue, as on any page.
"use strict";
window.hangat = window.hangat || [];
const line = `<script src="${location.origin}/widget.js" async></script>`;
document.getElementById("line").textContent = line;
document.getElementById("copy").addEventListener("click", async () => {
  const copied = document.getElementById("copied");
  try {
    await navigator.clipboard.writeText(line);
    copied.textContent = "Tersalin.";
  } catch {
    getSelection().selectAllChildren(document.getElementById("line"));
    copied.textContent = "Tekan Ctrl+C untuk menyalin.";
  }
});
document.getElementById("ask").addEventListener("click", () => window.hangat.push(["open"], ["say", "ongkir ke medan berapa kak?"]));
document.getElementById("person").addEventListener("click", () => window.hangat.push(["open"], ["say", "mau bicara dengan orang"]));
