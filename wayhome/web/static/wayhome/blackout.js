// What is made black in a picture is drawn with the pointer and kept as numbers in the field below
// it, which can be typed as well. The picture itself is changed by the server alone.
const percent = (share) => (Math.min(1, Math.max(0, share)) * 100).toFixed(1);

for (const picture of document.querySelectorAll("img[data-blackout]")) {
  const field = document.getElementById(picture.dataset.blackout);
  const canvas = document.createElement("canvas");
  canvas.className = picture.className;
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", picture.alt);
  const pen = canvas.getContext("2d");
  let begun = null;

  const boxes = () =>
    field.value
      .split("\n")
      .map((line) => line.trim().split(/[\s;]+/).map((part) => Number(part.replace(",", ".")) / 100))
      .filter((box) => box.length === 4 && box.every(Number.isFinite));
  const draw = (unfinished) => {
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    for (const [left, top, right, bottom] of unfinished ? [...boxes(), unfinished] : boxes()) {
      pen.fillStyle = "#000";
      pen.fillRect(
        left * canvas.width,
        top * canvas.height,
        (right - left) * canvas.width,
        (bottom - top) * canvas.height,
      );
    }
  };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };
  const between = ([x, y], [u, v]) => [Math.min(x, u), Math.min(y, v), Math.max(x, u), Math.max(y, v)];

  canvas.addEventListener("pointerdown", (event) => {
    begun = at(event);
    canvas.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (begun) draw(between(begun, at(event)));
  });
  canvas.addEventListener("pointerup", (event) => {
    if (!begun) return;
    const box = between(begun, at(event));
    begun = null;
    if (box[2] - box[0] > 0.005 && box[3] - box[1] > 0.005) {
      const line = box.map(percent).join(" ");
      field.value = field.value.trim() ? `${field.value.trim()}\n${line}` : line;
    }
    draw();
  });
  field.addEventListener("input", () => draw());
  const ready = () => {
    picture.replaceWith(canvas);
    draw();
  };
  if (picture.complete && picture.naturalWidth) ready();
  else picture.addEventListener("load", ready);
}
