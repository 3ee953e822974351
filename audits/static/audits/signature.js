// A field to sign in: what is drawn goes as plain numbers into the form, which keeps nothing else.
(() => {
  "use strict";

  const place = document.querySelector("[data-signature]");
  const field = document.querySelector("[name=strokes]");
  if (!place || !field || !window.PointerEvent) return;
  const canvas = place.querySelector("canvas");
  const pen = canvas.getContext("2d");
  let strokes = [];
  let drawing = false;

  const draw = () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    Object.assign(pen, { lineWidth: 3, lineCap: "round", lineJoin: "round", strokeStyle: "#1d2129" });
    for (const stroke of strokes) {
      pen.beginPath();
      stroke.forEach(([x, y], index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      if (stroke.length === 1) pen.lineTo(...stroke[0]);
      pen.stroke();
    }
  };

  const keep = () => {
    field.value = strokes.length ? JSON.stringify(strokes) : "";
  };

  const point = (event) => {
    const box = canvas.getBoundingClientRect();
    const within = (value, most) => Math.min(Math.max(Math.round(value), 0), most);
    return [
      within(((event.clientX - box.left) / box.width) * canvas.width, canvas.width),
      within(((event.clientY - box.top) / box.height) * canvas.height, canvas.height),
    ];
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary) return;
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    strokes.push([point(event)]);
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing || !event.isPrimary) return;
    const stroke = strokes[strokes.length - 1];
    const [x, y] = point(event);
    const [lastX, lastY] = stroke[stroke.length - 1];
    // Points closer than the pen is wide add nothing to be seen.
    if (Math.abs(x - lastX) + Math.abs(y - lastY) < 3) return;
    stroke.push([x, y]);
    draw();
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, () => {
      drawing = false;
      keep();
    });
  }
  place.querySelector("button").addEventListener("click", () => {
    strokes = [];
    keep();
    draw();
  });

  // After a refusal what was drawn is still there.
  try {
    strokes = field.value ? JSON.parse(field.value) : [];
  } catch {
    strokes = [];
  }
  place.hidden = false;
  draw();
})();
