// What may scroll is a tab stop only while it does; without this script it always is one.
addEventListener("DOMContentLoaded", () => {
  const scrolls = (e) => e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight;
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (scrolls(target)) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  document.querySelectorAll("main [tabindex='0']").forEach((e) => watch.observe(e));
});
