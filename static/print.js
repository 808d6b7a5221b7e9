// "Druk af" opens the browser's own print window. Without script the page says where to find it.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
